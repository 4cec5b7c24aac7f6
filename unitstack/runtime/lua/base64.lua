-- Base64 with alphabets that programs may make their own; decoding needs the padding that encoding writes.
local byte, char, concat = string.byte, string.char, table.concat

local base64 = {}

local PLAIN = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
local PAD = 64
local EQUALS = byte("=")

-- An alphabet as a map from code to byte; the padding has code 64.
function base64.makeencoder(c62, c63, pad)
  local encoder = {}
  for code = 0, 61 do
    encoder[code] = byte(PLAIN, code + 1)
  end
  encoder[62], encoder[63], encoder[PAD] = byte(c62 or "+"), byte(c63 or "/"), byte(pad or "=")
  return encoder
end

-- The same from byte to code.
function base64.makedecoder(c62, c63, pad)
  local decoder = {}
  for code, letter in pairs(base64.makeencoder(c62, c63, pad)) do
    decoder[letter] = code
  end
  return decoder
end

local ENCODER, DECODER = base64.makeencoder(), base64.makedecoder()

local function four(encoder, bits)
  return encoder[bits >> 18], encoder[bits >> 12 & 63], encoder[bits >> 6 & 63], encoder[bits & 63]
end

-- The last one or two bytes; an alphabet without padding leaves it out.
local function tail(encoder, a, b)
  local first, second, third = four(encoder, a << 16 | (b or 0) << 8)
  local pad = encoder[PAD] and char(encoder[PAD]) or ""
  if b then
    return char(first, second, third) .. pad
  end
  return char(first, second) .. pad .. pad
end

-- The third parameter of the field, whether to cache, is of no use here: the text is the same.
function base64.encode(text, encoder)
  encoder = encoder or ENCODER
  local parts, count, left = {}, 0, #text % 3
  for i = 1, #text - left, 3 do
    local a, b, c = byte(text, i, i + 2)
    count = count + 1
    parts[count] = char(four(encoder, a << 16 | b << 8 | c))
  end
  if left > 0 then
    parts[count + 1] = tail(encoder, byte(text, #text - left + 1, #text))
  end
  return concat(parts)
end

local function in_alphabet(text, decoder)
  return (text:gsub("[^%w]", function(letter)
    local code = byte(letter)
    return (decoder[code] or code == EQUALS) and letter or ""
  end))
end

local function padding_of(text)
  return text:sub(-2) == "==" and 2 or text:sub(-1) == "=" and 1 or 0
end

local function three(decoder, a, b, c, d)
  local bits = decoder[a] * 0x40000 + decoder[b] * 0x1000 + (c and decoder[c] * 0x40 or 0) + (d and decoder[d] or 0)
  return bits >> 16 & 0xFF, bits >> 8 & 0xFF, bits & 0xFF
end

-- What is not of the alphabet, such as line breaks, is passed over. Fails on text without its padding.
function base64.decode(text, decoder)
  decoder = decoder or DECODER
  text = in_alphabet(text, decoder)
  local padding = padding_of(text)
  if #text % 4 ~= 0 then
    error("attempt to decode base64 of " .. #text .. " characters: not a multiple of 4, its padding is missing", 2)
  end
  local parts, count = {}, 0
  for i = 1, #text - (padding > 0 and 4 or 0), 4 do
    count = count + 1
    parts[count] = char(three(decoder, byte(text, i, i + 3)))
  end
  if padding > 0 then
    parts[count + 1] = char(three(decoder, byte(text, -4, -1 - padding))):sub(1, 3 - padding)
  end
  return concat(parts)
end

return base64
