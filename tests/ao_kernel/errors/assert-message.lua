local quantity = tonumber("ten")
assert(quantity, "Quantity must be a number")
