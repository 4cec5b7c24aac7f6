-- Bytes as an answer: `asBytes`, `asHex` and `asString` of one text.
local Array = require(".crypto.util.array")
local Hex = require(".crypto.util.hex")

local function bytes(text)
  return {
    asBytes = function()
      return Array.fromString(text)
    end,
    asHex = function()
      return Hex.stringToHex(text)
    end,
    asString = function()
      return text
    end,
  }
end

return bytes
