-- Cipher block chaining: each block is mixed with the encrypted one before it.
local Array = require(".crypto.util.array")
local chaining = require(".crypto.core.chaining")

local function encrypt(cipher, key, block, register)
  local result = cipher.encrypt(key, Array.XOR(register, block))
  return result, result
end

local function decrypt(cipher, key, block, register)
  return Array.XOR(register, cipher.decrypt(key, block)), block
end

return { Cipher = chaining(encrypt, true), Decipher = chaining(decrypt, true) }
