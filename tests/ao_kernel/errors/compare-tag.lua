local quantity = "10"
if quantity > 5 then print("enough") end
