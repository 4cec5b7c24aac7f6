-- MORUS-1280 (Wu and Huang, CAESAR 2016), authenticated encryption. The state is five registers of four words.
local bytes = require(".crypto.core.bytes")

local BLOCK, TAG = 32, 16
local BLOCK_FORMAT, TAG_FORMAT = "<I8I8I8I8", "<I8I8"
local ROTATIONS, MOVES = { 13, 46, 38, 7, 4 }, { 1, 2, 3, 2, 1 }
local CONSTANTS = { 0x0d08050302010100, 0x6279e99059372215, 0xf12fc26d55183ddb, 0xdd28b57342311120 }
local NOTHING = { 0, 0, 0, 0 }

local function update(state, message)
  for i = 0, 4 do
    local register, moved = state[i], state[(i + 3) % 5]
    local x, y, z = state[(i + 1) % 5], state[(i + 2) % 5], moved
    local rotation, turned = ROTATIONS[i + 1], {}
    for j = 1, 4 do
      local word = register[j] ~ (x[j] & y[j]) ~ z[j] ~ (i > 0 and message[j] or 0)
      register[j] = word << rotation | word >> (64 - rotation)
      turned[(j - 1 + MOVES[i + 1]) % 4 + 1] = moved[j]
    end
    state[(i + 3) % 5] = turned
  end
end

local function key_words(key)
  if #key == BLOCK then
    return { BLOCK_FORMAT:unpack(key) }
  end
  return { BLOCK_FORMAT:unpack(key .. key) }
end

local function start(key, iv)
  assert(#key == 16 or #key == 32, "key must be 16 or 32 bytes")
  assert(#iv == 16, "iv must be 16 bytes")
  local words = key_words(key)
  local iv1, iv2 = TAG_FORMAT:unpack(iv)
  local state = {
    [0] = { iv1, iv2, 0, 0 },
    { table.unpack(words, 1, 4) },
    { -1, -1, -1, -1 },
    { 0, 0, 0, 0 },
    { table.unpack(CONSTANTS) },
  }
  for _ = 1, 16 do
    update(state, NOTHING)
  end
  for j = 1, 4 do
    state[1][j] = state[1][j] ~ words[j]
  end
  return state
end

local function stream_word(state, j)
  return state[0][j] ~ state[1][j % 4 + 1] ~ (state[2][j] & state[3][j])
end

-- A block of up to 32 bytes mixed with the key stream. What goes into the state is always the plain text.
local function crypt(state, block, encrypting)
  local words = { BLOCK_FORMAT:unpack(block .. ("\0"):rep(BLOCK - #block)) }
  local mixed = {}
  for j = 1, 4 do
    mixed[j] = words[j] ~ stream_word(state, j)
  end
  local result = BLOCK_FORMAT:pack(table.unpack(mixed)):sub(1, #block)
  local plain = encrypting and block or result
  update(state, { BLOCK_FORMAT:unpack(plain .. ("\0"):rep(BLOCK - #plain)) })
  return result
end

local function crypt_all(state, text, encrypting)
  local parts = {}
  for at = 1, #text, BLOCK do
    parts[#parts + 1] = crypt(state, text:sub(at, at + BLOCK - 1), encrypting)
  end
  return table.concat(parts)
end

local function tag(state, text_size, ad_size)
  for j = 1, 4 do
    state[4][j] = state[4][j] ~ state[0][j]
  end
  for _ = 1, 10 do
    update(state, { ad_size << 3, text_size << 3, 0, 0 })
  end
  return TAG_FORMAT:pack(stream_word(state, 1), stream_word(state, 2))
end

-- Additional data as it is, encrypted text, tag.
local function encrypt(key, iv, text, ad)
  ad = ad or ""
  local state = start(key, iv)
  crypt_all(state, ad, true)
  local encrypted = crypt_all(state, text, true)
  return bytes(ad .. encrypted .. tag(state, #text, #ad))
end

-- The text, or nil and a reason where the tag does not fit.
local function decrypt(key, iv, crypted, ad_size)
  ad_size = ad_size or 0
  local state = start(key, iv)
  crypt_all(state, crypted:sub(1, ad_size), true)
  local encrypted = crypted:sub(ad_size + 1, -TAG - 1)
  local text = crypt_all(state, encrypted, false)
  if tag(state, #encrypted, ad_size) ~= crypted:sub(-TAG) then
    return nil, "decrypt error"
  end
  return text
end

return { encrypt = encrypt, decrypt = decrypt, key_size = 32, nonce_size = 16, variant = "Morus-1280" }
