function half(x)
  return x / 2

print(half(4))
