Count = Count or 0

Handlers.add("add", "Add", function (msg)
  local amount = tonumber(msg.Quantity)
  assert(amount, "no amount: " .. tostring(msg.Quantity))
  Count = Count + amount
  msg.reply({ Action = "Added", Data = tostring(Count) })
end)
