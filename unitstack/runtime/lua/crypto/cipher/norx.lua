-- NORX64-4-1 (Aumasson, Jovanovic and Neves, CAESAR 2016), authenticated encryption by a sponge of sixteen words.
local bytes = require(".crypto.core.bytes")

local RATE, RATE_WORDS, TAG = 96, 12, 32
local RATE_FORMAT, KEY_FORMAT = "<" .. ("I8"):rep(RATE_WORDS), "<I8I8I8I8"
local HEADER, PAYLOAD, TRAILER, FINAL = 1, 2, 4, 8
local PARAMETERS = { 64, 4, 1, 256 } -- bits of a word, rounds, lanes, bits of the tag
local COLUMNS_AND_DIAGONALS = {
  { 1, 5, 9, 13 }, { 2, 6, 10, 14 }, { 3, 7, 11, 15 }, { 4, 8, 12, 16 },
  { 1, 6, 11, 16 }, { 2, 7, 12, 13 }, { 3, 8, 9, 14 }, { 4, 5, 10, 15 },
}

-- Adds without a carry chain.
local function blend(x, y)
  return x ~ y ~ (x & y) << 1
end

local function turn(x, bits)
  return x >> bits | x << (64 - bits)
end

local function quarter(s, places)
  local i, j, k, l = places[1], places[2], places[3], places[4]
  local a, b, c, d = s[i], s[j], s[k], s[l]
  a = blend(a, b)
  d = turn(d ~ a, 8)
  c = blend(c, d)
  b = turn(b ~ c, 19)
  a = blend(a, b)
  d = turn(d ~ a, 40)
  c = blend(c, d)
  s[i], s[j], s[k], s[l] = a, turn(b ~ c, 63), c, d
end

local function permute(s, rounds)
  for _ = 1, rounds or 4 do
    for _, places in ipairs(COLUMNS_AND_DIAGONALS) do
      quarter(s, places)
    end
  end
end

local function mix_into_capacity(s, words)
  for i = 1, 4 do
    s[12 + i] = s[12 + i] ~ words[i]
  end
end

local function start(key, nonce)
  local s = {}
  for i = 1, 16 do
    s[i] = i - 1
  end
  permute(s, 2)
  local words = { KEY_FORMAT:unpack(key) }
  table.move({ KEY_FORMAT:unpack(nonce) }, 1, 4, 1, s)
  table.move(words, 1, 4, 5, s)
  mix_into_capacity(s, PARAMETERS)
  permute(s)
  mix_into_capacity(s, words)
  return s, words
end

local function padded(block)
  if #block == RATE - 1 then
    return block .. "\x81"
  end
  return block .. "\x01" .. ("\0"):rep(RATE - 2 - #block) .. "\x80"
end

local function begin_block(s, domain)
  s[16] = s[16] ~ domain
  permute(s)
end

-- Takes in a block of full rate; answers it encrypted.
local function absorb(s, block, domain)
  begin_block(s, domain)
  local words = { RATE_FORMAT:unpack(block) }
  for i = 1, RATE_WORDS do
    s[i] = s[i] ~ words[i]
  end
  return RATE_FORMAT:pack(table.unpack(s, 1, RATE_WORDS))
end

-- What `text` becomes, block by block; the last block, which may be empty, is padded. No text has no blocks.
local function each_block(text, whole, last)
  local parts, at = {}, 1
  if text == "" then
    return ""
  end
  while #text - at + 1 >= RATE do
    parts[#parts + 1] = whole(text:sub(at, at + RATE - 1))
    at = at + RATE
  end
  parts[#parts + 1] = last(text:sub(at))
  return table.concat(parts)
end

local function take_in(s, text, domain)
  return each_block(text, function(block)
    return absorb(s, block, domain)
  end, function(block)
    return absorb(s, padded(block), domain):sub(1, #block)
  end)
end

local function open_block(s, block, size)
  local plain, words = {}, { RATE_FORMAT:unpack(block) }
  for i = 1, RATE_WORDS do
    plain[i], s[i] = s[i] ~ words[i], words[i]
  end
  return RATE_FORMAT:pack(table.unpack(plain)):sub(1, size)
end

-- A short block goes on with the sponge's own bytes, in which the padding's bits are turned.
local function completed(s, block)
  local own = RATE_FORMAT:pack(table.unpack(s, 1, RATE_WORDS)):sub(#block + 1)
  local padding = padded(block):sub(#block + 1)
  return block .. own:gsub("()(.)", function(at, char)
    return string.char(char:byte() ~ padding:byte(at))
  end)
end

local function decrypt_text(s, text)
  return each_block(text, function(block)
    begin_block(s, PAYLOAD)
    return open_block(s, block, RATE)
  end, function(block)
    begin_block(s, PAYLOAD)
    return open_block(s, completed(s, block), #block)
  end)
end

local function tag(s, words)
  begin_block(s, FINAL)
  mix_into_capacity(s, words)
  permute(s)
  mix_into_capacity(s, words)
  return KEY_FORMAT:pack(table.unpack(s, 13, 16))
end

-- Encrypted text and tag. Key and nonce have 32 bytes each.
local function encrypt(key, nonce, plain, header, trailer)
  local s, words = start(key, nonce)
  take_in(s, header or "", HEADER)
  local crypted = take_in(s, plain, PAYLOAD)
  take_in(s, trailer or "", TRAILER)
  return bytes(crypted .. tag(s, words))
end

-- The text, or nil and a reason where the tag does not fit.
local function decrypt(key, nonce, crypted, header, trailer)
  assert(#crypted >= TAG, "text shorter than its tag")
  local s, words = start(key, nonce)
  take_in(s, header or "", HEADER)
  local plain = decrypt_text(s, crypted:sub(1, -TAG - 1))
  take_in(s, trailer or "", TRAILER)
  if tag(s, words) ~= crypted:sub(-TAG) then
    return nil, "auth failure"
  end
  return plain
end

return { encrypt = encrypt, decrypt = decrypt, key_size = 32, nonce_size = 32, variant = "NORX 64-4-1" }
