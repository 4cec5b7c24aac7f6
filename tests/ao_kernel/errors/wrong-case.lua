handlers.add("ping", "Ping", function (msg) end)
