Send({ Action = "Ping" })
