-- A whole state as one list of numbers, strings and booleans, and a state made from such a list. What cannot be written
-- down (a suspended coroutine, an iterator of the C library, userdata) makes `save` answer nil and say which.
--
-- In the list, strings, floats and booleans stand for themselves; an integer is a reference: 0 is nil, 2i the object i,
-- 2i + 1 the integer i of a pool. Counts and places are plain integers where the reader expects them.
local host = ...

local next, type, rawget, rawset, rawlen = next, type, rawget, rawset, rawlen
local load, error, pcall, select, unpack = load, error, pcall, select, table.unpack
local dump, math_type, status, debug = host.dump, math.type, coroutine.status, debug
local getmetatable, setmetatable, setupvalue = debug.getmetatable, debug.setmetatable, debug.setupvalue
local getupvalue, upvalueid, upvaluejoin = debug.getupvalue, debug.upvalueid, debug.upvaluejoin
local create, resume, ordered, move = host.create, host.resume, host.ordered, table.move

-- Values of the types that share one metatable.
local SAMPLES = { true, 0, "", print, create(print) }

-- What each runtime has from the start, by name; `open` are the tables among them that a program may change.
local names, things, open = {}, {}, {}

local function name_all(name, thing)
  if names[thing] then return end
  names[thing], things[name] = name, thing
  if type(thing) ~= "table" then return end
  open[#open + 1], open[thing] = thing, true
  for _, key in next, (ordered(thing)) do
    local value = rawget(thing, key)
    local kind = type(value)
    if kind == "table" or kind == "function" then name_all(name .. "." .. key, value) end
  end
  local meta = getmetatable(thing)
  if meta then name_all(name .. "@", meta) end
end

-- Called once, when the world is made and before a program runs.
function host.name_world()
  for name, thing in next, host.internals do
    names[thing], things["host." .. name] = "host." .. name, thing
  end
  name_all("loaded", host.loaded)
  name_all("string@", getmetatable(""))
end

local Unsavable = {}

local function saver()
  local made, metas, filled = {}, {}, {} -- how objects come to be; which metatables they have; what is in them
  local m, t, f = 0, 0, 0
  local references, queue, count = {}, {}, 0
  local pool, places, pooled = {}, {}, 0
  local cells, owned = {}, 0

  local function object(value)
    count = count + 1
    queue[count] = value
    references[value] = 2 * count
    return 2 * count
  end

  local function reference(value)
    local kind = type(value)
    if kind == "string" or kind == "boolean" then return value end
    if kind == "number" then
      if math_type(value) == "float" then return value end
      local place = places[value]
      if not place then
        pooled = pooled + 1
        place = 2 * pooled + 1
        pool[pooled], places[value] = value, place
      end
      return place
    end
    if kind == "nil" then return 0 end
    return references[value] or object(value)
  end

  -- How much of a table is its list part, as the table itself would grow it.
  local function list_size(value)
    local size, integers, greatest = rawlen(value), 0, 0
    for key in next, value do
      if math_type(key) == "integer" and key > 0 then
        integers = integers + 1
        if key > greatest then greatest = key end
      end
    end
    return integers > greatest // 2 and greatest or size
  end

  local function fill_table(value)
    local meta = getmetatable(value)
    if meta then
      metas[t + 1], metas[t + 2] = references[value], reference(meta)
      t = t + 2
    end
    local size = list_size(value)
    f = f + 1
    filled[f] = size
    for i = 1, size do
      f = f + 1
      filled[f] = reference(rawget(value, i))
    end
    f = f + 1
    local at, named = f, 0
    for key, item in next, value do
      if math_type(key) ~= "integer" or key < 1 or key > size then
        named = named + 1
        filled[f + 1], filled[f + 2] = reference(key), reference(item)
        f = f + 2
      end
    end
    filled[at] = named
  end

  local function fill_function(value)
    local position = 0
    while true do
      local name, content = getupvalue(value, position + 1)
      if not name then break end
      position = position + 1
      local id = upvalueid(value, position)
      local cell = cells[id]
      if not cell then
        owned = owned + 1
        cells[id] = owned
        filled[f + 1], filled[f + 2] = owned, reference(content)
        f = f + 2
      else
        filled[f + 1] = -cell
        f = f + 1
      end
    end
    f = f + 1
    filled[f] = 0
  end

  local function make(kind, payload)
    made[m + 1], made[m + 2] = kind, payload
    m = m + 2
  end

  local function save_function(value)
    local info = debug.getinfo(value, "S")
    if info.what == "C" then error({ Unsavable, "a function of the C library" }, 0) end
    make("function", dump(value))
    fill_function(value)
  end

  local function save_object(value)
    local kind = type(value)
    local name = names[value]
    if name then
      make("named", name)
      return open[value] and fill_table(value)
    end
    if kind == "table" then
      make("table", "")
      return fill_table(value)
    end
    if kind == "function" then return save_function(value) end
    if kind == "thread" and status(value) == "dead" then return make("dead", "") end
    error({ Unsavable, kind == "thread" and "a coroutine that is not done" or "a " .. kind }, 0)
  end

  local function save_roots(roots)
    local done = 0
    for i = 1, #roots do reference(roots[i]) end
    while done < count do
      done = done + 1
      save_object(queue[done])
    end
  end

  local function saved_numbers()
    local numbers = {}
    for value, number in next, host.shown do
      if references[value] then
        numbers[#numbers + 1] = references[value]
        numbers[#numbers + 1] = number
      end
    end
    return numbers
  end

  local function list()
    local numbers, out, n = saved_numbers(), {}, 0
    local function section(items, size)
      out[n + 1] = size
      move(items, 1, size, n + 2, out)
      n = n + 1 + size
    end
    section(pool, pooled)
    section(made, m)
    section(metas, t)
    section(filled, f)
    section(numbers, #numbers)
    out[n + 1], out[n + 2] = host.shown_count, host.weak or false
    return out
  end

  return save_roots, list
end

local image = {} -- on its way to the host or from it

-- Answers how long the image is, or nil and what cannot be written down.
function host.save()
  local save_roots, list = saver()
  local roots = { { host.handle } }
  local shared = { n = getmetatable(nil) }
  for i = 1, #SAMPLES do shared[i] = getmetatable(SAMPLES[i]) or false end
  roots[2] = shared
  for i = 1, #open do roots[#roots + 1] = open[i] end
  local ok, problem = pcall(save_roots, roots)
  if ok then
    image = list()
    return #image, nil
  end
  if type(problem) == "table" and problem[1] == Unsavable then return nil, problem[2] end
  error(problem, 0)
end

function host.give(first, last)
  local all = image
  if last == #all then image = {} end
  return unpack(all, first, last)
end

function host.take(first, ...) move({ ... }, 1, select("#", ...), first, image) end

local function restorer(list)
  local at = 0
  local pool, objects = {}, {}

  local function take()
    at = at + 1
    return list[at]
  end

  local function value_of(reference)
    if math_type(reference) ~= "integer" then return reference end
    if reference == 0 then return nil end
    if reference & 1 == 1 then return pool[reference >> 1] end
    return objects[reference >> 1]
  end

  local makers = {
    table = function() return {} end,
    ["function"] = function(code) return (load(code, "=?", "b")) end,
    named = function(name) return things[name] or error("this engine has no " .. name, 0) end,
    dead = function()
      local thread = create(function() end)
      resume(thread)
      return thread
    end,
  }

  local kinds = {}

  local function make_objects()
    for i = 1, take() // 2 do
      local kind, payload = list[at + 1], list[at + 2]
      at = at + 2
      local made = makers[kind](payload)
      objects[i] = made
      if kind == "named" then kind = open[made] and "open" or "dead" end
      kinds[i] = kind
    end
  end

  -- Before any content is there: a metatable that has `__gc` by now must not make finalizers run.
  local function set_metatables()
    for i = 1, #kinds do
      if kinds[i] == "open" then setmetatable(objects[i], nil) end
    end
    for _ = 1, take() // 2 do
      setmetatable(objects[list[at + 1] >> 1], value_of(list[at + 2]))
      at = at + 2
    end
  end

  local function fill_table(t)
    local size = take()
    local holes
    for i = 1, size do
      local value = value_of(list[at + i])
      if value == nil then
        -- The place is filled for a while, so that the table grows as the saved one had grown.
        holes = holes or {}
        holes[#holes + 1] = i
        value = true
      end
      rawset(t, i, value)
    end
    at = at + size
    for i = 1, holes and #holes or 0 do rawset(t, holes[i], nil) end
    for _ = 1, take() do
      rawset(t, value_of(list[at + 1]), value_of(list[at + 2]))
      at = at + 2
    end
  end

  local owners, positions = {}, {}

  local function fill_function(f)
    local position = 0
    while true do
      local cell = take()
      if cell == 0 then return end
      position = position + 1
      if cell > 0 then
        owners[cell], positions[cell] = f, position
        setupvalue(f, position, value_of(take()))
      else
        upvaluejoin(f, position, owners[-cell], positions[-cell])
      end
    end
  end

  local function fill_objects()
    take()
    for i = 1, #kinds do
      local kind, object = kinds[i], objects[i]
      if kind == "open" then
        for key in next, object do rawset(object, key, nil) end
      end
      if kind == "table" or kind == "open" then
        fill_table(object)
      elseif kind == "function" then
        fill_function(object)
      end
    end
  end

  local function number_objects()
    for _ = 1, take() // 2 do
      host.shown[objects[list[at + 1] >> 1]] = list[at + 2]
      at = at + 2
    end
    host.shown_count, host.weak = take(), take()
  end

  return function()
    for i = 1, take() do pool[i] = take() end
    make_objects()
    set_metatables()
    fill_objects()
    number_objects()
    return objects
  end
end

function host.restore()
  local objects = restorer(image)()
  image = {}
  host.handle = objects[1][1]
  local shared = objects[2]
  setmetatable(nil, shared.n)
  for i = 1, #SAMPLES do setmetatable(SAMPLES[i], shared[i] or nil) end
end
