-- Sums, differences and products of a bint module's values. Functions that begin with `_` change their first value.
return function(bint, shape)
  local size, word_bits, mask = shape.size, shape.word_bits, shape.mask
  local value_of, clone = shape.value_of, shape.clone

  local function add(x, y)
    local carry = 0
    for i = 1, size do
      local sum = x[i] + y[i] + carry
      x[i], carry = sum & mask, sum >> word_bits
    end
    return x
  end

  local function subtract(x, y)
    local borrow = 0
    for i = 1, size do
      local difference = x[i] - y[i] - borrow
      x[i], borrow = difference & mask, difference < 0 and 1 or 0
    end
    return x
  end

  function bint._add(x, y)
    return add(x, value_of(y))
  end

  function bint._sub(x, y)
    return subtract(x, value_of(y))
  end

  function bint._inc(x)
    for i = 1, size do
      x[i] = (x[i] + 1) & mask
      if x[i] ~= 0 then
        break
      end
    end
    return x
  end

  function bint._dec(x)
    for i = 1, size do
      x[i] = (x[i] - 1) & mask
      if x[i] ~= mask then
        break
      end
    end
    return x
  end

  function bint._unm(x)
    return x:_bnot():_inc()
  end

  function bint._abs(x)
    return x:isneg() and x:_unm() or x
  end

  function bint.inc(x)
    local value = bint.tobint(x, true)
    return value and value:_inc() or bint.tonumber(x) + 1
  end

  function bint.dec(x)
    local value = bint.tobint(x, true)
    return value and value:_dec() or bint.tonumber(x) - 1
  end

  function bint.abs(x)
    local value = bint.tobint(x, true)
    return value and value:_abs() or math.abs(bint.tonumber(x))
  end

  function bint.floor(x)
    return bint.isbint(x) and clone(x) or bint.new(math.floor(tonumber(x)))
  end

  function bint.ceil(x)
    return bint.isbint(x) and clone(x) or bint.new(math.ceil(tonumber(x)))
  end

  function bint.__unm(x)
    return clone(value_of(x)):_unm()
  end

  function bint.__add(x, y)
    local a, b = bint.tobint(x), bint.tobint(y)
    if a and b then
      return add(clone(a), b)
    end
    return bint.tonumber(x) + bint.tonumber(y)
  end

  function bint.__sub(x, y)
    local a, b = bint.tobint(x), bint.tobint(y)
    if a and b then
      return subtract(clone(a), b)
    end
    return bint.tonumber(x) - bint.tonumber(y)
  end

  local function top_of(words)
    local top = size
    while top > 0 and words[top] == 0 do
      top = top - 1
    end
    return top
  end

  -- Adds `x[i]` times `y` to the result from word i on; what is beyond its size is lost.
  local function add_row(result, factor, y, i, top)
    local carry, last = 0, math.min(i + top - 1, size)
    for k = i, last do
      local product = factor * y[k - i + 1] + result[k] + carry
      result[k], carry = product & mask, product >> word_bits
    end
    if last < size then
      result[last + 1] = carry
    end
  end

  local function multiply(x, y)
    local result, top = bint.zero(), top_of(y)
    for i = 1, top_of(x) do
      add_row(result, x[i], y, i, top)
    end
    return result
  end

  function bint.__mul(x, y)
    local a, b = bint.tobint(x), bint.tobint(y)
    if a and b then
      return multiply(a, b)
    end
    return bint.tonumber(x) * bint.tonumber(y)
  end
end
