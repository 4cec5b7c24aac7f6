Handlers.add("ping", "Ping", function (msg)
  local n = tonumber(msg.Data)
  msg.reply({ Data = tostring(n + 1) })
end)
-- next cell
Send({ Target = ao.id, Action = "Ping", Data = "three" })
