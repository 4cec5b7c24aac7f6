%spawn shop
Stock = { apple = 3 }
function take(fruit, count)
  Stock[fruit] = Stock[fruit] - count
end
Handlers.add("buy", "Buy", function (msg)
  print("selling " .. msg.Data)
  take(msg.Data, 1)
end)
-- next cell
%spawn customer
-- next cell
Send({ Target = "shop", Action = "Buy", Data = "pear" })
