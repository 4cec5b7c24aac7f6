Balances = { alice = 10 }
Handlers.add("transfer", "Transfer", function (msg)
  Balances.alice = Balances.alice - msg.Tags.Quantity
end)
-- next cell
Send({ Target = ao.id, Action = "Transfer" })
