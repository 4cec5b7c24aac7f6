-- Ready-made patterns and handlers, as `Handlers.utils`.
local compat = require(".compat")
local utils = require(".utils")

local handlers_utils = { _version = "0.0.2" }

function handlers_utils.hasMatchingTag(name, value)
  assert(type(name) == "string" and type(value) == "string", "invalid arguments: (name : string, value : string)")
  return function(msg)
    return msg.Tags[name] == value
  end
end

-- The pattern gives true for any of the values, 0 for none.
function handlers_utils.hasMatchingTagOf(name, values)
  assert(type(name) == "string" and type(values) == "table", "invalid arguments: (name : string, values : string[])")
  return function(msg)
    for _, value in ipairs(values) do
      if msg.Tags[name] == value then
        return true
      end
    end
    return 0
  end
end

function handlers_utils.hasMatchingData(value)
  assert(type(value) == "string", "invalid arguments: (value : string)")
  return function(msg)
    return msg.Data == value
  end
end

local function copy(tbl)
  local result = {}
  for key, value in pairs(tbl) do
    result[key] = value
  end
  return result
end

function handlers_utils.reply(input)
  assert(type(input) == "table" or type(input) == "string", "invalid arguments: (input : table or string)")
  return function(msg)
    if type(input) == "string" then
      msg.reply({ Data = input })
    else
      -- `reply` writes the target into what it is given.
      msg.reply(compat.sticky_replies and input or copy(input))
    end
  end
end

-- The same pattern, but the walk goes on to the next handler where it matches.
function handlers_utils.continue(pattern)
  return function(msg)
    local match = utils.matchesSpec(msg, pattern)
    if not match or match == 0 or match == "skip" then
      return match
    end
    return 1
  end
end

return handlers_utils
