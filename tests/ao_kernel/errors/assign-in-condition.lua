local n = 3
if n = 3 then
  print("three")
end
