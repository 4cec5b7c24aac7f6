-- Values of a bint module as text in a base, and as bytes.
local format, rep, reverse, sub = string.format, string.rep, string.reverse, string.sub
local concat, setmetatable, tonumber, type = table.concat, setmetatable, tonumber, type

-- How many digits of a base are taken at a time, and the power of the base that they make: below 2^31, so that its
-- product with a word fits into an integer.
local CHUNK_DIGITS, CHUNK_POWERS = {}, {}
for base = 2, 36 do
  local digits, power = 0, 1
  while power * base < 1 << 31 do
    digits, power = digits + 1, power * base
  end
  CHUNK_DIGITS[base], CHUNK_POWERS[base] = digits, power
end

local SHORT = 18 -- decimal digits that always fit into an integer
local DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"

local function digits_of(number, base)
  local digits = {}
  repeat
    local digit = number % base
    digits[#digits + 1] = sub(DIGITS, digit + 1, digit + 1)
    number = number // base
  until number == 0
  return reverse(concat(digits))
end

local function is_base(base)
  return base >= 2 and base <= 36
end

return function(bint, shape)
  local size, word_bits, mask = shape.size, shape.word_bits, shape.mask
  local BYTES = shape.bits // 8

  local function multiply_and_add(words, factor, addend)
    for i = 1, size do
      local product = words[i] * factor + addend
      words[i], addend = product & mask, product >> word_bits
    end
  end

  -- Divides in place from word `top` down; answers what is left over.
  local function divide_by(words, divisor, top)
    local rest = 0
    for i = top, 1, -1 do
      local part = rest << word_bits | words[i]
      words[i], rest = part // divisor, part % divisor
    end
    return rest
  end

  local function parse_digits(digits, base)
    local value = bint.zero()
    local step = CHUNK_DIGITS[base]
    for i = 1, #digits, step do
      local part = sub(digits, i, i + step - 1)
      local number = tonumber(part, base)
      if not number then
        return nil
      end
      multiply_and_add(value, #part == step and CHUNK_POWERS[base] or math.tointeger(base ^ #part), number)
    end
    return value
  end

  -- Letters of either case are digits, a sign may stand in front. Nil where the text is no number of this base.
  function bint.frombase(text, base)
    base = base or 10
    if type(text) ~= "string" or not is_base(base) then
      return nil
    end
    local sign, digits = text:match("^([+-]?)(%w+)$")
    if not digits then
      return nil
    end
    if base == 10 and #digits <= SHORT and not digits:find("%D") then
      return bint.frominteger(text)
    end
    local value = parse_digits(digits:lower(), base)
    return value and sign == "-" and value:_unm() or value
  end

  -- Decimal, `0x…` or `0b…`.
  function bint.fromstring(text)
    if type(text) ~= "string" then
      return nil
    elseif text:find("^[+-]?%d+$") then
      return bint.frombase(text, 10)
    elseif text:find("^[+-]?0[xX]%x+$") then
      return bint.frombase(text:gsub("0[xX]", "", 1), 16)
    elseif text:find("^[+-]?0[bB][01]+$") then
      return bint.frombase(text:gsub("0[bB]", "", 1), 2)
    end
    return nil
  end

  local function unsigned_text(words, base)
    local parts, top = {}, size
    local step, power = CHUNK_DIGITS[base], CHUNK_POWERS[base]
    repeat
      while top > 1 and words[top] == 0 do
        top = top - 1
      end
      local digits = digits_of(divide_by(words, power, top), base)
      parts[#parts + 1] = reverse(digits) .. rep("0", step - #digits)
    until top == 1 and words[1] == 0
    return (reverse(concat(parts)):gsub("^0+(.)", "%1"))
  end

  -- With a sign in base 10, as an unsigned number in others, unless `unsigned` says. Nil for what has no text.
  function bint.tobase(value, base, unsigned)
    local x = bint.tobint(value)
    base = base or 10
    if not x or not is_base(base) then
      return nil
    end
    if unsigned == nil then
      unsigned = base ~= 10
    end
    local integer = base == 10 and not unsigned and shape.small(x)
    if integer then
      return format("%d", integer)
    end
    local negative = not unsigned and x:isneg()
    local words = negative and -x or shape.clone(x)
    return (negative and "-" or "") .. unsigned_text(words, base)
  end

  function bint.__tostring(x)
    return bint.tobase(x, 10)
  end

  -- The first bytes are the lowest; what is missing is zero, what is too much is left out.
  function bint.fromle(bytes)
    assert(type(bytes) == "string", "buffer is not a string")
    bytes = sub(bytes, 1, BYTES)
    local words, bits, held = {}, 0, 0
    for i = 1, BYTES do
      bits, held = bits | (bytes:byte(i) or 0) << held, held + 8
      while held >= word_bits do
        words[#words + 1] = bits & mask
        bits, held = bits >> word_bits, held - word_bits
      end
    end
    return setmetatable(words, bint)
  end

  function bint.frombe(bytes)
    assert(type(bytes) == "string", "buffer is not a string")
    return bint.fromle(reverse(bytes))
  end

  local function le_bytes(x)
    local bytes, bits, held = {}, 0, 0
    for i = 1, size do
      bits, held = bits | x[i] << held, held + word_bits
      while held >= 8 do
        bytes[#bytes + 1] = string.char(bits & 0xFF)
        bits, held = bits >> 8, held - 8
      end
    end
    return concat(bytes)
  end

  -- All bytes, the lowest first; `trim` leaves out zeros at the end.
  function bint.tole(value, trim)
    local bytes = le_bytes(shape.value_of(value))
    return trim and (bytes:gsub("\0+$", ""):gsub("^$", "\0")) or bytes
  end

  function bint.tobe(value, trim)
    return reverse((bint.tole(value, trim)))
  end
end
