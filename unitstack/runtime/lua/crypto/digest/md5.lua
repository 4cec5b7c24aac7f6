-- MD5 (RFC 1321) of a stream.
local merkle = require(".crypto.core.merkle")

local WORD = 0xFFFFFFFF
local BLOCK = "<" .. ("I4"):rep(16)
local SHIFTS = { { 7, 12, 17, 22 }, { 5, 9, 14, 20 }, { 4, 11, 16, 23 }, { 6, 10, 15, 21 } }
local STRIDES = { { 1, 0 }, { 5, 1 }, { 3, 5 }, { 7, 0 } } -- step i of a round reads word (stride * i + first) % 16
local CONSTANTS = {
  0xd76aa478, 0xe8c7b756, 0x242070db, 0xc1bdceee, 0xf57c0faf, 0x4787c62a, 0xa8304613, 0xfd469501,
  0x698098d8, 0x8b44f7af, 0xffff5bb1, 0x895cd7be, 0x6b901122, 0xfd987193, 0xa679438e, 0x49b40821,
  0xf61e2562, 0xc040b340, 0x265e5a51, 0xe9b6c7aa, 0xd62f105d, 0x02441453, 0xd8a1e681, 0xe7d3fbc8,
  0x21e1cde6, 0xc33707d6, 0xf4d50d87, 0x455a14ed, 0xa9e3e905, 0xfcefa3f8, 0x676f02d9, 0x8d2a4c8a,
  0xfffa3942, 0x8771f681, 0x6d9d6122, 0xfde5380c, 0xa4beea44, 0x4bdecfa9, 0xf6bb4b60, 0xbebfbc70,
  0x289b7ec6, 0xeaa127fa, 0xd4ef3085, 0x04881d05, 0xd9d4d039, 0xe6db99e5, 0x1fa27cf8, 0xc4ac5665,
  0xf4292244, 0x432aff97, 0xab9423a7, 0xfc93a039, 0x655b59c3, 0x8f0ccc92, 0xffeff47d, 0x85845dd1,
  0x6fa87e4f, 0xfe2ce6e0, 0xa3014314, 0x4e0811a1, 0xf7537e82, 0xbd3af235, 0x2ad7d2bb, 0xeb86d391,
}
local MIXES = {
  function(x, y, z)
    return z ~ (x & (y ~ z))
  end,
  function(x, y, z)
    return y ~ (z & (x ~ y))
  end,
  function(x, y, z)
    return x ~ y ~ z
  end,
  function(x, y, z)
    return y ~ (x | (~z & WORD))
  end,
}

local function fold(state, text, at)
  local words = { BLOCK:unpack(text, at) }
  local a, b, c, d = state[1], state[2], state[3], state[4]
  for round = 1, 4 do
    local mix, shifts, stride = MIXES[round], SHIFTS[round], STRIDES[round]
    for i = 0, 15 do
      local word = words[(stride[1] * i + stride[2]) % 16 + 1]
      local sum = (a + mix(b, c, d) + word + CONSTANTS[16 * round + i - 15]) & WORD
      local shift = shifts[i % 4 + 1]
      a, b, c, d = d, (b + (sum << shift | sum >> (32 - shift))) & WORD, b, c
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
