-- Processes in which blueprints are loaded.
local support = require("tests.unitstack.runtime.lua.support")

local FOLDER = "unitstack/runtime/lua/blueprints/"

local blueprint = {}

function blueprint.source(name)
  local file = assert(io.open(FOLDER .. name .. ".lua"))
  local text = file:read("a")
  file:close()
  return text
end

-- A process that has these blueprints, and what loading the last one gave.
function blueprint.process(...)
  local process = support.process()
  local result
  for _, name in ipairs({ ... }) do
    result = process:eval(blueprint.source(name))
    assert(not result.Error, result.Error)
  end
  return process, result
end

return blueprint
