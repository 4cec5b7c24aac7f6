-- Quotients and remainders of a bint module's values: unsigned, cut towards zero, and floored.
local ult = math.ult

-- The quotient of two integers without sign; the divisor is below 2^32.
local function unsigned_quotient(part, divisor)
  if part >= 0 then
    return part // divisor
  end
  local half = (part >> 1) // divisor << 1
  return ult(part - half * divisor, divisor) and half or half + 1
end

return function(bint, shape)
  local size, word_bits, mask, sign = shape.size, shape.word_bits, shape.mask, shape.sign
  local value_of, clone = shape.value_of, shape.clone

  local function top_of(words)
    local top = size
    while top > 0 and words[top] == 0 do
      top = top - 1
    end
    return top
  end

  local function divide_by_word(x, divisor)
    local quotient, rest = bint.zero(), 0
    for i = top_of(x), 1, -1 do
      local part = rest << word_bits | x[i]
      quotient[i] = unsigned_quotient(part, divisor)
      rest = part - quotient[i] * divisor
    end
    return quotient, bint.fromuinteger(rest)
  end

  -- How far the divisor's highest word must move for its highest bit to be set.
  local function normalizing(word)
    local shift = 0
    while word & sign == 0 do
      word, shift = word << 1, shift + 1
    end
    return shift
  end

  -- The words of a value moved left, with one more word at the end.
  local function moved(x, shift)
    local words, carry = {}, 0
    for i = 1, size do
      local word = x[i] << shift | carry
      words[i], carry = word & mask, word >> word_bits
    end
    words[size + 1] = carry
    return words
  end

  -- One digit of the quotient, at most one too large (Knuth, The Art of Computer Programming, 4.3.1, algorithm D).
  local function estimate(u, v, at, top)
    local part = u[at + 1] << word_bits | u[at]
    local digit = unsigned_quotient(part, v[top])
    local rest = part - digit * v[top]
    while digit > mask or ult(rest << word_bits | u[at - 1], digit * v[top - 1]) do
      digit, rest = digit - 1, rest + v[top]
      if rest > mask then
        break
      end
    end
    return digit
  end

  -- Takes `digit` times v from u; answers whether that was too much.
  local function subtract_row(u, v, digit, from, top)
    local carry, borrow = 0, 0
    for i = 1, top do
      local product = digit * v[i] + carry
      local difference = u[from + i] - (product & mask) - borrow
      u[from + i], carry = difference & mask, product >> word_bits
      borrow = difference < 0 and 1 or 0
    end
    local difference = u[from + top + 1] - carry - borrow
    u[from + top + 1] = difference & mask
    return difference < 0
  end

  local function add_back(u, v, from, top)
    local carry = 0
    for i = 1, top do
      local sum = u[from + i] + v[i] + carry
      u[from + i], carry = sum & mask, sum >> word_bits
    end
    u[from + top + 1] = (u[from + top + 1] + carry) & mask
  end

  local function divide_by_words(x, y, top)
    local shift = normalizing(y[top])
    local u, v, quotient = moved(x, shift), moved(y, shift), bint.zero()
    for from = top_of(x) - top, 0, -1 do
      local digit = estimate(u, v, from + top, top)
      if subtract_row(u, v, digit, from, top) then
        digit = digit - 1
        add_back(u, v, from, top)
      end
      quotient[from + 1] = digit
    end
    local rest = setmetatable({ table.unpack(u, 1, size) }, bint)
    return quotient, rest >> shift
  end

  local function unsigned(x, y)
    local top = top_of(y)
    if top == 0 then
      error("attempt to divide by zero", 3)
    elseif top == 1 then
      return divide_by_word(x, y[1])
    elseif bint.ult(x, y) then
      return bint.zero(), clone(x)
    end
    return divide_by_words(x, y, top)
  end

  -- Both values taken as numbers without sign.
  function bint.udivmod(x, y)
    return unsigned(value_of(x), value_of(y))
  end

  function bint.udiv(x, y)
    return (unsigned(value_of(x), value_of(y)))
  end

  function bint.umod(x, y)
    local _, rest = unsigned(value_of(x), value_of(y))
    return rest
  end

  local function truncated(x, y)
    assert(not (bint.eq(x, bint.mininteger()) and y:isminusone()), "division overflow")
    local quotient, rest = unsigned(bint.abs(x), bint.abs(y))
    quotient = x:isneg() ~= y:isneg() and quotient:_unm() or quotient
    return quotient, x:isneg() and rest:_unm() or rest
  end

  -- The quotient cut towards zero; the remainder has the sign of `x`.
  function bint.tdivmod(x, y)
    local a, b = bint.tobint(x), bint.tobint(y)
    if a and b then
      return truncated(a, b)
    end
    a, b = bint.tonumber(x), bint.tonumber(y)
    local quotient, rest = math.abs(a) // math.abs(b), math.abs(a) % math.abs(b)
    quotient = (a < 0) ~= (b < 0) and -quotient or quotient
    return quotient, a < 0 and -rest or rest
  end

  function bint.tdiv(x, y)
    return (bint.tdivmod(x, y))
  end

  function bint.tmod(x, y)
    local _, rest = bint.tdivmod(x, y)
    return rest
  end

  local function floored(x, y)
    local x_negative, y_negative = x:isneg(), y:isneg()
    local quotient, rest = unsigned(bint.abs(x), bint.abs(y))
    rest = x_negative and rest:_unm() or rest
    if x_negative ~= y_negative then
      quotient:_unm()
      if not rest:iszero() then
        quotient:_dec()
        rest:_add(y)
      end
    end
    return quotient, rest
  end

  -- The quotient floored; the remainder has the sign of `y`.
  function bint.idivmod(x, y)
    local a, b = bint.tobint(x), bint.tobint(y)
    if a and b then
      return floored(a, b)
    end
    a, b = bint.tonumber(x), bint.tonumber(y)
    return a // b, a % b
  end

  function bint.__idiv(x, y)
    return (bint.idivmod(x, y))
  end

  function bint.__mod(x, y)
    local _, rest = bint.idivmod(x, y)
    return rest
  end
end
