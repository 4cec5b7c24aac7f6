-- The handler that evaluates a message's Data as Lua.
local stringify = require(".stringify")

-- The chunk as an expression, or else as statements. Errors name it: `aos`, unless the message gives it a name of its
-- own, by which its sender knows later which text an error's line is of.
local function compile(expr, name)
  local chunk, err = load("return " .. expr, name, "t", _G)
  if not chunk then
    chunk, err = load(expr, name, "t", _G)
  end
  return chunk, err
end

local function name_of(msg)
  local name = msg.Tags and msg.Tags["Chunk-Name"]
  return type(name) == "string" and name or "aos"
end

-- The text of what was returned stands among what was printed, and apart: consoles tell the two from one another.
local function show(ao, output)
  local text = type(output) == "table" and stringify.format(output) or tostring(output)
  if HANDLER_PRINT_LOGS then
    table.insert(HANDLER_PRINT_LOGS, text)
  end
  ao.outbox.Values = { text }
end

return function(ao)
  return function(msg)
    local chunk, err = compile(msg.Data, name_of(msg))
    if not chunk then
      ao.outbox.Error = err
      return
    end
    local output, failure = chunk()
    if failure then
      -- A second value is the error, of whatever type.
      ao.outbox.Error = failure
    elseif output then
      show(ao, output)
    end
  end
end
