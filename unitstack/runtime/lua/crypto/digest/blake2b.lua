-- BLAKE2b of a string as the field computes it: a full last block is not marked as the last, an empty one follows it,
-- and hashes on chain depend on that. The standard's own is `.crypto.strict`'s.
local Hex = require(".crypto.util.hex")
local blake2b = require(".crypto.core.blake2b")

local BLOCK, LONGEST = 128, 64

-- Nil and a reason for sizes that BLAKE2b does not have.
return function(data, size, key)
  size, key = size or LONGEST, key or ""
  if size < 1 or size > LONGEST or #key > LONGEST then
    return nil, "illegal parameters"
  end
  local text = #key > 0 and key .. ("\0"):rep(BLOCK - #key) .. data or data
  local hash = blake2b(text, #text % BLOCK, size, #key)
  local result = {}

  -- Strings of one character.
  function result.asBytes()
    local chars = {}
    for i = 1, #hash do
      chars[i] = hash:sub(i, i)
    end
    return chars
  end

  function result.asHex()
    return Hex.stringToHex(hash)
  end

  function result.asString()
    return hash
  end

  return result
end
