-- AES (FIPS 197) on blocks of 16 bytes in lists. A round is done by tables over words of 32 bits, which are made when a
-- block is first seen.
local char, unpack = string.char, table.unpack

local WORD, POLYNOMIAL = 0xFFFFFFFF, 0x11B
local BLOCK = 16

local sbox, inverse, forward, backward

local function doubled(x)
  x = x << 1
  return x > 0xFF and x ~ POLYNOMIAL or x
end

local function product(x, y)
  local sum = 0
  while y > 0 do
    sum = y & 1 == 1 and sum ~ x or sum
    x, y = doubled(x), y >> 1
  end
  return sum
end

local function substitute(x)
  local turned = x | x << 8
  return (x ~ turned >> 7 ~ turned >> 6 ~ turned >> 5 ~ turned >> 4 ~ 0x63) & 0xFF
end

-- Steps through all bytes but zero as powers of 3, and through their inverses as powers of 1/3.
local function make_boxes()
  sbox, inverse = { [0] = 0x63 }, { [0x63] = 0 }
  local power, reciprocal = 1, 1
  repeat
    sbox[power] = substitute(reciprocal)
    inverse[sbox[power]] = power
    power, reciprocal = power ~ doubled(power), product(reciprocal, 0xF6)
  until power == 1
end

local function four_tables(box, a, b, c, d)
  local tables = { {}, {}, {}, {} }
  for x = 0, 255 do
    local s = box[x]
    local word = product(s, a) << 24 | product(s, b) << 16 | product(s, c) << 8 | product(s, d)
    for i = 1, 4 do
      tables[i][x] = word
      word = (word >> 8 | word << 24) & WORD
    end
  end
  return tables
end

local function make_tables()
  make_boxes()
  forward = four_tables(sbox, 2, 1, 1, 3)
  backward = four_tables(inverse, 14, 9, 13, 11)
end

local function bytes_of(word)
  return word >> 24, word >> 16 & 0xFF, word >> 8 & 0xFF, word & 0xFF
end

local function word_of(a, b, c, d)
  return a << 24 | b << 16 | c << 8 | d
end

local function through(box, word)
  local a, b, c, d = bytes_of(word)
  return word_of(box[a], box[b], box[c], box[d])
end

local function expand(key, size)
  local words, constant = {}, 1
  for i = 1, size do
    words[i] = word_of(unpack(key, 4 * i - 3, 4 * i))
  end
  for i = size + 1, 4 * (size + 7) do
    local word, place = words[i - 1], (i - 1) % size
    if place == 0 then
      word = through(sbox, (word << 8 | word >> 24) & WORD) ~ constant << 24
      constant = doubled(constant)
    elseif size > 6 and place == 4 then
      word = through(sbox, word)
    end
    words[i] = words[i - size] ~ word
  end
  return words
end

-- The order of the rounds' keys turned around, and the inner ones mixed, so that decrypting has encrypting's shape.
local function invert(words)
  local inverted, rounds = {}, #words // 4
  for round = 1, rounds do
    for i = 1, 4 do
      local word = words[4 * (rounds - round) + i]
      if round > 1 and round < rounds then
        local a, b, c, d = bytes_of(through(sbox, word))
        word = backward[1][a] ~ backward[2][b] ~ backward[3][c] ~ backward[4][d]
      end
      inverted[4 * round + i - 4] = word
    end
  end
  return inverted
end

-- Row i of the state moves by i * `step` columns.
local function crypt(words, block, tables, box, step)
  local t1, t2, t3, t4 = tables[1], tables[2], tables[3], tables[4]
  local state, moved = {}, {}
  for i = 0, 3 do
    state[i] = word_of(unpack(block, 4 * i + 1, 4 * i + 4)) ~ words[i + 1]
  end
  for at = 5, #words - 4, 4 do
    for i = 0, 3 do
      local b, c, d = state[(i + step) % 4], state[(i + 2) % 4], state[(i - step) % 4]
      moved[i] = t1[state[i] >> 24] ~ t2[b >> 16 & 0xFF] ~ t3[c >> 8 & 0xFF] ~ t4[d & 0xFF] ~ words[at + i]
    end
    state, moved = moved, state
  end
  local result = {}
  for i = 0, 3 do
    local b, c, d = state[(i + step) % 4], state[(i + 2) % 4], state[(i - step) % 4]
    local word = word_of(box[state[i] >> 24], box[b >> 16 & 0xFF], box[c >> 8 & 0xFF], box[d & 0xFF])
    local at = 4 * i
    result[at + 1], result[at + 2], result[at + 3], result[at + 4] = bytes_of(word ~ words[#words - 3 + i])
  end
  return result
end

-- A block cipher for keys of so many bits. Longer keys are cut.
local function rijndael(bits)
  local size = bits // 32
  local last_key, encrypting, decrypting

  local function prepare(key)
    if #key < 4 * size then
      error(("bad argument #1 (an AES key of %d bits has %d bytes, got %d)"):format(bits, 4 * size, #key), 3)
    end
    local text = char(unpack(key, 1, 4 * size))
    if text == last_key then
      return
    end
    if not sbox then
      make_tables()
    end
    last_key, encrypting = text, expand(key, size)
    decrypting = invert(encrypting)
  end

  local cipher = { blockSize = BLOCK }

  function cipher.encrypt(key, block)
    prepare(key)
    return crypt(encrypting, block, forward, sbox, 1)
  end

  function cipher.decrypt(key, block)
    prepare(key)
    return crypt(decrypting, block, backward, inverse, -1)
  end

  return cipher
end

return rijndael
