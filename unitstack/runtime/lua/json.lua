-- JSON as aos programs know it: `encode` and `decode`, with the leniencies and the error texts of the field.
local compat = require(".compat")

local json = { _version = "0.2.0" }

local ESCAPES = {
  ["\\"] = "\\\\",
  ['"'] = '\\"',
  ["\b"] = "\\b",
  ["\f"] = "\\f",
  ["\n"] = "\\n",
  ["\r"] = "\\r",
  ["\t"] = "\\t",
}
local UNESCAPES = { ["\\"] = "\\", ['"'] = '"', ["/"] = "/", b = "\b", f = "\f", n = "\n", r = "\r", t = "\t" }
local LITERALS = { ["true"] = true, ["false"] = false, ["null"] = "null" }
local NOT_SPACE, DELIMITER, SPECIAL = "[^ \t\r\n]", "[] \t\r\n},]", '[\0-\31"\\]'

local concat, find, format, sub = table.concat, string.find, string.format, string.sub
local encode_value, decode_value

local function escape(char)
  return ESCAPES[char] or format("\\u%04x", char:byte())
end

local function encode_string(text)
  if not find(text, SPECIAL) then
    return '"' .. text .. '"'
  end
  return '"' .. text:gsub(SPECIAL, escape) .. '"'
end

-- A float as its shortest form that reads back as the same number.
local function encode_float(number)
  for digits = 14, 16 do
    local text = format("%." .. digits .. "g", number)
    if tonumber(text) == number then
      return text
    end
  end
  return format("%.17g", number)
end

local function encode_number(number)
  if number ~= number or number == math.huge or number == -math.huge then
    error("unexpected number value '" .. tostring(number) .. "'")
  end
  if compat.rounded_numbers then
    return format("%.14g", number)
  end
  return math.type(number) == "integer" and format("%d", number) or encode_float(number)
end

local function encode_array(array, path)
  local count = 0
  for key in pairs(array) do
    if type(key) ~= "number" then
      error("invalid table: mixed or invalid key types")
    end
    count = count + 1
  end
  if count ~= #array then
    error("invalid table: sparse array")
  end
  local parts = {}
  for i = 1, count do
    parts[i] = encode_value(array[i], path)
  end
  return "[" .. concat(parts, ",") .. "]"
end

local function encode_object(object, path)
  local parts = {}
  for key, value in pairs(object) do
    if type(key) ~= "string" then
      error("invalid table: mixed or invalid key types")
    end
    -- A message that is kept carries `reply` and `forward`, and must still encode.
    if type(value) ~= "function" then
      parts[#parts + 1] = encode_string(key) .. ":" .. encode_value(value, path)
    end
  end
  return "{" .. concat(parts, ",") .. "}"
end

local function encode_table(value, path)
  if path[value] then
    error("circular reference")
  end
  path[value] = true
  local is_array = rawget(value, 1) ~= nil or next(value) == nil
  local text = (is_array and encode_array or encode_object)(value, path)
  path[value] = nil
  return text
end

function encode_value(value, path)
  local kind = type(value)
  if kind == "string" then
    return encode_string(value)
  elseif kind == "table" then
    return encode_table(value, path)
  elseif kind == "number" then
    return encode_number(value)
  elseif kind == "boolean" or kind == "nil" then
    return kind == "nil" and "null" or tostring(value)
  end
  error("unexpected type '" .. kind .. "'")
end

function json.encode(value)
  return encode_value(value, {})
end

local function decode_error(text, position, complaint)
  local line, line_start = 1, 1
  for newline in sub(text, 1, position - 1):gmatch("()\n") do
    line, line_start = line + 1, newline + 1
  end
  error(format("%s at line %d col %d", complaint, line, position - line_start + 1))
end

local function skip_space(text, position)
  return find(text, NOT_SPACE, position) or #text + 1
end

-- The code point at `\uXXXX`, or at a pair of surrogates, and how many characters name it.
local function code_point(text, position)
  local high, low = text:match("^(%x%x%x%x)\\u(%x%x%x%x)", position)
  local hex = high or text:match("^%x%x%x%x", position)
  if not hex then
    decode_error(text, position - 2, "invalid unicode escape in string")
  end
  local first, second = tonumber(hex, 16), tonumber(low or "0", 16)
  if first >= 0xD800 and first < 0xDC00 and second >= 0xDC00 and second < 0xE000 then
    return (first - 0xD800) * 0x400 + (second - 0xDC00) + 0x10000, 10
  end
  return first, 4
end

-- What the escape at the backslash stands for, and the position after it.
local function decode_escape(text, position)
  local char = sub(text, position + 1, position + 1)
  if char == "u" then
    local code, length = code_point(text, position + 2)
    return utf8.char(code), position + 2 + length
  end
  if not UNESCAPES[char] then
    decode_error(text, position, "invalid escape char '" .. char .. "' in string")
  end
  return UNESCAPES[char], position + 2
end

local function decode_string(text, start)
  local position = start + 1
  local stop = find(text, SPECIAL, position)
  if stop and sub(text, stop, stop) == '"' then
    return sub(text, position, stop - 1), stop + 1
  end
  local parts = {}
  while stop do
    parts[#parts + 1] = sub(text, position, stop - 1)
    local char = sub(text, stop, stop)
    if char == '"' then
      return concat(parts), stop + 1
    elseif char ~= "\\" then
      decode_error(text, stop, "control character in string")
    end
    parts[#parts + 1], position = decode_escape(text, stop)
    stop = find(text, SPECIAL, position)
  end
  decode_error(text, start, "expected closing quote for string")
end

local function decode_number(text, start)
  local stop = find(text, DELIMITER, start) or #text + 1
  local word = sub(text, start, stop - 1)
  local number = tonumber(word)
  if not number then
    decode_error(text, start, "invalid number '" .. word .. "'")
  end
  return number, stop
end

local function decode_literal(text, start)
  local stop = find(text, DELIMITER, start) or #text + 1
  local word = sub(text, start, stop - 1)
  local value = LITERALS[word]
  if value == nil then
    decode_error(text, start, "invalid literal '" .. word .. "'")
  end
  if value == "null" then
    value = nil
  end
  return value, stop
end

local function decode_array(text, position)
  local array, count = {}, 0
  position = position + 1
  while true do
    position = skip_space(text, position)
    if sub(text, position, position) == "]" then
      return array, position + 1
    end
    count = count + 1
    array[count], position = decode_value(text, position)
    position = skip_space(text, position)
    local char = sub(text, position, position)
    position = position + 1
    if char == "]" then
      return array, position
    elseif char ~= "," then
      decode_error(text, position, "expected ']' or ','")
    end
  end
end

local function decode_member(text, position, object)
  if sub(text, position, position) ~= '"' then
    decode_error(text, position, "expected string for key")
  end
  local key
  key, position = decode_string(text, position)
  position = skip_space(text, position)
  if sub(text, position, position) ~= ":" then
    decode_error(text, position, "expected ':' after key")
  end
  object[key], position = decode_value(text, skip_space(text, position + 1))
  return skip_space(text, position)
end

local function decode_object(text, position)
  local object = {}
  position = position + 1
  while true do
    position = skip_space(text, position)
    if sub(text, position, position) == "}" then
      return object, position + 1
    end
    position = decode_member(text, position, object)
    local char = sub(text, position, position)
    position = position + 1
    if char == "}" then
      return object, position
    elseif char ~= "," then
      decode_error(text, position, "expected '}' or ','")
    end
  end
end

local DECODERS = {
  ['"'] = decode_string,
  ["["] = decode_array,
  ["{"] = decode_object,
  ["-"] = decode_number,
  t = decode_literal,
  f = decode_literal,
  n = decode_literal,
}
for digit = 0, 9 do
  DECODERS[tostring(digit)] = decode_number
end

function decode_value(text, position)
  local char = sub(text, position, position)
  local decode = DECODERS[char]
  if not decode then
    decode_error(text, position, "unexpected character '" .. char .. "'")
  end
  return decode(text, position)
end

function json.decode(text)
  if type(text) ~= "string" then
    error("expected argument of type string, got " .. type(text))
  end
  local value, position = decode_value(text, skip_space(text, 1))
  position = skip_space(text, position)
  if position <= #text then
    decode_error(text, position, "trailing garbage")
  end
  return value
end

return json
