-- The names of Lua 5.2 that ao's modules were built with and this Lua was not.
local host = ...

local G = host.G
local error, floor, tointeger, select, format = error, math.floor, math.tointeger, select, string.format
local exp, log, tonumber, type = math.exp, math.log, tonumber, type

local MASK = 0xFFFFFFFF

local function word(value, position, name)
  local whole = tointeger(value) or (type(value) == "string" and tointeger(tonumber(value)))
  if whole then return whole & MASK end
  local number = tonumber(value)
  if not number then
    error(format("bad argument #%d to '%s' (number expected, got %s)", position, name, type(value)), 3)
  end
  if number ~= number or number == 1 / 0 or number == -1 / 0 or number % 1 ~= 0 then
    error(format("bad argument #%d to '%s' (number has no integer representation)", position, name), 3)
  end
  return tointeger(number % 0x100000000) -- whole, but past 64 bits
end

local bit32 = {}

local function shift_left(x, by)
  if by <= -32 or by >= 32 then return 0 end
  if by < 0 then return x >> -by end
  return (x << by) & MASK
end

function bit32.band(...)
  local x = MASK
  for i = 1, select("#", ...) do x = x & word((select(i, ...)), i, "band") end
  return x
end

function bit32.bor(...)
  local x = 0
  for i = 1, select("#", ...) do x = x | word((select(i, ...)), i, "bor") end
  return x
end

function bit32.bxor(...)
  local x = 0
  for i = 1, select("#", ...) do x = x ~ word((select(i, ...)), i, "bxor") end
  return x
end

function bit32.btest(...)
  local x = MASK
  for i = 1, select("#", ...) do x = x & word((select(i, ...)), i, "btest") end
  return x ~= 0
end

function bit32.bnot(value) return ~word(value, 1, "bnot") & MASK end

local function distance(value, name)
  local by = tointeger(value) or tointeger(tonumber(value) or 0.5)
  if not by then error(format("bad argument #2 to '%s' (number has no integer representation)", name), 3) end
  return by
end

function bit32.lshift(value, by)
  local x = word(value, 1, "lshift")
  return shift_left(x, distance(by, "lshift"))
end

function bit32.rshift(value, by)
  local x = word(value, 1, "rshift")
  return shift_left(x, -distance(by, "rshift"))
end

function bit32.arshift(value, by)
  local x = word(value, 1, "arshift")
  by = distance(by, "arshift")
  if by < 0 or x & 0x80000000 == 0 then return shift_left(x, -by) end
  if by >= 32 then return MASK end
  return (x >> by | ~(MASK >> by)) & MASK
end

local function rotate(x, by)
  by = by & 31
  return (x << by | x >> (32 - by)) & MASK
end

function bit32.lrotate(value, by)
  local x = word(value, 1, "lrotate")
  return rotate(x, distance(by, "lrotate"))
end

function bit32.rrotate(value, by)
  local x = word(value, 1, "rrotate")
  return rotate(x, -distance(by, "rrotate"))
end

local function field(from, width)
  width = width or 1
  if from < 0 then error("bad argument #2 (field cannot be negative)", 3) end
  if width <= 0 then error("bad argument #3 (width must be positive)", 3) end
  if from + width > 32 then error("trying to access non-existent bits", 3) end
  return from, ~(MASK << width) & MASK
end

function bit32.extract(value, from, width)
  local x = word(value, 1, "extract")
  local at, mask = field(from, width)
  return x >> at & mask
end

function bit32.replace(value, bits, from, width)
  local x, v = word(value, 1, "replace"), word(bits, 2, "replace")
  local at, mask = field(from, width)
  return x & ~(mask << at) | (v & mask) << at
end

G.bit32, host.loaded.bit32 = bit32, bit32

function math.pow(x, y) return x ^ y end
function math.cosh(x) return (exp(x) + exp(-x)) / 2 end
function math.sinh(x) return (exp(x) - exp(-x)) / 2 end

function math.tanh(x)
  if x > 20 then return 1.0 end
  if x < -20 then return -1.0 end
  local e = exp(2 * x)
  return (e - 1) / (e + 1)
end

function math.log10(x) return log(x, 10) end
function math.ldexp(m, e) return m * 2.0 ^ e end
math.atan2 = math.atan2 or math.atan

function math.frexp(x)
  if x == 0 or x ~= x or x == 1 / 0 or x == -1 / 0 then return x, 0 end
  local exponent = floor(log(x < 0 and -x or x, 2)) + 1
  local m = x / 2.0 ^ exponent
  while m >= 1 or m <= -1 do m, exponent = m / 2, exponent + 1 end
  while m > -0.5 and m < 0.5 do m, exponent = m * 2, exponent - 1 end
  return m, exponent
end
