-- `pairs` and `next` in an order that does not depend on the hash seed: numbers ascending, strings in byte order, then
-- the rest by what can be said of it. Replaying a journal is exact only because of this.
local host = ...

local next, type, rawget, getmetatable, getinfo = next, type, rawget, debug.getmetatable, debug.getinfo
local sort, concat, format, error, tostring = table.sort, table.concat, string.format, error, tostring
local expect = host.expect

local RANKS = { number = 1, string = 2, boolean = 3 }

-- Two functions from the same line, or two tables with the same plain content, are told apart by nothing: their order
-- is the table's own.
local function fingerprint(value)
  local kind = type(value)
  if kind == "boolean" then return value and "1" or "0" end
  if kind == "function" then
    local info = getinfo(value, "S")
    return format("2%s:%09d", info.source, info.linedefined)
  end
  if kind ~= "table" then return "4" .. kind end
  local parts = {}
  for k, v in next, value do
    if RANKS[type(k)] then parts[#parts + 1] = tostring(k) .. "=" .. (RANKS[type(v)] and tostring(v) or type(v)) end
  end
  sort(parts)
  return "3" .. concat(parts, "\0")
end

local function append_rest(keys, count, rest)
  local prints = {}
  for i = 1, #rest do prints[rest[i]] = fingerprint(rest[i]) end
  sort(rest, function(a, b) return prints[a] < prints[b] end)
  for i = 1, #rest do keys[count + i] = rest[i] end
  return count + #rest
end

local function ordered(t)
  local keys, numbers = {}, 0
  local strings, rest, count
  for key in next, t do
    local kind = type(key)
    if kind == "string" then
      if strings then
        count = count + 1
        strings[count] = key
      else
        strings, count = { key }, 1
      end
    elseif kind == "number" then
      numbers = numbers + 1
      keys[numbers] = key
    else
      rest = rest or {}
      rest[#rest + 1] = key
    end
  end
  local total = numbers
  if numbers > 1 then sort(keys) end
  if strings then
    if count > 1 then sort(strings) end
    if numbers == 0 then
      keys, total = strings, count
    else
      for i = 1, count do keys[numbers + i] = strings[i] end
      total = numbers + count
    end
  end
  if rest then total = append_rest(keys, total, rest) end
  return keys, total
end

local function is_sequence(t)
  local n = 0
  for key in next, t do
    n = n + 1
    if key ~= n then return false end
  end
  return true
end

local function walk(t)
  local keys, at = ordered(t), 0
  return function()
    while true do
      at = at + 1
      local key = keys[at]
      if key == nil then return nil end
      local value = rawget(t, key)
      if value ~= nil then return key, value end -- a key that vanished on the way is passed over
    end
  end
end

local function ordered_pairs(t)
  local meta = getmetatable(t)
  if meta then
    local custom = rawget(meta, "__pairs")
    if custom ~= nil then
      local a, b, c = custom(t)
      return a, b, c
    end
  end
  -- What is no table fails in `next`, at the loop's own line, as in stock Lua.
  if type(t) ~= "table" or is_sequence(t) then return next, t, nil end
  return walk(t), t, nil
end

local walks = setmetatable({}, { __mode = "k" }) -- table -> its keys and their places, while `next` goes through it

local function begin(t)
  local keys, total = ordered(t)
  local places = {}
  for i = 1, total do places[keys[i]] = i end
  local walk_of_t = { keys = keys, places = places }
  walks[t] = walk_of_t
  return walk_of_t
end

local function ordered_next(t, key)
  expect(1, "next", "table", t)
  if key == nil then
    walks[t] = nil
    if next(t) == nil then return nil end
    if is_sequence(t) then return next(t) end
  end
  local walk_of_t = walks[t] or begin(t)
  local at = 0
  if key ~= nil then
    at = walk_of_t.places[key]
    if not at then error("invalid key to 'next'", 2) end
  end
  local keys = walk_of_t.keys
  while true do
    at = at + 1
    local following = keys[at]
    if following == nil then
      walks[t] = nil
      return nil
    end
    local value = rawget(t, following)
    if value ~= nil then return following, value end
  end
end

host.pairs, host.next, host.ordered = ordered_pairs, ordered_next, ordered
