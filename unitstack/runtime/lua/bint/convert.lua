-- Values of a bint module from Lua's values, and back.
local getmetatable, setmetatable, tonumber, type = getmetatable, setmetatable, tonumber, type
local floor, math_type, unpack = math.floor, math.type, table.unpack

-- The Lua integer that a number or its text is, if it is one.
local function integer_of(value)
  local number = tonumber(value)
  if math_type(number) == "float" and floor(number) == number then
    number = floor(number)
  end
  return math_type(number) == "integer" and number or nil
end

return function(bint, shape)
  local size, word_bits, mask = shape.size, shape.word_bits, shape.mask

  -- A value of the same words.
  local function clone(x)
    return setmetatable({ unpack(x, 1, size) }, bint)
  end

  local function unsigned(integer)
    local words = {}
    for i = 1, size do
      words[i] = integer >> (word_bits * (i - 1)) & mask
    end
    return setmetatable(words, bint)
  end

  function bint.fromuinteger(value)
    local integer = integer_of(value)
    return integer and unsigned(integer)
  end

  function bint.frominteger(value)
    local integer = integer_of(value)
    if not integer then
      return nil
    end
    local words = unsigned(integer)
    if integer < 0 then
      -- Beyond the integer's own 64 bits its sign goes on.
      for i = 64 // word_bits + 1, size do
        local own = 64 - word_bits * (i - 1)
        words[i] = words[i] | mask & (own > 0 and mask << own or mask)
      end
    end
    return words
  end

  function bint.zero()
    return unsigned(0)
  end

  function bint.one()
    return unsigned(1)
  end

  function bint.isbint(value)
    return getmetatable(value) == bint
  end

  -- A bint, a Lua integer, an integral float or the text of an integer as a bint; nil for anything else.
  function bint.tobint(value, cloned)
    if getmetatable(value) == bint then
      return cloned and clone(value) or value
    end
    local kind = type(value)
    if kind == "number" then
      return bint.frominteger(value)
    end
    return kind == "string" and bint.fromstring(value) or nil
  end

  -- The same as a new value. Fails on anything else.
  function bint.new(value)
    local result = bint.tobint(value, true)
    return assert(result, "value cannot be represented by a bint")
  end

  -- A bint where the value is integral, or else a number, or nil.
  function bint.parse(value, cloned)
    return bint.tobint(value, cloned) or tonumber(value)
  end

  -- A number without its fraction.
  function bint.trunc(value)
    if getmetatable(value) == bint then
      return clone(value)
    end
    local number = tonumber(value)
    if math_type(number) == "float" then
      number = math.modf(number)
    end
    return bint.frominteger(number)
  end

  -- The lowest 64 bits of a bint as an integer; of another value, its integer.
  function bint.touinteger(value)
    if getmetatable(value) ~= bint then
      return integer_of(value)
    end
    local integer = 0
    for i = 1, size do
      integer = integer | value[i] << (word_bits * (i - 1))
    end
    return integer
  end

  bint.tointeger = bint.touinteger

  -- The Lua integer that a bint is, or nil where it does not fit.
  local function small(x)
    local integer = bint.touinteger(x)
    local filler = integer < 0 and mask or 0
    local whole = 64 // word_bits
    for i = whole + 1, size do
      local own = 64 - word_bits * (i - 1)
      local expected = own > 0 and (integer >> (64 - own) | filler << own) & mask or filler
      if x[i] ~= expected then
        return nil
      end
    end
    return integer
  end

  -- An integer where the value fits into one, or else the nearest float.
  function bint.tonumber(value)
    if getmetatable(value) ~= bint then
      return tonumber(value)
    end
    return small(value) or tonumber(tostring(value))
  end

  -- What is no bint and no integer is refused.
  function shape.value_of(value)
    local result = bint.tobint(value)
    if not result then
      error("value has not integer representation", 3)
    end
    return result
  end

  function shape.integer_of(value)
    local result = bint.tointeger(value)
    if not result then
      error("value has no integer representation", 3)
    end
    return result
  end

  shape.clone, shape.small = clone, small
end
