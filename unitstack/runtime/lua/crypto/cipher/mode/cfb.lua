-- Cipher feedback, whole blocks: the encrypted block before makes the key stream.
local Array = require(".crypto.util.array")
local chaining = require(".crypto.core.chaining")

local function encrypt(cipher, key, block, register)
  local result = Array.XOR(cipher.encrypt(key, register), block)
  return result, result
end

local function decrypt(cipher, key, block, register)
  return Array.XOR(cipher.encrypt(key, register), block), block
end

return { Cipher = chaining(encrypt, true), Decipher = chaining(decrypt, true) }
