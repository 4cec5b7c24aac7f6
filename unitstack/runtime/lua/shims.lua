-- What Lua 5.3 has only when it is built with 5.2's compatibility, and what aos programs may rely on:
-- `bit32` and the older functions of `math`. Only what is missing is added.
local WORD = 0xFFFFFFFF
local floor, huge = math.floor, math.huge

local function word(value)
  local integer = math.tointeger(value)
  if not integer then
    local number = tonumber(value)
    integer = number and math.tointeger(floor(number + 0.5) % 4294967296.0)
  end
  if not integer then
    error("number expected, got " .. type(value), 3)
  end
  return integer & WORD
end

local function shift_left(value, count)
  if count <= -32 or count >= 32 then
    return 0
  end
  if count < 0 then
    return value >> -count
  end
  return (value << count) & WORD
end

local function rotate_left(value, count)
  count = count % 32
  return ((value << count) | (value >> (32 - count))) & WORD
end

local function field_mask(field, width)
  width = width or 1
  if field < 0 then
    error("field cannot be negative", 3)
  end
  if width <= 0 then
    error("width must be positive", 3)
  end
  if field + width > 32 then
    error("trying to access non-existent bits", 3)
  end
  return (1 << width) - 1
end

local bits = {}

function bits.band(...)
  local result = WORD
  for i = 1, select("#", ...) do
    result = result & word((select(i, ...)))
  end
  return result
end

function bits.bor(...)
  local result = 0
  for i = 1, select("#", ...) do
    result = result | word((select(i, ...)))
  end
  return result
end

function bits.bxor(...)
  local result = 0
  for i = 1, select("#", ...) do
    result = result ~ word((select(i, ...)))
  end
  return result
end

function bits.btest(...)
  return bits.band(...) ~= 0
end

function bits.bnot(value)
  return ~word(value) & WORD
end

function bits.lshift(value, count)
  return shift_left(word(value), count)
end

function bits.rshift(value, count)
  return shift_left(word(value), -count)
end

function bits.arshift(value, count)
  value = word(value)
  if count < 0 or value & 0x80000000 == 0 then
    return shift_left(value, -count)
  end
  if count >= 32 then
    return WORD
  end
  return (value >> count) | (~(WORD >> count) & WORD)
end

function bits.lrotate(value, count)
  return rotate_left(word(value), count)
end

function bits.rrotate(value, count)
  return rotate_left(word(value), -count)
end

function bits.extract(value, field, width)
  return (word(value) >> field) & field_mask(field, width)
end

function bits.replace(value, replacement, field, width)
  local mask = field_mask(field, width)
  return (word(value) & ~(mask << field)) | ((word(replacement) & mask) << field)
end

local older = {}

function older.pow(x, y)
  return x ^ y
end

function older.cosh(x)
  return (math.exp(x) + math.exp(-x)) / 2
end

function older.sinh(x)
  -- Near zero the difference of the two exponentials would lose its digits.
  if math.abs(x) < 1e-3 then
    return x + x ^ 3 / 6 + x ^ 5 / 120
  end
  return (math.exp(x) - math.exp(-x)) / 2
end

function older.tanh(x)
  if math.abs(x) > 20 then
    return x > 0 and 1.0 or -1.0
  end
  return older.sinh(x) / older.cosh(x)
end

function older.log10(x)
  return math.log(x, 10)
end

function older.atan2(y, x)
  return math.atan(y, x)
end

function older.ldexp(mantissa, exponent)
  -- In two steps: 2^exponent alone may be out of range where the product is not.
  local half = exponent // 2
  return mantissa * 2.0 ^ half * 2.0 ^ (exponent - half)
end

local function exponent_of(x)
  local exponent = floor(math.log(x, 2)) + 1
  local mantissa = older.ldexp(x, -exponent)
  if mantissa >= 1 then
    return exponent + 1
  end
  return mantissa < 0.5 and exponent - 1 or exponent
end

function older.frexp(x)
  if x == 0 or x ~= x or x == huge or x == -huge then
    return x + 0.0, 0
  end
  local exponent = exponent_of(math.abs(x))
  return older.ldexp(x, -exponent), exponent
end

for name, shim in pairs(older) do
  math[name] = math[name] or shim
end
_G.bit32 = _G.bit32 or bits
package.loaded.bit32 = _G.bit32

return { bits = bits, math = older }
