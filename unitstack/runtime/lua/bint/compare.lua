-- Questions about values of a bint module, and their order. The functions take numbers too.
local getmetatable, math_type = getmetatable, math.type

return function(bint, shape)
  local size, mask, sign = shape.size, shape.mask, shape.sign
  local value_of, clone = shape.value_of, shape.clone

  local function all_words(x, low, others)
    if x[1] ~= low then
      return false
    end
    for i = 2, size do
      if x[i] ~= others then
        return false
      end
    end
    return true
  end

  local function is_bint(x)
    return getmetatable(x) == bint
  end

  function bint.iszero(x)
    if is_bint(x) then
      return all_words(x, 0, 0)
    end
    return x == 0
  end

  function bint.isone(x)
    if is_bint(x) then
      return all_words(x, 1, 0)
    end
    return x == 1
  end

  function bint.isminusone(x)
    if is_bint(x) then
      return all_words(x, mask, mask)
    end
    return x == -1
  end

  function bint.isintegral(x)
    return is_bint(x) or math_type(x) == "integer"
  end

  function bint.isnumeric(x)
    return is_bint(x) or math_type(x) ~= nil
  end

  -- "bint", "integer", "float", or nil.
  function bint.type(x)
    return is_bint(x) and "bint" or math_type(x)
  end

  function bint.isneg(x)
    if is_bint(x) then
      return x[size] & sign ~= 0
    end
    return x < 0
  end

  function bint.ispos(x)
    if is_bint(x) then
      return not x:isneg() and not x:iszero()
    end
    return x > 0
  end

  function bint.iseven(x)
    if is_bint(x) then
      return x[1] & 1 == 0
    end
    return math.abs(x) % 2 == 0
  end

  function bint.isodd(x)
    if is_bint(x) then
      return x[1] & 1 == 1
    end
    return math.abs(x) % 2 == 1
  end

  function bint.maxinteger()
    local x = bint.zero():_bnot()
    x[size] = x[size] ~ sign
    return x
  end

  function bint.mininteger()
    local x = bint.zero()
    x[size] = sign
    return x
  end

  -- Of two lists of words: whether one is less, or if `equal` holds when they are the same.
  local function below(x, y, equal)
    for i = size, 1, -1 do
      local a, b = x[i], y[i]
      if a ~= b then
        return a < b
      end
    end
    return equal
  end

  local function signed_below(x, y, equal)
    local negative = x[size] & sign ~= 0
    if negative ~= (y[size] & sign ~= 0) then
      return negative
    end
    return below(x, y, equal)
  end

  function bint.ult(x, y)
    return below(value_of(x), value_of(y), false)
  end

  function bint.ule(x, y)
    return below(value_of(x), value_of(y), true)
  end

  -- Unlike `==`, also between a bint and a number.
  function bint.eq(x, y)
    local a, b = bint.tobint(x), bint.tobint(y)
    if a and b then
      return bint.__eq(a, b)
    end
    return x == y
  end

  function bint.__eq(x, y)
    for i = 1, size do
      if x[i] ~= y[i] then
        return false
      end
    end
    return true
  end

  function bint.__lt(x, y)
    local a, b = bint.tobint(x), bint.tobint(y)
    if a and b then
      return signed_below(a, b, false)
    end
    return bint.tonumber(x) < bint.tonumber(y)
  end

  function bint.__le(x, y)
    local a, b = bint.tobint(x), bint.tobint(y)
    if a and b then
      return signed_below(a, b, true)
    end
    return bint.tonumber(x) <= bint.tonumber(y)
  end

  function bint.max(x, y)
    local a, b = bint.tobint(x), bint.tobint(y)
    if a and b then
      return clone(a > b and a or b)
    end
    return math.max(bint.tonumber(x), bint.tonumber(y))
  end

  function bint.min(x, y)
    local a, b = bint.tobint(x), bint.tobint(y)
    if a and b then
      return clone(a < b and a or b)
    end
    return math.min(bint.tonumber(x), bint.tonumber(y))
  end
end
