-- HMAC: `HMAC()` to set up step by step, and `hmac` as the field computes it, over blocks of 32 bytes where RFC 2104
-- has 64. `.crypto.strict` has the standard's.
local Stream = require(".crypto.util.stream")
local SHA1 = require(".crypto.digest.sha1").SHA1
local SHA2_256 = require(".crypto.digest.sha2_256").SHA2_256

local FIELD_BLOCK, STANDARD_BLOCK = 32, 64
local DIGESTS = { sha1 = SHA1, sha256 = SHA2_256 }

-- The constructor of a digest by the name that programs give it. SHA-1 without a name.
local function digest_named(name)
  local digest = DIGESTS[name == nil and "sha1" or name]
  if not digest then
    error("Unsupported algorithm: " .. tostring(name), 3)
  end
  return digest
end

local function padding(key, size, mask)
  local bytes = {}
  for i = 1, size do
    bytes[i] = (key[i] or 0) ~ mask
  end
  return bytes
end

local function HMAC()
  local block_size = STANDARD_BLOCK
  local new, digest, inner, outer
  local mac = {}

  function mac.setBlockSize(size)
    block_size = size
    return mac
  end

  function mac.setDigest(constructor)
    new, digest = constructor, constructor()
    return mac
  end

  function mac.setKey(key)
    if not new then
      error("Digest not set", 2)
    end
    if #key > block_size then
      key = new().update(Stream.fromArray(key)).finish().asBytes()
    end
    inner, outer = padding(key, block_size, 0x36), padding(key, block_size, 0x5C)
    return mac
  end

  function mac.init()
    digest.init().update(Stream.fromArray(inner))
    return mac
  end

  function mac.update(stream)
    digest.update(stream)
    return mac
  end

  function mac.finish()
    local hash = digest.finish().asBytes()
    digest.init().update(Stream.fromArray(outer)).update(Stream.fromArray(hash)).finish()
    return mac
  end

  function mac.asBytes()
    return digest.asBytes()
  end

  function mac.asHex()
    return digest.asHex()
  end

  function mac.asString()
    return digest.asString()
  end

  return mac
end

local function hmac(stream, key, algorithm)
  return HMAC().setBlockSize(FIELD_BLOCK).setDigest(digest_named(algorithm)).setKey(key).init().update(stream).finish()
end

return { hmac = hmac, HMAC = HMAC, digest_named = digest_named }
