%spawn bob
-- next cell
Send({ Target = bob, Action = "Ping" })
