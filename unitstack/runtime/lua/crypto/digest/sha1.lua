-- SHA-1 (FIPS 180-4): `sha1` of a stream, and `SHA1()` to feed in pieces.
local merkle = require(".crypto.core.merkle")

local WORD = 0xFFFFFFFF
local BLOCK = ">" .. ("I4"):rep(16)
local CONSTANTS = { 0x5A827999, 0x6ED9EBA1, 0x8F1BBCDC, 0xCA62C1D6 }

local function parity(x, y, z)
  return x ~ y ~ z
end

local MIXES = {
  function(x, y, z)
    return z ~ (x & (y ~ z))
  end,
  parity,
  function(x, y, z)
    return (x & (y | z)) | (y & z)
  end,
  parity,
}

local function schedule(text, at)
  local w = { BLOCK:unpack(text, at) }
  for i = 17, 80 do
    local mixed = w[i - 3] ~ w[i - 8] ~ w[i - 14] ~ w[i - 16]
    w[i] = (mixed << 1 | mixed >> 31) & WORD
  end
  return w
end

local function fold(state, text, at)
  local w = schedule(text, at)
  local a, b, c, d, e = table.unpack(state)
  for round = 1, 4 do
    local mix, constant = MIXES[round], CONSTANTS[round]
    for i = 20 * round - 19, 20 * round do
      local sum = ((a << 5 | a >> 27) + mix(b, c, d) + e + constant + w[i]) & WORD
      a, b, c, d, e = sum, a, (b << 30 | b >> 2) & WORD, c, d
    end
  end
  state[1], state[2], state[3] = (state[1] + a) & WORD, (state[2] + b) & WORD, (state[3] + c) & WORD
  state[4], state[5] = (state[4] + d) & WORD, (state[5] + e) & WORD
end

local SHA1 = merkle({
  start = { 0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476, 0xC3D2E1F0 },
  fold = fold,
  length = ">I8",
  output = ">I4I4I4I4I4",
})

local function sha1(stream)
  return SHA1().update(stream).finish()
end

return { sha1 = sha1, SHA1 = SHA1 }
