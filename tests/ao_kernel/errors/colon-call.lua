local names = { "alice" }
names:insert("bob")
