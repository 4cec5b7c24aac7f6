local name = "alice"
print(name.upper())
