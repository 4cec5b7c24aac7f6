function total(list)
  local sum = 0
  for _, each in ipairs(list) do
    sum = sum + each.amount
  end
  return sum
end
-- next cell
print("adding up")
local list = { { amount = 1 }, { amout = 2 } }
print(total(list))
