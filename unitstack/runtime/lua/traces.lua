-- Where a failure began: the calls that led to it, kept from the moment that it was raised, and the handler that it was
-- raised in. Consoles that know a program's text tell its author by them.
local traceback = debug.traceback

local LONGEST = 4000
-- Above this file's function, where the error was raised.
local LEVEL = 2

local traces = { entered = nil }
local kept

-- An error that passes on the way up is raised again, with one more place before it.
local function is_raised_again(err)
  if not kept or rawequal(err, kept.err) then
    return kept ~= nil
  end
  return type(err) == "string" and type(kept.err) == "string" and err:sub(-#kept.err) == kept.err
end

-- The program's own calls: below them are those that led to the program, which are the same for every message.
local function own_calls()
  local calls = traceback("", LEVEL + 1)
  local last = calls:find("\n[^\n]*in function 'xpcall'") or #calls + 1
  return calls:sub(1, math.min(last - 1, LONGEST)):gsub("\n%s*%[C%]: in upvalue '%?'$", "")
end

local function keeper(name)
  return function(err)
    if not is_raised_again(err) then
      kept = { err = err, handler = name or traces.entered, calls = (own_calls()) }
    end
    return err
  end
end

-- As pcall; what fails is said to have failed in the handler of that name, or in the one that was entered last.
function traces.call(name, f, ...)
  return xpcall(f, keeper(name), ...)
end

-- A message begins: nothing has failed yet.
function traces.begin()
  kept, traces.entered = nil, nil
end

-- What is known of the failure, as a result's `Output.test` carries it.
function traces.told()
  return { trace = kept and kept.calls or "", handler = kept and kept.handler or "" }
end

return traces
