-- The globals that a program sees: stock Lua 5.3, less what reaches the host. Names that are taken away still exist,
-- and answer as they do where there is no file system and no shell.
local host = ...

local type, error, rawget, rawset, select, tostring = type, error, rawget, rawset, select, tostring
local setmetatable, getmetatable, load, collect = setmetatable, debug.getmetatable, load, collectgarbage
local format, find = string.format, string.find
local guard, expect = host.guard, host.expect

local G = {}
for _, name in ipairs({
  "_VERSION", "assert", "error", "getmetatable", "ipairs", "rawequal", "rawget", "rawlen", "rawset", "require",
  "select", "tonumber", "type", "coroutine", "debug", "io", "math", "os", "package", "string", "table", "utf8",
}) do
  G[name] = _G[name]
end
G._G = G
G.pcall, G.xpcall = guard.pcall, guard.xpcall
G.pairs, G.next = host.pairs, host.next

-- Objects are numbered as they are shown, so that a text does not depend on where they lie in memory.
local shown = setmetatable({}, { __mode = "k" })
host.shown, host.shown_count = shown, 0

local function number_of(object)
  local number = shown[object]
  if not number then
    number = host.shown_count + 1
    host.shown_count = number
    shown[object] = number
  end
  return number
end

function G.tostring(...)
  local value = ...
  local kind = type(value)
  if kind == "table" then
    local meta = getmetatable(value)
    if meta then
      if rawget(meta, "__tostring") ~= nil then return tostring(value) end
      local name = rawget(meta, "__name")
      if type(name) == "string" then kind = name end
    end
  elseif kind ~= "function" and kind ~= "thread" then
    return tostring(...)
  end
  return format("%s: 0x%08x", kind, number_of(value) * 16)
end

function G.setmetatable(t, meta)
  expect(1, "setmetatable", "table", t)
  if meta ~= nil and type(meta) ~= "table" then
    error("bad argument #2 to 'setmetatable' (nil or table expected)", 2)
  end
  local old = getmetatable(t)
  if old and rawget(old, "__metatable") ~= nil then error("cannot change a protected metatable", 2) end
  if meta and rawget(meta, "__mode") ~= nil then host.weak = true end
  local finalizer = meta and rawget(meta, "__gc")
  if finalizer == nil then return setmetatable(t, meta) end
  -- Hooks are off in finalizers, and when they run is up to the collector: here they never do.
  rawset(meta, "__gc", nil)
  setmetatable(t, meta)
  rawset(meta, "__gc", finalizer)
  return t
end

function G.load(...)
  local chunk, name, mode, env = ...
  if mode == nil or (type(mode) == "string" and find(mode, "t", 1, true)) then
    mode = "t" -- bytecode can crash the host
  end
  if select("#", ...) < 4 then env = G end
  if type(mode) == "string" and mode ~= "t" then
    return nil, format("attempt to load a text chunk (mode is '%s')", mode)
  end
  return guard.load(load, chunk, name, mode, env)
end

function G.loadfile(name) return nil, "cannot open " .. tostring(name) end

function G.dofile(name) error("cannot open " .. tostring(name), 2) end

local COLLECT = {
  collect = function()
    collect()
    return 0
  end,
  count = function() return host.count() end,
  step = function() return true end,
  isrunning = function() return true end,
  stop = function() return 0 end,
  restart = function() return 0 end,
  setpause = function() return 200 end,
  setstepmul = function() return 200 end,
  generational = function() return 0 end,
  incremental = function() return 0 end,
}

function G.collectgarbage(option)
  local action = COLLECT[option == nil and "collect" or option]
  if not action then
    error(format("bad argument #1 to 'collectgarbage' (invalid option '%s')", tostring(option)), 2)
  end
  return action()
end

-- How much memory is held depends on when the collector ran: a replay must be told what was answered the first time.
local tape = { at = 0, size = 0 }
host.tape = tape

function host.count()
  tape.at = tape.at + 1
  if tape.at > tape.size then tape[tape.at], tape.size = collect("count"), tape.at end
  return tape[tape.at]
end

string.dump = function() error("unable to dump given function", 2) end

coroutine.create, coroutine.resume, coroutine.wrap = guard.create, guard.resume, guard.wrap

-- The loader replaces the generator before a program starts; the runtime seeds its own at the first message.
math.random = function() return 0.5 end
math.randomseed = function() end

host.G = G
