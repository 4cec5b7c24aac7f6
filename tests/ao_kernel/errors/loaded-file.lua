%load shop.lua
-- next cell
print(price("apple", "two"))
