-- The sponge of Keccak and SHA-3 (FIPS 202) over text that has its padding already. Lanes are numbered 5 * y + x + 1.
local ROUNDS = {
  0x0000000000000001, 0x0000000000008082, 0x800000000000808A, 0x8000000080008000, 0x000000000000808B,
  0x0000000080000001, 0x8000000080008081, 0x8000000000008009, 0x000000000000008A, 0x0000000000000088,
  0x0000000080008009, 0x000000008000000A, 0x000000008000808B, 0x800000000000008B, 0x8000000000008089,
  0x8000000000008003, 0x8000000000008002, 0x8000000000000080, 0x000000000000800A, 0x800000008000000A,
  0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008,
}
local ROTATIONS = { 0, 1, 62, 28, 27, 36, 44, 6, 55, 20, 3, 10, 43, 25, 39, 41, 45, 15, 21, 8, 18, 2, 61, 56, 14 }
local TARGETS = { 1, 11, 21, 6, 16, 17, 2, 12, 22, 7, 8, 18, 3, 13, 23, 24, 9, 19, 4, 14, 15, 25, 10, 20, 5 }

local function theta(lanes)
  local c1 = lanes[1] ~ lanes[6] ~ lanes[11] ~ lanes[16] ~ lanes[21]
  local c2 = lanes[2] ~ lanes[7] ~ lanes[12] ~ lanes[17] ~ lanes[22]
  local c3 = lanes[3] ~ lanes[8] ~ lanes[13] ~ lanes[18] ~ lanes[23]
  local c4 = lanes[4] ~ lanes[9] ~ lanes[14] ~ lanes[19] ~ lanes[24]
  local c5 = lanes[5] ~ lanes[10] ~ lanes[15] ~ lanes[20] ~ lanes[25]
  local d1, d2 = c5 ~ (c2 << 1 | c2 >> 63), c1 ~ (c3 << 1 | c3 >> 63)
  local d3, d4 = c2 ~ (c4 << 1 | c4 >> 63), c3 ~ (c5 << 1 | c5 >> 63)
  return d1, d2, d3, d4, c4 ~ (c1 << 1 | c1 >> 63)
end

local function chi(lanes, moved)
  for row = 1, 21, 5 do
    local a, b, c, d, e = moved[row], moved[row + 1], moved[row + 2], moved[row + 3], moved[row + 4]
    lanes[row], lanes[row + 1], lanes[row + 2] = a ~ (~b & c), b ~ (~c & d), c ~ (~d & e)
    lanes[row + 3], lanes[row + 4] = d ~ (~e & a), e ~ (~a & b)
  end
end

local function permute(lanes)
  local moved = {}
  for round = 1, 24 do
    local parities = { theta(lanes) }
    for i = 1, 25 do
      local lane, rotation = lanes[i] ~ parities[(i - 1) % 5 + 1], ROTATIONS[i]
      moved[TARGETS[i]] = lane << rotation | lane >> (64 - rotation)
    end
    chi(lanes, moved)
    lanes[1] = lanes[1] ~ ROUNDS[round]
  end
end

-- The first `size` bytes out of the sponge, which are fewer than its rate.
local function keccak(padded, rate, size)
  local lanes = {}
  for i = 1, 25 do
    lanes[i] = 0
  end
  for at = 1, #padded, rate do
    for i = 1, rate // 8 do
      lanes[i] = lanes[i] ~ ("<I8"):unpack(padded, at + 8 * i - 8)
    end
    permute(lanes)
  end
  local words = size // 8
  return ("<" .. ("I8"):rep(words)):pack(table.unpack(lanes, 1, words))
end

return keccak
