Handlers.add("big", function (msg) return msg.Quantity > 10 end, function (msg) end)
-- next cell
Send({ Target = ao.id, Action = "Any" })
