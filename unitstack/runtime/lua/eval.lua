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
  local rich = package.loaded[".display"]
  local is_rich = rich and rich.is(output)
  local text = type(output) == "table" and not is_rich and stringify.format(output) or tostring(output)
  if is_rich then
    rich.note("result", output)
  end
  if HANDLER_PRINT_LOGS then
    table.insert(HANDLER_PRINT_LOGS, text)
  end
  ao.outbox.Values = { text }
end

-- A chunk may read what its message brings along as standard input. Where it fails the process goes back, and `io` too.
local function run(chunk, msg)
  local input = msg.Tags and msg.Tags["Standard-Input"]
  if type(input) ~= "string" or type(io) ~= "table" then
    return chunk()
  end
  local read, lines = io.read, io.lines
  io.read, io.lines = require(".input")(input)
  local output, failure = chunk()
  io.read, io.lines = read, lines
  return output, failure
end

return function(ao)
  return function(msg)
    local chunk, err = compile(msg.Data, name_of(msg))
    if not chunk then
      ao.outbox.Error = err
      return
    end
    local output, failure = run(chunk, msg)
    if failure then
      -- A second value is the error, of whatever type.
      ao.outbox.Error = failure
    elseif output then
      show(ao, output)
    end
  end
end
