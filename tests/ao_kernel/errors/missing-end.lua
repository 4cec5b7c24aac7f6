function double(x)
  if x then
    return 2 * x
end
print(double(4))
