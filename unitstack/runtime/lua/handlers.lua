-- The list of handlers: registering them, walking a message along it, and waiting for messages to come.
local compat = require(".compat")
local traces = require(".traces")
local utils = require(".utils")

-- A module that is loaded again takes over what the process has registered and what waits.
local loaded_before = type(_G.Handlers) == "table" and _G.Handlers or {}

local handlers = {
  _version = "0.0.5",
  utils = require(".handlers-utils"),
  list = loaded_before.list or {},
  coroutines = loaded_before.coroutines or {},
  onceNonce = 0,
}

local EXPECTED = table.concat({
  "Invalid arguments given. Expected: \n",
  "\tname : string, ",
  "\tpattern : Action : string | MsgMatch : table,\n",
  "\t\tfunction(msg: Message) : {-1 = break, 0 = skip, 1 = continue},\n",
  "\thandle(msg : Message) : void) | Resolver,\n",
  '\tMaxRuns? : number | "inf" | nil',
})
local PATTERNS = { ["function"] = true, ["table"] = true, ["string"] = true }

local function find_index(name)
  for i, handler in ipairs(handlers.list) do
    if handler.name == name then
      return i
    end
  end
end

-- A handle as a function of the message alone; a resolver table runs the first entry whose key matches.
function handlers.generateResolver(resolver)
  return function(msg)
    if type(resolver) == "function" then
      return resolver(msg)
    end
    if type(resolver) ~= "table" then
      error("bad argument #1 to 'for iterator' (table expected, got " .. type(resolver) .. ")")
    end
    for spec, handle in pairs(resolver) do
      if utils.matchesSpec(msg, spec) then
        return handle(msg)
      end
    end
  end
end

-- `(name, handle)`, `(name, pattern, handle)` or `(name, pattern, handle, maxRuns)`: the count of arguments decides.
local function read_arguments(...)
  local name, pattern, handle, max_runs = ...
  if select("#", ...) == 2 then
    pattern, handle = name, pattern
  end
  assert(type(name) == "string" and PATTERNS[type(pattern)], EXPECTED)
  return name, pattern, handlers.generateResolver(handle), max_runs
end

-- Puts a handler in place, where one of its name is already; or else at the position.
local function register(position, name, pattern, handle, max_runs)
  local index = find_index(name)
  if not index then
    local handler = { name = name, pattern = pattern, handle = handle, maxRuns = max_runs }
    table.insert(handlers.list, position, handler)
    return
  end
  local handler = handlers.list[index]
  handler.pattern, handler.handle, handler.maxRuns = pattern, handle, max_runs
end

function handlers.add(...)
  register(#handlers.list + 1, read_arguments(...))
  return #handlers.list
end

function handlers.append(...)
  register(#handlers.list + 1, read_arguments(...))
end

function handlers.prepend(...)
  register(1, read_arguments(...))
end

-- `once(pattern, handle)` or `once(name, pattern, handle)`.
function handlers.once(...)
  local name, pattern, handle = ...
  if select("#", ...) == 2 then
    pattern, handle = name, pattern
    name = "_once_" .. tostring(handlers.onceNonce)
    handlers.onceNonce = handlers.onceNonce + 1
  end
  handlers.prepend(name, pattern, handle, 1)
end

local function adder_at(index)
  local function add(name, pattern, handle, max_runs)
    if index then
      handle = handlers.generateResolver(handle)
      local handler = { name = name, pattern = pattern, handle = handle, maxRuns = max_runs }
      table.insert(handlers.list, index, handler)
    end
  end
  return { add = add }
end

function handlers.before(name)
  assert(type(name) == "string", "Handler name MUST be a string")
  return adder_at(find_index(name))
end

function handlers.after(name)
  assert(type(name) == "string", "Handler name MUST be a string")
  local index = find_index(name)
  return adder_at(index and index + 1)
end

function handlers.remove(name)
  assert(type(name) == "string", "name MUST be string")
  local index = find_index(name)
  if not index then
    return
  end
  if #handlers.list == 1 then
    handlers.list = {}
  else
    table.remove(handlers.list, index)
  end
end

-- What a pattern's answer asks of the walk: nothing (nil), to run and "continue", or to run and "break".
local function verdict_of(answer)
  local kind = type(answer)
  if kind == "boolean" then
    return answer and "break" or nil
  elseif kind == "number" then
    if answer == 0 then
      return nil
    end
    return answer < 0 and "break" or "continue"
  elseif kind == "string" then
    return (answer == "break" or answer == "continue") and answer or nil
  end
  error("Pattern result is not valid, it MUST be string, number, or boolean")
end

local function count_run(handler)
  if handler.maxRuns == nil or handler.maxRuns == "inf" then
    return
  end
  handler.maxRuns = handler.maxRuns - 1
  if handler.maxRuns == 0 then
    handlers.remove(handler.name)
  end
end

-- Runs one handler on the message if its pattern says so; gives the verdict.
local function try(handler, msg)
  traces.entered = handler.name
  local verdict = verdict_of(utils.matchesSpec(msg, handler.pattern))
  if verdict then
    local ok, err = traces.call(handler.name, handler.handle, msg)
    if not ok then
      error(err)
    end
    count_run(handler)
  end
  return verdict
end

local function is_listed(handler)
  for _, one in ipairs(handlers.list) do
    if one == handler then
      return true
    end
  end
  return false
end

-- Each handler that was there at the start gets the message once, whatever the others do to the list meanwhile.
local function walk(msg)
  local list = handlers.list
  local first = list
  local snapshot = table.move(list, 1, #list, 1, {})
  for i = 1, #snapshot do
    local handler = snapshot[i]
    local unchanged = handlers.list == first and list[i] == handler
    if handler.name ~= "_default" and (unchanged or is_listed(handler)) and try(handler, msg) == "break" then
      return true
    end
  end
  return false
end

-- As the reference does it: see `live_walk`.
local function live_walk(msg)
  for _, handler in ipairs(handlers.list) do
    if handler.name ~= "_default" and try(handler, msg) == "break" then
      return true
    end
  end
  return false
end

-- Hands the message to the handlers; where none ends the walk, to `_default`.
function handlers.evaluate(msg, env)
  assert(type(msg) == "table", "msg is not valid")
  assert(type(env) == "table", "env is not valid")
  if (compat.live_walk and live_walk or walk)(msg) then
    return true
  end
  local index = find_index("_default")
  if index then
    handlers.list[index].handle(msg)
  end
  return true
end

local function is_parked_walk(thread)
  for _, one in ipairs(handlers.coroutines) do
    if one == thread then
      return true
    end
  end
  return false
end

-- Wakes a waiter. A walk ends with true, or with false and its error; a program's own coroutine may end in anything.
local function resume(thread, msg)
  local was_walk = is_parked_walk(thread)
  local resumed, succeeded, err = coroutine.resume(thread, msg)
  if compat.bare_errors then
    if not succeeded then
      error(err)
    end
  elseif not resumed then
    error(succeeded)
  elseif was_walk and coroutine.status(thread) == "dead" and not succeeded then
    error(err)
  end
end

-- Waits for a message that is as the pattern says, and gives it. Until then the walk stays parked.
function handlers.receive(pattern)
  local thread = coroutine.running()
  handlers.once(pattern, function(msg)
    resume(thread, msg)
  end)
  return coroutine.yield(pattern)
end

return handlers
