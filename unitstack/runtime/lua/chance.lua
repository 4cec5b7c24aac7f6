-- The random generator that aos puts behind `math.random`: MT19937, seeded from the process's first message.
local SIZE, SHIFT = 624, 397
local WORD, UPPER, LOWER, TWIST = 0xFFFFFFFF, 0x80000000, 0x7FFFFFFF, 0x9908B0DF

local chance = { _version = "0.0.1" }

local state = {}
local used = SIZE

function chance.seed(seed)
  state[1] = math.tointeger(seed) & WORD
  for i = 2, SIZE do
    local last = state[i - 1]
    state[i] = (1812433253 * (last ~ (last >> 30)) + i - 1) & WORD
  end
  used = SIZE
end

local function twist()
  for i = 1, SIZE do
    local mixed = (state[i] & UPPER) | (state[i % SIZE + 1] & LOWER)
    local twisted = state[(i + SHIFT - 1) % SIZE + 1] ~ (mixed >> 1)
    state[i] = mixed & 1 == 0 and twisted or twisted ~ TWIST
  end
  used = 0
end

-- The next 32 bits, as a float in [0, 1).
function chance.random()
  if used >= SIZE then
    twist()
  end
  used = used + 1
  local bits = state[used]
  bits = bits ~ (bits >> 11)
  bits = bits ~ ((bits << 7) & 0x9D2C5680)
  bits = bits ~ ((bits << 15) & 0xEFC60000)
  bits = bits ~ (bits >> 18)
  return bits / 4294967296.0
end

function chance.integer(min, max)
  assert(max >= min, "max must bigger than min")
  return math.floor(chance.random() * (max - min + 1) + min)
end

chance.seed(5489)

return chance
