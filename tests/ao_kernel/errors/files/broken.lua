local prices = require("lib.prices")

local bill = prices.total({ "apple", "plum" })
print(bill)
