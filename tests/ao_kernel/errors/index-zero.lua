local names = { "alice", "bob" }
print("first: " .. names[0])
