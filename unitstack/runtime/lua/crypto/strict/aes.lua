-- AES as NIST SP 800-38A has it. CBC and ECB are padded after PKCS #7, and decrypting takes that away; other modes keep
-- the length. Key and initial vector must have their sizes. Results may be read again and again.
local Array = require(".crypto.util.array")
local Hex = require(".crypto.util.hex")
local bytes = require(".crypto.core.bytes")
local input = require(".crypto.strict.input")
local rijndael = require(".crypto.core.rijndael")

local BLOCK = 16
local CIPHERS = { [128] = rijndael(128), [192] = rijndael(192), [256] = rijndael(256) }

local function xor(a, b)
  return Array.toString(Array.XOR(Array.fromString(a), Array.fromString(b)))
end

local function encrypted(cipher, key, block)
  return Array.toString(cipher.encrypt(key, Array.fromString(block)))
end

local function decrypted(cipher, key, block)
  return Array.toString(cipher.decrypt(key, Array.fromString(block)))
end

local function increment(counter)
  local high, low = (">I8I8"):unpack(counter)
  low = low + 1
  return (">I8I8"):pack(low == 0 and high + 1 or high, low)
end

-- A mode's functions take cipher, key, block and register, and answer a block and the next register.
local function ecb_encrypt(cipher, key, block)
  return encrypted(cipher, key, block)
end

local function ecb_decrypt(cipher, key, block)
  return decrypted(cipher, key, block)
end

local function cbc_encrypt(cipher, key, block, register)
  local result = encrypted(cipher, key, xor(block, register))
  return result, result
end

local function cbc_decrypt(cipher, key, block, register)
  return xor(decrypted(cipher, key, block), register), block
end

local function cfb_encrypt(cipher, key, block, register)
  local result = xor(block, encrypted(cipher, key, register))
  return result, result
end

local function cfb_decrypt(cipher, key, block, register)
  return xor(block, encrypted(cipher, key, register)), block
end

local function ofb(cipher, key, block, register)
  local stream = encrypted(cipher, key, register)
  return xor(block, stream), stream
end

local function ctr(cipher, key, block, register)
  return xor(block, encrypted(cipher, key, register)), increment(register)
end

local MODES = {
  ECB = { encrypt = ecb_encrypt, decrypt = ecb_decrypt, padded = true, no_iv = true },
  CBC = { encrypt = cbc_encrypt, decrypt = cbc_decrypt, padded = true },
  CFB = { encrypt = cfb_encrypt, decrypt = cfb_decrypt },
  OFB = { encrypt = ofb, decrypt = ofb },
  CTR = { encrypt = ctr, decrypt = ctr },
}

local function run(step, cipher, key, text, register)
  local parts = {}
  for at = 1, #text, BLOCK do
    parts[#parts + 1], register = step(cipher, key, text:sub(at, at + BLOCK - 1), register)
  end
  return table.concat(parts)
end

local function check(condition, ...)
  if not condition then
    error(string.format(...), 4)
  end
end

local function settings(key, iv, mode, bits)
  mode, bits = mode or "CBC", bits or 128
  local kind, cipher, key_text = MODES[mode], CIPHERS[bits], input(key)
  check(kind, "aes: no mode is called %s; CBC, ECB, CFB, OFB and CTR are", tostring(mode))
  check(cipher, "aes: keys have 128, 192 or 256 bits, not %s", tostring(bits))
  check(#key_text * 8 == bits, "aes: a key of %d bits has %d bytes, got %d", bits, bits // 8, #key_text)
  iv = iv and input(iv) or ("\0"):rep(BLOCK)
  check(kind.no_iv or #iv == BLOCK, "aes: an initial vector has 16 bytes, got %d", #iv)
  return kind, cipher, Array.fromString(key_text), iv
end

local function pad(text)
  local count = BLOCK - #text % BLOCK
  return text .. string.char(count):rep(count)
end

local function unpad(text)
  local count = text:byte(-1) or 0
  local fits = count >= 1 and count <= BLOCK and text:sub(-count) == string.char(count):rep(count)
  check(fits, "aes: the padding does not fit: another key, or changed data")
  return text:sub(1, -count - 1)
end

local aes = {}

function aes.encrypt(data, key, iv, mode, bits)
  local kind, cipher, key_bytes, register = settings(key, iv, mode, bits)
  local text = input(data)
  return bytes(run(kind.encrypt, cipher, key_bytes, kind.padded and pad(text) or text, register))
end

-- Of hexadecimal text.
function aes.decrypt(crypted, key, iv, mode, bits)
  local kind, cipher, key_bytes, register = settings(key, iv, mode, bits)
  local text = Hex.hexToString(crypted)
  check(not kind.padded or #text % BLOCK == 0, "aes: %d bytes are no whole blocks of 16", #text)
  local plain = run(kind.decrypt, cipher, key_bytes, text, register)
  return bytes(kind.padded and unpad(plain) or plain)
end

return aes
