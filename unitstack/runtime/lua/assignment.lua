-- Which messages addressed to others a process accepts when they are assigned to it.
local utils = require(".utils")

local function index_of(assignables, name)
  for i, assignable in ipairs(assignables) do
    if assignable.name == name then
      return i
    end
  end
end

-- `addAssignable(spec)` or `addAssignable(name, spec)`; a name that is there already gets the new spec.
local function adder(ao)
  return function(...)
    local name, spec = ...
    if select("#", ...) == 1 then
      table.insert(ao.assignables, { pattern = name })
      return
    end
    assert(type(name) == "string", "MatchSpec name MUST be a string")
    local index = index_of(ao.assignables, name)
    if index then
      ao.assignables[index].pattern = spec
    else
      table.insert(ao.assignables, { pattern = spec, name = name })
    end
  end
end

local function remover(ao)
  return function(name_or_index)
    local index = name_or_index
    if type(name_or_index) == "string" then
      index = index_of(ao.assignables, name_or_index)
    else
      assert(type(name_or_index) == "number", "index MUST be a number")
    end
    if index and ao.assignables[index] then
      table.remove(ao.assignables, index)
    end
  end
end

local function acceptor(ao)
  return function(msg)
    for _, assignable in ipairs(ao.assignables) do
      if utils.matchesSpec(msg, assignable.pattern) then
        return true
      end
    end
    return false
  end
end

-- Adds to `ao` what is missing, so that a process's own versions survive a reload.
local function init(ao)
  ao.assignables = ao.assignables or {}
  ao.addAssignable = ao.addAssignable or adder(ao)
  ao.removeAssignable = ao.removeAssignable or remover(ao)
  ao.isAssignable = ao.isAssignable or acceptor(ao)
  ao.isAssignment = ao.isAssignment or function(msg)
    return msg.Target ~= ao.id
  end
end

return { _version = "0.1.0", init = init }
