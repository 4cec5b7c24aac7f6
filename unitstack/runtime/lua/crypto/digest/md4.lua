-- MD4 (RFC 1320) of a stream.
local merkle = require(".crypto.core.merkle")

local WORD = 0xFFFFFFFF
local BLOCK = "<" .. ("I4"):rep(16)
local SHIFTS = { { 3, 7, 11, 19 }, { 3, 5, 9, 13 }, { 3, 9, 11, 15 } }
local ORDERS = {
  { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16 },
  { 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15, 4, 8, 12, 16 },
  { 1, 9, 5, 13, 3, 11, 7, 15, 2, 10, 6, 14, 4, 12, 8, 16 },
}
local CONSTANTS = { 0, 0x5A827999, 0x6ED9EBA1 }
local MIXES = {
  function(x, y, z)
    return z ~ (x & (y ~ z))
  end,
  function(x, y, z)
    return (x & y) | (x & z) | (y & z)
  end,
  function(x, y, z)
    return x ~ y ~ z
  end,
}

local function fold(state, text, at)
  local words = { BLOCK:unpack(text, at) }
  local a, b, c, d = state[1], state[2], state[3], state[4]
  for round = 1, 3 do
    local mix, order, shifts = MIXES[round], ORDERS[round], SHIFTS[round]
    for i = 1, 16 do
      local sum = (a + mix(b, c, d) + words[order[i]] + CONSTANTS[round]) & WORD
      local shift = shifts[(i - 1) % 4 + 1]
      a, b, c, d = d, (sum << shift | sum >> (32 - shift)) & WORD, b, c
    end
  end
  state[1], state[2] = (state[1] + a) & WORD, (state[2] + b) & WORD
  state[3], state[4] = (state[3] + c) & WORD, (state[4] + d) & WORD
end

local new = merkle({
  start = { 0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476 },
  fold = fold,
  length = "<I8",
  output = "<I4I4I4I4",
})

return function(stream)
  local digest = new().update(stream).finish()
  return { asBytes = digest.asBytes, asHex = digest.asHex, asString = digest.asString }
end
