-- Electronic codebook: each block for itself.
local chaining = require(".crypto.core.chaining")

local function encrypt(cipher, key, block)
  return cipher.encrypt(key, block)
end

local function decrypt(cipher, key, block)
  return cipher.decrypt(key, block)
end

return { Cipher = chaining(encrypt, false), Decipher = chaining(decrypt, false) }
