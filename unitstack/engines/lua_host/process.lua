-- A process: its entry chunk made it a `handle(message, env)`, which answers `ok, result`.
local host = ...

local error, type, collect = error, type, collectgarbage
local guard, state, tape, written, show = host.guard, host.state, host.tape, host.written, host.G.tostring

host.held = 0 -- bytes after the last full collection

local START_GAS = 100000000 -- an entry chunk only defines things

local function enter(entry)
  local handle = host.G.require(entry)
  if type(handle) ~= "function" then error("the entry gave a " .. type(handle) .. ", a function is needed", 0) end
  host.handle = handle
end

-- An error value that JSON has no word for is shown as Lua shows it.
local function describe(problem)
  local encoded, text = guard.pcall(host.encode, problem)
  return encoded and text or host.encode(show(problem))
end

local function evaluate(message, env)
  local ran, ok, result = guard.pcall(host.handle, message, env)
  if not ran then return "error", describe(ok) end
  local encoded, text = guard.pcall(host.encode, result)
  if encoded then return ok and "result" or "error", text end
  return "unreadable", host.encode("the result cannot be read: " .. text)
end

-- What failed outside of any program is said by the host or by Lua itself.
local function plain(problem)
  return host.encode(type(problem) == "string" and problem or "an error that is a " .. type(problem))
end

function host.start(entry)
  host.name_world()
  local ending, problem = host.run(enter, START_GAS, entry)
  return ending, problem and plain(problem)
end

local function rewind(counts)
  tape.at, tape.size = 0, counts and #counts or 0
  for i = 1, tape.size do tape[i] = counts[i] end
  for i = 1, #written do written[i] = nil end
  written.size = 0
end

-- Which values of weak tables are gone must not depend on when the collector ran. And buffers of the C library do not
-- collect before they give up, so little of the bound may be garbage.
local function tidy(memory)
  local held = collect("count") * 1024
  if host.weak or (memory > 0 and held > memory / 2 and held > 1.5 * host.held) then
    collect()
    host.held = collect("count") * 1024
  end
end

-- Answers what became of the message, JSON text, the gas used, what was written to the standard streams, and the counts
-- of memory that the program asked for (which a replay passes back in).
function host.handle_message(message, env, gas, memory, counts)
  rewind(counts)
  local ending, kind, text = host.run(evaluate, gas, message, env)
  if ending == "failed" then -- only for want of memory
    kind, text = "error", plain(kind)
  elseif ending ~= "done" then
    kind = ending
  end
  tidy(memory)
  return kind, text, state.gas, written.size > 0 and written or nil, tape.size > 0 and tape or nil
end
