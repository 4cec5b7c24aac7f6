-- Where a host enters a module that was built from a project: `handle` takes and gives JSON, the project's `.process`
-- does the work.
local json = require("json")

-- As in every module of ao: no chance, unless the program brings its own.
math.random = function()
  return 0.5
end

-- `.process` by `require` each time: a program may put another module in its place.
function handle(message_json, env_json)
  local process = require(".process")
  local message, env = json.decode(message_json), json.decode(env_json)
  local ok, response = pcall(process.handle, message, env)
  local answer = json.encode({ ok = ok, response = response })
  response = nil
  collectgarbage()
  return answer
end
