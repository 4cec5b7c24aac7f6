-- AES as the field has it: the first 16 bytes of initial vector and data together are the vector, also in ECB, where
-- they are encrypted too; data is padded with zeros in every mode, which decrypting leaves; a result is read once.
local Array = require(".crypto.util.array")
local Stream = require(".crypto.util.stream")
local zero_padding = require(".crypto.padding.zero")

local NO_IV = ("\0"):rep(16)
local CIPHERS = {
  [128] = require(".crypto.cipher.aes128"),
  [192] = require(".crypto.cipher.aes192"),
  [256] = require(".crypto.cipher.aes256"),
}
local MODES = {
  CBC = require(".crypto.cipher.mode.cbc"),
  ECB = require(".crypto.cipher.mode.ecb"),
  CFB = require(".crypto.cipher.mode.cfb"),
  OFB = require(".crypto.cipher.mode.ofb"),
  CTR = require(".crypto.cipher.mode.ctr"),
}

local function run(new, stream, key, iv, bits)
  local mode = new().setKey(Array.fromString(key)).setBlockCipher(CIPHERS[bits] or CIPHERS[128])
  mode.setPadding(zero_padding).init().update(Stream.fromString(iv or NO_IV)).update(stream).finish()
  return { asBytes = mode.asBytes, asHex = mode.asHex, asString = mode.asString }
end

local aes = {}

function aes.encrypt(data, key, iv, mode, bits)
  return run((MODES[mode] or MODES.CBC).Cipher, Stream.fromString(data), key, iv, bits)
end

-- Of hexadecimal text.
function aes.decrypt(cipher, key, iv, mode, bits)
  return run((MODES[mode] or MODES.CBC).Decipher, Stream.fromHex(cipher), key, iv, bits)
end

return aes
