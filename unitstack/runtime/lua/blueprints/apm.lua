-- Asks the registry of ao's package manager for its client, and loads that when it arrives.
local REGISTRY = "RLvG3tclmALLBCrwc17NqzNFqZCrUf3-RKZ5v8VRHiU"

local function from_hex(text)
  return (text:gsub("%x%x", function(digits)
    return string.char(tonumber(digits, 16))
  end))
end

local function install(msg)
  local client, problem = load(from_hex(msg.Data), "apm", "t", _G)
  if not client then
    error("Error compiling load function: " .. problem, 0)
  end
  client()
  apm._version = msg.Version
end

local function is_update(msg)
  return msg.Action == "APM.UpdateResponse" and msg.From == REGISTRY
end

Handlers.once("APM.UpdateResponse", is_update, function(msg)
  if msg.Result and msg.Result ~= "success" then
    return print("Update failed: " .. tostring(msg.Data))
  end
  install(msg)
end)

Send({ Target = REGISTRY, Action = "APM.Update" })
print("📦 Loading APM...")
