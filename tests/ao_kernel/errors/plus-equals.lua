Count = 0
Count += 1
