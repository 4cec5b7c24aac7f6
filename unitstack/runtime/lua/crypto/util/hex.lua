-- Hexadecimal text of strings.
local Hex = {}

local function digits(char)
  return ("%02x"):format(char:byte())
end

local function with_breaks(text, line, separator)
  local parts = {}
  for i = 1, #text do
    local between = i == #text and "" or i % line == 0 and "\n" or separator
    parts[i] = digits(text:sub(i, i)) .. between
  end
  return table.concat(parts)
end

-- Lower case. With `line`, a line break after so many bytes, and the separator between the others.
function Hex.stringToHex(text, line, separator)
  if line then
    return with_breaks(text, line, separator or "")
  end
  return (text:gsub(".", digits))
end

-- Spaces are passed over; anything else that is no letter or digit fails, and so does half a byte. `unsafe` text is
-- not looked at, and what in it is no pair of digits stays.
function Hex.hexToString(text, unsafe)
  if not unsafe then
    text = text:gsub("%s+", "")
    if text:find("[^%w]") or #text % 2 ~= 0 then
      error("invalid hex string")
    end
  end
  return (text:gsub("%x%x", function(pair)
    return string.char(tonumber(pair, 16))
  end))
end

return Hex
