-- A result as JSON text. Access is raw: no program runs here. What JSON cannot say is refused by name.
local host = ...

local next, type, error, rawget, find, gsub = next, type, error, rawget, string.find, string.gsub
local format, concat, math_type = string.format, table.concat, math.type
local tostring, rawlen = tostring, rawlen
local ordered = host.ordered

local DEPTH = 400
local ESCAPES = { ['"'] = '\\"', ["\\"] = "\\\\" }

local encode

-- Control characters stay as they are: the reader on the other side takes them.
local function text_of(s)
  if find(s, '["\\]') then s = gsub(s, '["\\]', ESCAPES) end
  return '"' .. s .. '"'
end

-- Integers are exact; other numbers have the digits that Lua itself shows, as in aos.
local function number_of(n)
  if math_type(n) == "integer" then return tostring(n) end
  if n ~= n or n == 1 / 0 or n == -1 / 0 then error("the number " .. tostring(n) .. " cannot be written as JSON", 0) end
  if n % 1 == 0 and n > -1e15 and n < 1e15 then return format("%d", n) end
  return format("%.14g", n)
end

local function array_of(t, out, open)
  local size, count = rawlen(t), 0
  for key in next, t do
    count = count + 1
    if math_type(key) ~= "integer" then
      error("a table with both a list part and named keys cannot be written as JSON", 0)
    end
  end
  if count ~= size then error("a list with holes cannot be written as JSON", 0) end
  out[#out + 1] = "["
  for i = 1, size do
    if i > 1 then out[#out + 1] = "," end
    encode(rawget(t, i), out, open)
  end
  out[#out + 1] = "]"
end

local function object_of(t, out, open)
  local keys, total = ordered(t)
  local separator = "{"
  for i = 1, total do
    local key = keys[i]
    local value = rawget(t, key)
    if type(key) ~= "string" then
      error("a table with a " .. type(key) .. " among its named keys cannot be written as JSON", 0)
    end
    if type(value) ~= "function" then -- methods are no data: aos leaves them out
      out[#out + 1] = separator
      out[#out + 1] = text_of(key)
      out[#out + 1] = ":"
      encode(value, out, open)
      separator = ","
    end
  end
  out[#out + 1] = separator == "{" and "{}" or "}"
end

local function table_of(t, out, open)
  if open[t] then error("a table that contains itself cannot be written as JSON", 0) end
  if open.depth >= DEPTH then error("a table nested more than " .. DEPTH .. " deep cannot be written as JSON", 0) end
  open[t], open.depth = true, open.depth + 1
  if next(t) == nil then
    out[#out + 1] = "[]"
  elseif rawget(t, 1) ~= nil then
    array_of(t, out, open)
  else
    object_of(t, out, open)
  end
  open[t], open.depth = nil, open.depth - 1
end

function encode(value, out, open)
  local kind = type(value)
  if kind == "string" then
    out[#out + 1] = text_of(value)
  elseif kind == "table" then
    table_of(value, out, open)
  elseif kind == "number" then
    out[#out + 1] = number_of(value)
  elseif kind == "boolean" then
    out[#out + 1] = value and "true" or "false"
  elseif kind == "nil" then
    out[#out + 1] = "null"
  else
    error("a " .. kind .. " cannot be written as JSON", 0)
  end
end

function host.encode(value)
  local out = {}
  encode(value, out, { depth = 0 })
  return concat(out)
end
