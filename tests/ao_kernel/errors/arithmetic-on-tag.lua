local msg = { Tags = { Quantity = "ten" } }
print(msg.Tags.Quantity * 2)
