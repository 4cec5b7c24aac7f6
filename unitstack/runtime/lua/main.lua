-- Where a host enters: loads what a process has from its start, and gives `handle(message, env)`, which answers
-- true and the result, or false and the error of a call that failed as a whole.
require(".shims")

local compat = require(".compat")
local json = require("json")

require(".process")
require(".base64")
require(".crypto.init")
require(".pretty")

-- Files of this runtime that the reference has not: a program that lists `package.loaded` should not see them.
local OWN_FILES = {
  [".compat"] = true,
  [".globals"] = true,
  [".main"] = true,
  [".shims"] = true,
  [".switches"] = true,
  [".traces"] = true,
}
local OWN_FOLDER = "^%.crypto%.core%."

local function hide_own_files()
  local own = {}
  for name, module in pairs(package.loaded) do
    if OWN_FILES[name] or name:find(OWN_FOLDER) then
      own[name] = module
    end
  end
  for name, module in pairs(own) do
    package.loaded[name] = nil
    package.preload[name] = function()
      return module
    end
  end
end

-- By `require` each time: a program may put another module in the place of `.process`.
local function evaluate(msg, env)
  return require(".process").handle(msg, env)
end

-- The result as a reference's JSON would say it; what JSON cannot hold stays as it is, for the host to refuse.
local function rounded(value, seen)
  if type(value) == "number" then
    return tonumber(("%.14g"):format(value)) or value
  elseif type(value) ~= "table" or seen[value] then
    return seen[value] or value
  end
  local copy = {}
  seen[value] = copy
  for key, inner in pairs(value) do
    copy[key] = rounded(inner, seen)
  end
  return copy
end

local hidden = false

local function main(msg, env)
  if not hidden then
    hide_own_files()
    hidden = true
  end
  local ok, result = pcall(evaluate, msg, env)
  if compat.rounded_numbers then
    result = rounded(result, {})
  end
  return ok, result
end

-- The same with JSON on both sides, as hosts of compiled modules call it.
function handle(msg_json, env_json)
  local ok, response = main(json.decode(msg_json), json.decode(env_json))
  local answer = { ok = ok, response = response }
  if compat.bare_json_errors then
    return json.encode(answer)
  end
  local encoded, text = pcall(json.encode, answer)
  if encoded then
    return text
  end
  return json.encode({ ok = true, response = { Error = "the result cannot be written as JSON: " .. tostring(text) } })
end

return main
