-- PBKDF2 (RFC 8018): `PBKDF2()` to set up step by step, and `pbkdf2` over lists of bytes with the standard's HMAC.
local Array = require(".crypto.util.array")
local Stream = require(".crypto.util.stream")
local mac = require(".crypto.mac.hmac")

local function PBKDF2()
  local block_size, key_size, iterations = 16, 256, 4096
  local salt, password, prf, key
  local kdf = {}

  function kdf.setBlockLen(size)
    block_size = size
    return kdf
  end

  function kdf.setDKeyLen(size)
    key_size = size
    return kdf
  end

  function kdf.setIterations(count)
    iterations = count
    return kdf
  end

  function kdf.setSalt(bytes)
    salt = bytes
    return kdf
  end

  function kdf.setPassword(bytes)
    password = bytes
    return kdf
  end

  function kdf.setPRF(function_of_key)
    prf = function_of_key
    return kdf
  end

  local function round(bytes)
    return prf.init().update(Stream.fromArray(bytes)).finish().asBytes()
  end

  local function block(number)
    local last = round(Array.concat(salt, Array.fromString((">I4"):pack(number))))
    local sum = last
    for _ = 2, iterations do
      last = round(last)
      sum = Array.XOR(sum, last)
    end
    return sum
  end

  function kdf.finish()
    key = {}
    prf.setKey(password)
    for number = 1, math.ceil(key_size / block_size) do
      if #key < key_size then
        key = Array.concat(key, block(number))
      end
    end
    key = Array.truncate(key, key_size)
    return kdf
  end

  function kdf.asBytes()
    return key
  end

  function kdf.asHex()
    return Array.toHex(key)
  end

  function kdf.asString()
    return Array.toString(key)
  end

  return kdf
end

local function pbkdf2(password, salt, iterations, key_size, digest)
  local prf = mac.HMAC().setDigest(mac.digest_named(digest))
  local kdf = PBKDF2().setPRF(prf).setDKeyLen(key_size).setIterations(iterations)
  return kdf.setSalt(salt).setPassword(password).finish()
end

return { PBKDF2 = PBKDF2, pbkdf2 = pbkdf2 }
