local name = "alice
print(name)
