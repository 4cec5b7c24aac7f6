local prices = { apple = 2, pear = 3 }

function prices.of(fruit)
  return prices[fruit]
end

function prices.total(list)
  local sum = 0
  for _, fruit in ipairs(list) do
    local each = prices.of(fruit)
    sum = sum + each
  end
  return sum
end

return prices
