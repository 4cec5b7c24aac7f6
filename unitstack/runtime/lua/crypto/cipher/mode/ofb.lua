-- Output feedback: the key stream feeds itself.
local Array = require(".crypto.util.array")
local chaining = require(".crypto.core.chaining")

local function step(cipher, key, block, register)
  local stream = cipher.encrypt(key, register)
  return Array.XOR(stream, block), stream
end

return { Cipher = chaining(step, true), Decipher = chaining(step, true) }
