-- All bytes that a stream has left, as text. A stream is a function that gives the next byte, or nil at its end.
local char, concat, unpack = string.char, table.concat, table.unpack

local CHUNK = 200 -- few enough for one call's arguments

local function drain(stream)
  local parts, bytes, count = {}, {}, 0
  for byte in stream do
    count = count + 1
    bytes[count] = byte
    if count == CHUNK then
      parts[#parts + 1] = char(unpack(bytes, 1, CHUNK))
      count = 0
    end
  end
  parts[#parts + 1] = char(unpack(bytes, 1, count))
  return concat(parts)
end

return drain
