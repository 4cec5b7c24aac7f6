-- Small functions over tables that aos gives programs as `Utils`, the pattern language of handlers, and the
-- Title-Case of names.
local compat = require(".compat")

local utils = { _version = "0.0.5" }

local lower, find, match = string.lower, string.find, string.match
local MAGIC = "[%^%$%(%)%%%.%[%]%*%+%?]"
local TITLES_KEPT = 1000

-- Anything but a table whose keys are exactly 1 to n is no array here; the empty table is one.
local function is_array(value)
  if type(value) ~= "table" then
    return false
  end
  local highest = 0
  for key in pairs(value) do
    if math.type(key) ~= "integer" or key < 1 then
      return false
    end
    highest = math.max(highest, key)
  end
  return highest == #value
end

local titles, titles_kept = {}, 0

local function title(name)
  local text = lower((name:gsub("_", "-")))
  text = text:gsub("^%l", string.upper)
  return (text:gsub("%-%l", string.upper))
end

-- The Title-Case of a name; what is no string stays as it is. Names repeat from message to message: answers are kept.
function utils.normalize(name)
  if type(name) ~= "string" then
    return name
  end
  local known = titles[name]
  if known then
    return known
  end
  if titles_kept >= TITLES_KEPT then
    titles, titles_kept = {}, 0
  end
  local text = title(name)
  titles[name], titles_kept = text, titles_kept + 1
  return text
end

local function matches_string(pattern, value)
  local text = lower(value or "")
  if find(pattern, MAGIC) then
    return match(text, lower(pattern)) ~= nil
  end
  return text == lower(pattern)
end

-- Whether one field's value is as the pattern says.
function utils.matchesPattern(pattern, value, msg)
  local kind = type(pattern)
  if kind == "string" then
    return pattern == "_" or matches_string(pattern, value)
  elseif kind == "function" then
    return pattern(value, msg) and true or false
  elseif kind == "table" then
    for _, one in pairs(pattern) do
      if utils.matchesPattern(one, value, msg) then
        return true
      end
    end
  end
  return false
end

local function matches_fields(msg, spec)
  local tags = msg.Tags
  for key, pattern in pairs(spec) do
    local value, tag = msg[key], tags and tags[key]
    if not value and not tag then
      return false
    end
    if not utils.matchesPattern(pattern, value, msg) and not utils.matchesPattern(pattern, tag, msg) then
      return false
    end
  end
  return true
end

-- Whether a message is as the spec says: an action, a table of field patterns, or a function whose word is passed on.
function utils.matchesSpec(msg, spec)
  local kind = type(spec)
  if kind == "function" then
    return spec(msg)
  elseif kind == "table" then
    return matches_fields(msg, spec)
  elseif kind == "string" then
    return msg.Action == spec
  end
  return false
end

local function join(first, second)
  local all = table.move(first, 1, first.n, 1, {})
  return table.move(second, 1, second.n, first.n + 1, all), first.n + second.n
end

-- `fn` as a function that waits until it has been given `arity` arguments.
function utils.curry(fn, arity)
  assert(type(fn) == "function", "function is required as first argument")
  arity = arity or debug.getinfo(fn, "u").nparams
  if arity < 2 then
    return fn
  end
  return function(...)
    local given = table.pack(...)
    if given.n >= arity then
      return fn(...)
    end
    local function rest(...)
      if compat.truncated_currying then
        return fn(given[1], ...)
      end
      local all, count = join(given, table.pack(...))
      return fn(table.unpack(all, 1, count))
    end
    return utils.curry(rest, arity - given.n)
  end
end

utils.concat = utils.curry(function(first, second)
  assert(type(first) == "table", "first argument should be a table that is an array")
  assert(type(second) == "table", "second argument should be a table that is an array")
  assert(is_array(first), "first argument should be a table")
  assert(is_array(second), "second argument should be a table")
  local result = table.move(first, 1, #first, 1, {})
  return table.move(second, 1, #second, #result + 1, result)
end, 2)

utils.reduce = utils.curry(function(fn, initial, list)
  assert(type(fn) == "function", "first argument should be a function that accepts (result, value, key)")
  assert(type(list) == "table", "third argument should be a table that is an array")
  assert(is_array(list), "third argument should be a table that is an array")
  local result = initial
  for key, value in ipairs(list) do
    if result == nil then
      result = value
    else
      result = fn(result, value, key)
    end
  end
  return result
end, 3)

utils.map = utils.curry(function(fn, list)
  assert(type(fn) == "function", "first argument should be a unary function")
  assert(is_array(list), "second argument should be an Array")
  local result = {}
  for key, value in ipairs(list) do
    result[#result + 1] = fn(value, key)
  end
  return result
end, 2)

utils.filter = utils.curry(function(fn, list)
  assert(type(fn) == "function", "first argument should be a unary function")
  assert(is_array(list), "second argument should be an Array")
  local result = {}
  for _, value in ipairs(list) do
    if fn(value) then
      result[#result + 1] = value
    end
  end
  return result
end, 2)

utils.find = utils.curry(function(fn, list)
  assert(type(fn) == "function", "first argument should be a unary function")
  assert(type(list) == "table", "second argument should be a table that is an array")
  for _, value in pairs(list) do
    if fn(value) then
      return value
    end
  end
end, 2)

utils.propEq = utils.curry(function(name, value, object)
  assert(type(name) == "string", "first argument should be a string")
  assert(type(value) == "string", "second argument should be a string")
  assert(type(object) == "table", "third argument should be a table<object>")
  return object[name] == value
end, 3)

utils.prop = utils.curry(function(name, object)
  return object[name]
end, 2)

utils.includes = utils.curry(function(value, list)
  assert(type(list) == "table", "argument needs to be a table")
  assert(is_array(list), "argument should be a table that is an array")
  for _, one in ipairs(list) do
    if one == value then
      return true
    end
  end
  return false
end, 2)

-- Right to left; the result takes a single value.
utils.compose = utils.curry(function(...)
  local steps = table.pack(...)
  return function(value)
    for i = steps.n, 1, -1 do
      assert(type(steps[i]) == "function", "each argument needs to be a function")
      value = steps[i](value)
    end
    return value
  end
end, 2)

function utils.reverse(list)
  assert(type(list) == "table", "argument needs to be a table that is an array")
  assert(is_array(list), "argument needs to be a table that is an array")
  local result = {}
  for i = #list, 1, -1 do
    result[#result + 1] = list[i]
  end
  return result
end

function utils.keys(object)
  assert(type(object) == "table", "argument needs to be a table")
  local result = {}
  for key in pairs(object) do
    result[#result + 1] = key
  end
  return result
end

function utils.values(object)
  assert(type(object) == "table", "argument needs to be a table")
  local result = {}
  for _, value in pairs(object) do
    result[#result + 1] = value
  end
  return result
end

function utils.capitalize(text)
  return text:sub(1, 1):upper() .. text:sub(2):lower()
end

return utils
