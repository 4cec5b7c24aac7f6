-- SHA-512 of a string as the field computes it: of lengths that are 112 to 118 modulo 128 it differs from the standard,
-- and hashes on chain depend on that. The standard's own is `.crypto.strict`'s.
local Hex = require(".crypto.util.hex")
local sha512 = require(".crypto.core.sha512")

local BLOCK, ENDING = 128, 9 -- the ending is a bit, in a byte, and a length of 8 bytes where the standard has 16
local OUTPUT = ">" .. ("I8"):rep(8)

local function padded(text)
  local zeros = BLOCK - (#text + ENDING) % BLOCK
  return text .. "\x80" .. ("\0"):rep(zeros) .. (">I8"):pack(#text * 8)
end

return function(text)
  local words = sha512(padded(text))
  local result = {}

  -- Words of 64 bits, with their sign.
  function result.asBytes()
    return { table.unpack(words) }
  end

  function result.asString()
    return OUTPUT:pack(table.unpack(words))
  end

  function result.asHex()
    return Hex.stringToHex(result.asString())
  end

  return result
end
