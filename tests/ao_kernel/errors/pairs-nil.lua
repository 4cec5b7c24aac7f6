for name, amount in pairs(Accounts) do print(name, amount) end
