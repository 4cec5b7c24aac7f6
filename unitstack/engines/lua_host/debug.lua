-- `debug`, as far as it cannot reach a function of the host. Chunks of the host have no name.
local host = ...

local type, error, rawget, real = type, error, rawget, debug
local getinfo, getlocal, getmetatable, find = real.getinfo, real.getlocal, real.getmetatable, string.find
local G = host.G

local function is_foreign(info) return info == nil or info.what == "C" or info.source == "=?" end

local function shifted(level) return type(level) == "number" and level + 1 or level end

local function harmless(info)
  if info and is_foreign(getinfo(info.func, "S")) then info.func = nil end
  return info
end

local reflect = {}

function reflect.getinfo(first, ...)
  if type(first) == "thread" then return harmless(getinfo(first, ...)) end
  local what = ...
  if type(what) == "string" and not find(what, "f", 1, true) then
    local info = getinfo(shifted(first), what)
    return info
  end
  local info = getinfo(shifted(first), ...)
  return type(first) == "function" and info or harmless(info)
end

function reflect.getlocal(first, ...)
  if type(first) == "function" then return getlocal(first, ...) end
  if type(first) == "thread" then
    local level, position = ...
    if is_foreign(getinfo(first, level, "S")) then return nil end
    return getlocal(first, level, position)
  end
  if is_foreign(getinfo(shifted(first), "S")) then return nil end
  local name, value = getlocal(shifted(first), ...)
  return name, value
end

function reflect.getupvalue(f, position)
  if is_foreign(getinfo(f, "S")) then return nil end
  return real.getupvalue(f, position)
end

function reflect.setupvalue(f, position, value)
  if is_foreign(getinfo(f, "S")) then return nil end
  return real.setupvalue(f, position, value)
end

function reflect.upvalueid(f, position)
  if is_foreign(getinfo(f, "S")) then error("bad argument #2 to 'upvalueid' (invalid upvalue index)", 2) end
  return real.upvalueid(f, position)
end

function reflect.upvaluejoin(f, position, other, other_position)
  if is_foreign(getinfo(f, "S")) or is_foreign(getinfo(other, "S")) then
    error("bad argument #1 to 'upvaluejoin' (Lua function expected)", 2)
  end
  return real.upvaluejoin(f, position, other, other_position)
end

function reflect.setmetatable(value, meta)
  if type(value) == "table" then
    local old = getmetatable(value)
    if old == nil or rawget(old, "__metatable") == nil then return G.setmetatable(value, meta) end
  end
  if meta and rawget(meta, "__gc") ~= nil then error("finalizers do not run in a process", 2) end
  return real.setmetatable(value, meta)
end

function reflect.getregistry() return {} end
function reflect.gethook() return nil end
function reflect.sethook() end
function reflect.setlocal() return nil end
function reflect.getuservalue() return nil end
function reflect.setuservalue(value) return value end
function reflect.debug() end
reflect.getmetatable, reflect.traceback = getmetatable, real.traceback
G.debug = reflect
host.loaded.debug = reflect
