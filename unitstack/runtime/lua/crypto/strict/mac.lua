-- HMAC as RFC 2104 has it, of strings, lists of bytes or streams.
local Array = require(".crypto.util.array")
local Stream = require(".crypto.util.stream")
local bytes = require(".crypto.core.bytes")
local hmac = require(".crypto.mac.hmac")
local input = require(".crypto.strict.input")

local function createHmac(data, key, algorithm)
  local mac = hmac.HMAC().setDigest(hmac.digest_named(algorithm)).setKey(Array.fromString(input(key))).init()
  return bytes(mac.update(Stream.fromString(input(data))).finish().asString())
end

return { _version = "0.0.1", createHmac = createHmac }
