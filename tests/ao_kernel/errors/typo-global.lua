Balances = { alice = 10 }
print(Balnces.alice)
