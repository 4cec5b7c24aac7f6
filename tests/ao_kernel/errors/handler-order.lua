Handlers.add("ping", function (msg) msg.reply({ Data = "pong" }) end, "Ping")
-- next cell
Send({ Target = ao.id, Action = "Ping" })
