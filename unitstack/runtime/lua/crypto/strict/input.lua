-- What the strict functions take: strings, lists of bytes or streams, all as strings.
local Array = require(".crypto.util.array")
local drain = require(".crypto.core.drain")

return function(data)
  local kind = type(data)
  if kind == "string" then
    return data
  elseif kind == "table" then
    return Array.toString(data)
  elseif kind == "function" then
    return drain(data)
  end
  error("a string, a list of bytes or a stream expected, got " .. kind, 3)
end
