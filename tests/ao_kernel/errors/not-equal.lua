local n = 3
if n != 4 then print(n) end
