-- Lists of bytes.
local Queue = require(".crypto.util.queue")

local Array = {}

local byte, char, concat, format = string.byte, string.char, table.concat, string.format
local CHUNK = 200 -- few enough for one call's results

function Array.size(array)
  return #array
end

function Array.fromString(text)
  local bytes = {}
  for i = 1, #text, CHUNK do
    local chunk = { byte(text, i, i + CHUNK - 1) }
    table.move(chunk, 1, #chunk, i, bytes)
  end
  return bytes
end

function Array.toString(bytes)
  local chars = {}
  for i, value in ipairs(bytes) do
    chars[i] = char(value)
  end
  return concat(chars)
end

function Array.fromStream(stream)
  local array = {}
  for value in stream do
    array[#array + 1] = value
  end
  return array
end

function Array.readFromQueue(queue, size)
  local array = {}
  for i = 1, size do
    array[i] = queue.pop()
  end
  return array
end

function Array.writeToQueue(queue, array)
  for i = 1, #array do
    queue.push(array[i])
  end
end

function Array.toStream(array)
  local queue = Queue()
  for _, value in ipairs(array) do
    queue.push(value)
  end
  return queue.pop
end

-- Two digits of one case make a byte: `aF` is none.
function Array.fromHex(hex)
  local array = {}
  for i = 1, #hex // 2 do
    local digits = hex:sub(2 * i - 1, 2 * i)
    local one_case = digits == digits:lower() or digits == digits:upper()
    array[i] = one_case and digits:find("^%x%x$") and tonumber(digits, 16) or nil
  end
  return array
end

function Array.toHex(array)
  local hex = {}
  for i, value in ipairs(array) do
    hex[i] = format("%02X", value)
  end
  return concat(hex)
end

function Array.concat(a, b)
  local joined = {}
  for _, value in ipairs(a) do
    joined[#joined + 1] = value
  end
  for _, value in ipairs(b) do
    joined[#joined + 1] = value
  end
  return joined
end

function Array.truncate(array, size)
  return table.move(array, 1, size, 1, {})
end

function Array.XOR(a, b)
  local result = {}
  for key, value in pairs(a) do
    result[key] = value ~ b[key]
  end
  return result
end

-- Each value replaced by what the box has for it.
function Array.substitute(input, box)
  local result = {}
  for key, value in pairs(input) do
    result[key] = box[value]
  end
  return result
end

-- Each place filled from the place that the box names for it.
function Array.permute(input, box)
  local result = {}
  for key, place in pairs(box) do
    result[key] = input[place]
  end
  return result
end

function Array.copy(input)
  local result = {}
  for key, value in pairs(input) do
    result[key] = value
  end
  return result
end

local function place(array, index, default)
  if index == nil then
    return default
  end
  return index < 0 and #array + index + 1 or index
end

-- From `start` to `stop`, both counted from the end where they are negative.
function Array.slice(input, start, stop)
  local first, last = place(input, start, 1), place(input, stop, #input)
  return table.move(input, first, last, 1, {})
end

return Array
