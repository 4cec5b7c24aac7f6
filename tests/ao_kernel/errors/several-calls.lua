function inner(list) return #list.items end
function middle(list)
  local n = inner(list)
  return n
end
function outer(list)
  local n = middle(list)
  return n
end
-- next cell
local one = outer({})
print(one)
