-- The digests as their standards have them, of strings, lists of bytes or streams.
local Stream = require(".crypto.util.stream")
local blake2b = require(".crypto.core.blake2b")
local bytes = require(".crypto.core.bytes")
local field = require(".crypto.digest.init")
local input = require(".crypto.strict.input")
local keccak = require(".crypto.core.keccak")
local sha512 = require(".crypto.core.sha512")

local SHA512_BLOCK, SHA512_ENDING = 128, 17
local BLAKE_BLOCK, BLAKE_LONGEST = 128, 64
local SHA3, KECCAK = 0x06, 0x01

-- Where the field keeps to the standard.
local function as_the_field(digest)
  return function(data)
    return bytes(digest(Stream.fromString(input(data))).asString())
  end
end

local function sha2_512(data)
  local text = input(data)
  local zeros = -(#text + SHA512_ENDING) % SHA512_BLOCK
  local words = sha512(text .. "\x80" .. ("\0"):rep(zeros) .. (">I8I8"):pack(0, #text * 8))
  return bytes((">" .. ("I8"):rep(8)):pack(table.unpack(words)))
end

local function padded(text, rate, suffix)
  local zeros = rate - #text % rate - 2
  if zeros < 0 then
    return text .. string.char(suffix | 0x80)
  end
  return text .. string.char(suffix) .. ("\0"):rep(zeros) .. "\x80"
end

local function sponge(rate, size, suffix)
  return function(data)
    return bytes(keccak(padded(input(data), rate, suffix), rate, size))
  end
end

-- Fails on sizes that BLAKE2b does not have.
local function blake2b_of(data, size, key)
  local text = input(data)
  size, key = size or BLAKE_LONGEST, key and input(key) or ""
  if size < 1 or size > BLAKE_LONGEST or #key > BLAKE_LONGEST then
    error(("blake2b: a digest of %d bytes and a key of %d, 1 to 64 and 0 to 64 are allowed"):format(size, #key), 2)
  end
  text = #key > 0 and key .. ("\0"):rep(BLAKE_BLOCK - #key) .. text or text
  local in_last = #text > 0 and (#text - 1) % BLAKE_BLOCK + 1 or 0
  return bytes(blake2b(text, in_last, size, #key))
end

return {
  _version = field._version,
  md2 = as_the_field(field.md2),
  md4 = as_the_field(field.md4),
  md5 = as_the_field(field.md5),
  sha1 = as_the_field(field.sha1),
  sha2_256 = as_the_field(field.sha2_256),
  sha2_512 = sha2_512,
  sha3_256 = sponge(136, 32, SHA3),
  sha3_512 = sponge(72, 64, SHA3),
  keccak256 = sponge(136, 32, KECCAK),
  keccak512 = sponge(72, 64, KECCAK),
  blake2b = blake2b_of,
}
