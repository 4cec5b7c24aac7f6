local n = string.rep("x")
