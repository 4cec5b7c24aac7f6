-- Integers of a fixed number of bits in two's complement. A value is a list of words, the lowest first, whose metatable
-- is the module that `require(".bint")(bits, word_bits)` gives; a module is made once for each pair of sizes.
local bitwise = require(".bint.bitwise")
local compare = require(".bint.compare")
local convert = require(".bint.convert")
local divide = require(".bint.divide")
local operators = require(".bint.operators")
local powers = require(".bint.powers")
local sums = require(".bint.sums")
local text = require(".bint.text")

local INTEGER_BITS = 64
local modules = {}

local function check(bits, word_bits)
  assert(bits % word_bits == 0, "bitsize is not multiple of word bitsize")
  assert(2 * word_bits <= INTEGER_BITS, "word bitsize must be half of the lua integer bitsize")
  assert(bits >= INTEGER_BITS, "bitsize must be >= 64")
  assert(word_bits >= 8, "wordbits must be at least 8")
  assert(bits % 8 == 0, "bitsize must be multiple of 8")
end

local function new_module(bits, word_bits)
  check(bits, word_bits)
  local bint = { bits = bits }
  bint.__index = bint
  local shape = {
    bits = bits,
    word_bits = word_bits,
    size = bits // word_bits,
    mask = (1 << word_bits) - 1,
    sign = 1 << (word_bits - 1),
  }
  for _, add_to in ipairs({ convert, text, compare, bitwise, sums, divide, powers, operators }) do
    add_to(bint, shape)
  end
  return setmetatable(bint, {
    __call = function(_, value)
      return bint.new(value)
    end,
  })
end

return function(bits, word_bits)
  bits, word_bits = bits or 256, word_bits or 32
  local name = bits .. ":" .. word_bits
  modules[name] = modules[name] or new_module(bits, word_bits)
  return modules[name]
end
