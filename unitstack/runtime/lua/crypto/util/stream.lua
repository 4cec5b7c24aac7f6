-- Streams of bytes: functions that give the next byte, or nil at the end.
local Array = require(".crypto.util.array")
local drain = require(".crypto.core.drain")

local Stream = {}

function Stream.fromString(text)
  local at = 0
  return function()
    at = at + 1
    return text:byte(at)
  end
end

function Stream.toString(stream)
  return drain(stream)
end

function Stream.fromArray(array)
  return Array.toStream(array)
end

function Stream.toArray(stream)
  return Array.fromStream(stream)
end

function Stream.fromHex(hex)
  return Array.toStream(Array.fromHex(hex))
end

function Stream.toHex(stream)
  return Array.toHex(Array.fromStream(stream))
end

return Stream
