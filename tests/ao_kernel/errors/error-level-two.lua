function withdraw(amount)
  if type(amount) ~= "number" then error("amount must be a number", 2) end
end
-- next cell
local wanted = "ten"
withdraw(wanted)
