-- What bounds a program: gas, interrupts and memory. A program may catch every error but the one that stops it:
-- once `state.stop` is set the hook raises again and again, and each wrapper that could have swallowed it re-raises.
local host = ...

local clock, sethook, type, error = os.clock, debug.sethook, type, error
local pcall, xpcall, traceback = pcall, xpcall, debug.traceback
local create, resume = coroutine.create, coroutine.resume
local pack, unpack, format = table.pack, table.unpack, string.format

local STEP = 1000 -- instructions between two looks; a smaller figure slows every program down
local POLL_SECONDS = 0.004 -- a look at the host's flag takes Python's lock, so not at every step
local COROUTINE_GAS = 200 -- a coroutine's first STEP instructions go unseen by the hook

local STOP = {}
local state = { stop = false, gas = 0, limit = 0, polled = 0 }
local guard = {}

local function stop(reason)
  state.stop = reason
  error(STOP, 0)
end

local function charge(gas)
  if state.stop then error(STOP, 0) end
  local used = state.gas + gas
  state.gas = used
  if used > state.limit then stop("gas") end
  local now = clock()
  if now - state.polled > POLL_SECONDS then
    state.polled = now
    if host.poll() then stop("interrupt") end
  end
end

local function hook() charge(STEP) end

local function settle(...)
  if state.stop then error(STOP, 0) end
  return ...
end

-- The text of a stock library's complaint, at the line of whoever called the function that complains.
local function expect(position, name, expected, value)
  local kind = type(value)
  if kind ~= expected then
    error(format("bad argument #%d to '%s' (%s expected, got %s)", position, name, expected, kind), 3)
  end
end

function guard.pcall(...) return settle(pcall(...)) end

function guard.xpcall(body, handler, ...)
  expect(2, "xpcall", "function", handler)
  if handler == traceback then return settle(xpcall(body, handler, ...)) end
  -- Hooks are off in a handler that the hook's own error called, so it must not run at all then.
  local function guarded(problem)
    if state.stop then return problem end
    return handler(problem)
  end
  return settle(xpcall(body, guarded, ...))
end

function guard.create(body)
  expect(1, "create", "function", body)
  charge(COROUTINE_GAS)
  local thread = create(body)
  sethook(thread, hook, "", STEP) -- a hook is one coroutine's own
  return thread
end

function guard.resume(thread, ...)
  if type(thread) ~= "thread" then error("bad argument #1 to 'resume' (coroutine expected)", 2) end
  return settle(resume(thread, ...))
end

local function unwrap(ok, ...)
  if ok then return ... end
  local problem = ...
  error(problem, type(problem) == "string" and 2 or 0)
end

function guard.wrap(body)
  expect(1, "wrap", "function", body)
  local thread = guard.create(body)
  return function(...) return unwrap(guard.resume(thread, ...)) end
end

-- A source that is read from a function is read in a call that swallows errors.
function guard.load(load, ...) return settle(load(...)) end

local function bounded(...)
  host.bound_memory(true)
  sethook(hook, "", STEP)
  local results = pack(pcall(...))
  sethook()
  return unpack(results, 1, results.n)
end

-- Runs a body within bounds; answers how it ended ("done", "failed" or why it was stopped) and with what.
function host.run(body, gas, ...)
  state.stop, state.gas, state.limit, state.polled = false, 0, gas, clock()
  -- The hook may still fire in `bounded` after the inner call; having fired, it is silent for STEP more instructions.
  local ran, ok, first, second = pcall(bounded, body, ...)
  sethook()
  host.bound_memory(false)
  if state.stop then return state.stop end
  if not ran then return "failed", ok end
  if not ok then return "failed", first end
  return "done", first, second
end

host.guard, host.state, host.expect = guard, state, expect
host.create, host.resume, host.dump = create, resume, string.dump
host.internals = { guard = guard, state = state, unwrap = unwrap }
