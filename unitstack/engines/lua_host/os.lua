-- `os` without a host: no shell, no files, no environment, and a clock that each process finds at the same time.
local host = ...

local type, error, tostring, tonumber, tointeger = type, error, tostring, tonumber, math.tointeger
local date, format, sub = os.date, string.format, string.sub
local state, expect = host.state, host.expect

local CLOCK = 10 -- ao's loaders start the clock ten seconds after 1970

os.clock = function() return state.gas / 1e8 end
os.getenv = function() return nil end
os.setlocale = function(locale)
  if locale == nil or locale == "" or locale == "C" or locale == "POSIX" then return "C" end
  return nil
end
os.execute = function(command)
  if command == nil then return false end
  return nil, "exit", 127
end
os.exit = function() error("os.exit: a process does not end", 2) end
os.tmpname = function() error("unable to generate a unique filename", 2) end
os.remove = function(name) return nil, tostring(name) .. ": No error information", 44 end
os.rename = os.remove

os.date = function(layout, seconds)
  if layout == nil then layout = "%c" end
  if type(layout) == "string" and sub(layout, 1, 1) ~= "!" then layout = "!" .. layout end
  return date(layout, seconds or CLOCK)
end

local function field(t, name, default)
  local value = t[name]
  if value == nil then
    if default then return default end
    error(format("field '%s' missing in date table", name), 3)
  end
  local whole = tointeger(tonumber(value))
  if not whole then error(format("field '%s' is not an integer", name), 3) end
  return whole
end

local function days_since_1970(year, month, day)
  local months = year * 12 + month - 3 -- counted from March, so that a leap day ends its year
  local y, m = months // 12, months % 12
  return 365 * y + y // 4 - y // 100 + y // 400 + (153 * m + 2) // 5 + day - 719469
end

os.time = function(t)
  if t == nil then return CLOCK end
  expect(1, "time", "table", t)
  local second, minute, hour = field(t, "sec", 0), field(t, "min", 0), field(t, "hour", 12)
  local day, month, year = field(t, "day"), field(t, "month"), field(t, "year")
  return days_since_1970(year, month, day) * 86400 + hour * 3600 + minute * 60 + second
end
