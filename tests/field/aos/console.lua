-- Teaches a process the console's own way to ask, which is older than ao's Eval: the Lua is in the tag `expression`, and
-- what is to be shown in the result's `Output.data.output`.
local asked

local function evaluated(source)
  local chunk, err = load("return " .. source)
  if not chunk then
    chunk, err = load(source)
  end
  if not chunk then
    return err
  end
  local _, value = pcall(chunk)
  return tostring(value)
end

Handlers.prepend(
  "console",
  function(msg)
    return msg.Owner == Owner and (msg.Tags["function"] or msg.Tags.Function) == "eval"
  end,
  function(msg)
    asked = evaluated(msg.Tags.expression or msg.Tags.Expression)
  end
)

local result = ao.result
ao.result = function(given)
  local told = result(given)
  if asked and not told.Error then
    told.Output = { data = { output = asked, prompt = "aos" } }
  end
  asked = nil
  return told
end
