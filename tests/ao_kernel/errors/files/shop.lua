local prices = require("lib.prices")

function price(fruit, count)
  local each = prices.of(fruit)
  return each * count
end
