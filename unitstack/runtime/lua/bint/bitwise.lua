-- Bits of a bint module's values: logic, shifts and rotations. Functions that begin with `_` change their first value.
return function(bint, shape)
  local size, bits, word_bits, mask = shape.size, shape.bits, shape.word_bits, shape.mask
  local value_of, integer_of, clone = shape.value_of, shape.integer_of, shape.clone

  function bint._assign(x, y)
    return table.move(value_of(y), 1, size, 1, x)
  end

  function bint._band(x, y)
    y = value_of(y)
    for i = 1, size do
      x[i] = x[i] & y[i]
    end
    return x
  end

  function bint._bor(x, y)
    y = value_of(y)
    for i = 1, size do
      x[i] = x[i] | y[i]
    end
    return x
  end

  function bint._bxor(x, y)
    y = value_of(y)
    for i = 1, size do
      x[i] = x[i] ~ y[i]
    end
    return x
  end

  function bint._bnot(x)
    for i = 1, size do
      x[i] = ~x[i] & mask
    end
    return x
  end

  function bint.__band(x, y)
    return clone(value_of(x)):_band(y)
  end

  function bint.__bor(x, y)
    return clone(value_of(x)):_bor(y)
  end

  function bint.__bxor(x, y)
    return clone(value_of(x)):_bxor(y)
  end

  function bint.__bnot(x)
    return clone(value_of(x)):_bnot()
  end

  function bint._shlwords(x, count)
    for i = size, 1, -1 do
      x[i] = i > count and x[i - count] or 0
    end
    return x
  end

  function bint._shrwords(x, count)
    for i = 1, size do
      x[i] = x[i + count] or 0
    end
    return x
  end

  -- By fewer bits than a word has.
  local function shift_left(x, count)
    local back = word_bits - count
    for i = size, 2, -1 do
      x[i] = (x[i] << count | x[i - 1] >> back) & mask
    end
    x[1] = x[1] << count & mask
    return x
  end

  local function shift_right(x, count)
    local back = word_bits - count
    for i = 1, size - 1 do
      x[i] = (x[i] >> count | x[i + 1] << back) & mask
    end
    x[size] = x[size] >> count
    return x
  end

  function bint._shlone(x)
    return shift_left(x, 1)
  end

  -- The highest bit becomes zero.
  function bint._shrone(x)
    return shift_right(x, 1)
  end

  local function shifted(x, count)
    if count >= bits or count <= -bits then
      return bint.zero()
    end
    x = clone(value_of(x))
    if count >= 0 then
      return shift_left(x:_shlwords(count // word_bits), count % word_bits)
    end
    return shift_right(x:_shrwords(-count // word_bits), -count % word_bits)
  end

  function bint.__shl(x, y)
    return shifted(x, integer_of(y))
  end

  -- Zeros come in from the left.
  function bint.__shr(x, y)
    local count = integer_of(y)
    return count == math.mininteger and bint.zero() or shifted(x, -count)
  end

  -- Rotates to the left, or to the right where `y` is negative.
  function bint.brol(x, y)
    local count = integer_of(y) % bits
    return shifted(x, count):_bor(shifted(x, count - bits))
  end

  function bint.bror(x, y)
    return bint.brol(x, -(integer_of(y) % bits))
  end

  -- The lowest `y` bits.
  function bint.bwrap(x, y)
    local count = integer_of(y)
    if count <= 0 then
      return bint.zero()
    elseif count >= bits then
      return clone(value_of(x))
    end
    return (bint.one() << count):_dec():_band(x)
  end
end
