-- ISAAC (Bob Jenkins, 1996) with 32-bit words: a generator, and a cipher of printable text made from it.
local bytes = require(".crypto.core.bytes")

local WORD, SIZE, GOLDEN_RATIO = 0xFFFFFFFF, 256, 0x9E3779B9
local FIRST_CHAR, CHARS = 32, 95
local LARGEST = 2 ^ 31 - 1

local memory, results, used = {}, {}, 0
local a, b, c = 0, 0, 0

local function stirred(i)
  local turn = i % 4
  if turn == 0 then
    return a ~ a << 13
  elseif turn == 1 then
    return a ~ a >> 6
  elseif turn == 2 then
    return a ~ a << 2
  end
  return a ~ a >> 16
end

local function refill()
  c = (c + 1) & WORD
  b = (b + c) & WORD
  for i = 0, SIZE - 1 do
    local x = memory[i]
    a = (stirred(i) + memory[(i + SIZE // 2) % SIZE]) & WORD
    local y = (memory[x >> 2 & 0xFF] + a + b) & WORD
    b = (memory[y >> 10 & 0xFF] + x) & WORD
    memory[i], results[i] = y, b
  end
  used = 0
end

-- Left by a positive number of bits, right by a negative one.
local MIX_SHIFTS = { 11, -2, 8, -16, 10, -4, 8, -9 }

local function mix(words)
  for i = 0, 7 do
    local next_one, third, fourth = (i + 1) % 8, (i + 2) % 8, (i + 3) % 8
    words[i] = (words[i] ~ words[next_one] << MIX_SHIFTS[i + 1]) & WORD
    words[fourth] = (words[fourth] + words[i]) & WORD
    words[next_one] = (words[next_one] + words[third]) & WORD
  end
end

local function spread(words, source)
  for i = 0, SIZE - 1, 8 do
    for j = 0, 7 do
      words[j] = (words[j] + (source and source[i + j] or 0)) & WORD
    end
    mix(words)
    table.move(words, 0, 7, i, memory)
  end
end

-- Each byte of the seed becomes a word. Without `use_seed` it has no effect: every seed begins the same numbers.
local function seedIsaac(seed, use_seed)
  for i = 0, SIZE - 1 do
    memory[i], results[i] = 0, seed:byte(i + 1) or 0
  end
  a, b, c = 0, 0, 0
  local words = {}
  for i = 0, 7 do
    words[i] = GOLDEN_RATIO
  end
  for _ = 1, 4 do
    mix(words)
  end
  spread(words, use_seed and results)
  if use_seed then
    spread(words, memory)
  end
  refill()
end

local function getRandom()
  if not memory[0] then
    seedIsaac("", false)
  end
  local result = results[used]
  used = used + 1
  if used == SIZE then
    refill()
  end
  return result
end

local function getRandomChar()
  return getRandom() % CHARS + FIRST_CHAR
end

-- As in the field, without a seed this is always the first number of one sequence, though `math.random` is asked.
local function random(min, max, seed)
  min, max = min or 0, max or LARGEST
  if seed then
    seedIsaac(seed, true)
  else
    seedIsaac(tostring(math.random(LARGEST)), false)
  end
  return getRandom() % (max - min + 1) + min
end

local function shifted(text, key, sign)
  seedIsaac(key, true)
  return (text:gsub(".", function(char)
    local place = char:byte() - FIRST_CHAR + sign * getRandomChar()
    return string.char(place % CHARS + FIRST_CHAR)
  end))
end

-- Of text whose characters are printable ASCII.
local function encrypt(text, key)
  return bytes(shifted(text, key, 1))
end

local function decrypt(text, key)
  return shifted(text, key, -1)
end

return {
  seedIsaac = seedIsaac,
  getRandom = getRandom,
  getRandomChar = getRandomChar,
  random = random,
  encrypt = encrypt,
  decrypt = decrypt,
}
