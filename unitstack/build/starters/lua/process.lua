-- The process: `handle` is called once for each message that is for it, in order. What it leaves in variables is there
-- for the next; what it returns is carried out.
local ao = require(".ao")

local process = { _version = "0.0.1" }

Count = Count or 0

function process.handle(message, env)
  ao.begin(env)
  local action = ao.tag(message, "Action")

  if action == "Ping" then
    Count = Count + 1
    ao.send({ Target = message.From, Action = "Pong", Data = "pong " .. Count })
    return ao.result("ponged " .. Count)
  end
  return ao.result("no one here knows what " .. tostring(action) .. " means")
end

return process
