%spawn bob
-- next cell
Send({ Target = "bbo", Action = "Ping" })
