-- BLAKE2b (RFC 7693) over given blocks.
local BLOCK = 128
local BLOCK_FORMAT, OUTPUT = "<" .. ("I8"):rep(16), "<" .. ("I8"):rep(8)
local START = {
  0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b, 0xa54ff53a5f1d36f1,
  0x510e527fade682d1, 0x9b05688c2b3e6c1f, 0x1f83d9abfb41bd6b, 0x5be0cd19137e2179,
}
local PARAMETERS = 0x01010000 -- no tree: fan-out and depth are 1
local ORDERS = {
  { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16 },
  { 15, 11, 5, 9, 10, 16, 14, 7, 2, 13, 1, 3, 12, 8, 6, 4 },
  { 12, 9, 13, 1, 6, 3, 16, 14, 11, 15, 4, 7, 8, 2, 10, 5 },
  { 8, 10, 4, 2, 14, 13, 12, 15, 3, 7, 6, 11, 5, 1, 16, 9 },
  { 10, 1, 6, 8, 3, 5, 11, 16, 15, 2, 12, 13, 7, 9, 4, 14 },
  { 3, 13, 7, 11, 1, 12, 9, 4, 5, 14, 8, 6, 16, 15, 2, 10 },
  { 13, 6, 2, 16, 15, 14, 5, 11, 1, 8, 7, 4, 10, 3, 9, 12 },
  { 14, 12, 8, 15, 13, 2, 4, 10, 6, 1, 16, 5, 9, 7, 3, 11 },
  { 7, 16, 15, 10, 12, 4, 1, 9, 13, 3, 14, 8, 2, 5, 11, 6 },
  { 11, 3, 9, 5, 8, 7, 2, 6, 16, 12, 10, 15, 4, 13, 14, 1 },
}
local COLUMNS_AND_DIAGONALS = {
  { 1, 5, 9, 13 }, { 2, 6, 10, 14 }, { 3, 7, 11, 15 }, { 4, 8, 12, 16 },
  { 1, 6, 11, 16 }, { 2, 7, 12, 13 }, { 3, 8, 9, 14 }, { 4, 5, 10, 15 },
}

local function mix(v, places, x, y)
  local i, j, k, l = places[1], places[2], places[3], places[4]
  local a, b, c, d = v[i], v[j], v[k], v[l]
  a = a + b + x
  d = d ~ a
  d = d >> 32 | d << 32
  c = c + d
  b = b ~ c
  b = b >> 24 | b << 40
  a = a + b + y
  d = d ~ a
  d = d >> 16 | d << 48
  c = c + d
  b = b ~ c
  v[i], v[j], v[k], v[l] = a, b >> 63 | b << 1, c, d
end

local function fold(state, block, count, last)
  local m = { BLOCK_FORMAT:unpack(block) }
  local v = table.move(START, 1, 8, 9, { table.unpack(state) })
  v[13] = v[13] ~ count
  v[15] = last and ~v[15] or v[15]
  for round = 0, 11 do
    local order = ORDERS[round % 10 + 1]
    for i, places in ipairs(COLUMNS_AND_DIAGONALS) do
      mix(v, places, m[order[2 * i - 1]], m[order[2 * i]])
    end
  end
  for i = 1, 8 do
    state[i] = state[i] ~ v[i] ~ v[i + 8]
  end
end

-- `text` holds the key's block, if there is a key. Of its bytes, `in_last` go into the last block.
local function blake2b(text, in_last, size, key_size)
  local state = { table.unpack(START) }
  state[1] = state[1] ~ PARAMETERS ~ key_size << 8 ~ size
  for at = 1, #text - in_last, BLOCK do
    fold(state, text:sub(at, at + BLOCK - 1), at + BLOCK - 1, false)
  end
  local last = text:sub(#text - in_last + 1)
  fold(state, last .. ("\0"):rep(BLOCK - in_last), #text, true)
  return OUTPUT:pack(table.unpack(state)):sub(1, size)
end

return blake2b
