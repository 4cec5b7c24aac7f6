local ledger
function balance(name)
  return ledger[name]
end
print(balance("alice"))
