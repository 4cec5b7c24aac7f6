-- Counter: the key stream is a counter encrypted. Only its last eight bytes count, as in the field.
local Array = require(".crypto.util.array")
local chaining = require(".crypto.core.chaining")

local FIRST, LAST = 9, 16

local function increment(counter)
  local next_one = Array.copy(counter)
  for i = LAST, FIRST, -1 do
    next_one[i] = (next_one[i] + 1) & 0xFF
    if next_one[i] ~= 0 then
      break
    end
  end
  return next_one
end

local function step(cipher, key, block, register)
  return Array.XOR(cipher.encrypt(key, register), block), increment(register)
end

return { Cipher = chaining(step, true), Decipher = chaining(step, true) }
