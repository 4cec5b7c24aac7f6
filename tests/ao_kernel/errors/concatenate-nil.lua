local total = nil
print("counting")
print("total: " .. total)
