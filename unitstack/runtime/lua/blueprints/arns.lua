--[[
  Names of ArNS, resolved within a process and kept for a day: `ARNS.resolve(name)` asks for one, `ARNS.data(name)`,
  `ARNS.owner(name)` and `ARNS.id(name)` answer what is known or ask for it, `ARNS.clear` forgets all. A name may have
  a part before its last underscore, which names a record of the rest.
]]
local json = require("json")

local DAY_MS = 24 * 60 * 60 * 1000

ID_TTL_MS = DAY_MS
DATA_TTL_MS = DAY_MS
OWNER_TTL_MS = DAY_MS
SW_CACHE_URL = "https://api.arns.app/v1/contract/"
ARNS_PROCESS_ID = "TyduW6spZTr3gkdIsdktduJhgtilaR_ex5JukK8gI9o"
_0RBIT_SEND_PROCESS_ID = "BaMK1dfayo75s3q1ow6AO64UDpD9SEFbeE8xYrY2fyQ"
_0RBIT_RECEIVE_PROCESS_ID = "8aE3_6NJ_MU_q3fbhz2S6dA8PKQOSCe95Gt7suQ3j7U"

NAMES = NAMES or {}
ID_NAME_MAPPING = ID_NAME_MAPPING or {}
Now = Now or 0

-- The root of a name, and what stands before it.
function splitIntoTwoNames(name)
  local under, root = name:match("(.-)_([^_]+)$")
  if root then
    return root, under
  end
  return name, nil
end

local function request(name)
  ao.send({ Target = ARNS_PROCESS_ID, Action = "Get-Record", Name = name })
end

local function stale(name, age, limit, what)
  if age < limit then
    return false
  end
  request(name)
  print(name .. " is stale.  Refreshing name " .. what .. " now...")
  return true
end

-- What `field` of a name's process, or else of its contract, gives, if it is not too old.
local function look_up(name, entry, limit, field)
  for _, kind in ipairs({ "process", "contract" }) do
    local source = entry[kind]
    local value = source and field(source)
    if value then
      return not stale(name, Now - source.lastUpdated, limit, kind) and value or nil
    end
  end
end

local function record_named(under)
  return function(source)
    return source.records and source.records[under or "@"]
  end
end

local ARNS_FUNCTIONS = {}

function ARNS_FUNCTIONS.resolve(name)
  request(name)
  return "Getting information for name: " .. name
end

function ARNS_FUNCTIONS.data(name)
  local root, under = splitIntoTwoNames(name)
  if not NAMES[root] then
    request(root)
    return print(name .. " has not been resolved yet.  Resolving now...")
  end
  local record = look_up(name, NAMES[root], DATA_TTL_MS, record_named(under))
  -- Old contracts keep the id itself where others have a record of it.
  return type(record) == "table" and record.transactionId or record
end

function ARNS_FUNCTIONS.owner(name)
  local root = splitIntoTwoNames(name)
  if not NAMES[root] then
    request(root)
    return print(name .. " has not been resolved yet.  Cannot get owner.  Resolving now...")
  end
  return look_up(name, NAMES[root], OWNER_TTL_MS, function(source)
    return source.owner
  end)
end

function ARNS_FUNCTIONS.id(name)
  local entry = NAMES[splitIntoTwoNames(name)]
  if not entry then
    request(name)
    return print(name .. " has not been resolved yet.  Cannot get id.  Resolving now...")
  end
  if not stale(name, Now - entry.lastUpdated, ID_TTL_MS, "data") then
    return entry.processId or entry.contractTxId
  end
end

ARNS = setmetatable({}, {
  __index = function(_, key)
    if key == "clear" then
      NAMES = {}
      return "ArNS local name cache cleared."
    end
    local ask = ARNS_FUNCTIONS[key]
    return ask and function(name)
      return (ask(name:lower()))
    end
  end,
})

function fetchJsonDataFromOrbit(url)
  if type(url) ~= "string" or url == "" then
    print("Invalid URL provided for fetching JSON data.")
    return
  end
  ao.send({ Target = _0RBIT_SEND_PROCESS_ID, Action = "Get-Real-Data", Url = url })
end

function isArNSGetRecordMessage(msg)
  return msg.From == ARNS_PROCESS_ID and msg.Action == "Record-Resolved"
end

function isANTInfoMessage(msg)
  return ID_NAME_MAPPING[msg.From] ~= nil
end

function is0rbitMessage(msg)
  return msg.From == _0RBIT_RECEIVE_PROCESS_ID and msg.Action == "Receive-data-feed"
end

local function decoded(msg, what)
  local ok, data = pcall(json.decode, msg.Data)
  if ok and data then
    return data
  end
  print("Error decoding " .. what .. ": ")
end

local function ask_contract(name, contract)
  local url = SW_CACHE_URL .. contract
  print("...fetching more info from SmartWeave Cache (via 0rbit): " .. url)
  fetchJsonDataFromOrbit(url)
  ID_NAME_MAPPING[contract] = name
end

local function ask_process(name, process)
  print("...fetching more info from ANT-AO process: " .. process)
  ID_NAME_MAPPING[process] = name
  ao.send({ Target = process, Action = "Info" })
end

Handlers.prepend("ArNS-Timers", function()
  return "continue"
end, function(msg)
  Now = msg.Timestamp
end)

Handlers.add("ReceiveArNSGetRecordMessage", isArNSGetRecordMessage, function(msg)
  local data, name = decoded(msg, "JSON data"), msg.Tags.Name
  if not data then
    return
  end
  local entry = NAMES[name] or { contractTxId = data.contractTxId }
  entry.processId, entry.record, entry.lastUpdated = data.processId, data, msg.Timestamp
  NAMES[name] = entry
  print("Updated " .. name .. " with the latest ArNS-AO Registry info!")
  if data.contractTxId then
    ask_contract(name, data.contractTxId)
  end
  if data.processId then
    ask_process(name, data.processId)
  end
end)

-- An ANT tells its owner in a tag `ProcessOwner`, which arrives under that name only where names of tags are kept.
local function update_process(name, msg)
  local data = decoded(msg, "process info")
  if type(data) ~= "table" then
    print("Invalid process info format received from " .. name)
    return
  end
  data.owner, data.lastUpdated = msg.Tags.ProcessOwner, msg.Timestamp
  NAMES[name].process = data
  print("Updated " .. name .. " with the latest ANT-AO process info!")
end

Handlers.add("ReceiveANTProcessInfoMessage", isANTInfoMessage, function(msg)
  local name = ID_NAME_MAPPING[msg.From]
  if msg.Action == "Info-Notice" and NAMES[name] then
    update_process(name, msg)
    ID_NAME_MAPPING[msg.From] = nil
  end
end)

local function update_contract(name, data, timestamp)
  if type(data.state) ~= "table" then
    local contract = tostring(data.contractTxId)
    print("Received 0rbit message with invalid or missing 'state' information for contractTxId: " .. contract)
    return
  end
  data.state.lastUpdated = timestamp
  NAMES[name].contract = data.state
  print("Updated " .. name .. " with the latest info from SmartWeave Cache (via 0rbit)!")
end

Handlers.add("Receive0rbitMessage", is0rbitMessage, function(msg)
  local data = decoded(msg, "data from 0rbit message")
  if not data then
    return
  end
  local contract = data.contractTxId
  local name = contract and ID_NAME_MAPPING[contract]
  if not (name and NAMES[name]) then
    print("Received 0rbit message for an untracked or invalid contractTxId: " .. tostring(contract))
    return
  end
  update_contract(name, data, msg.Timestamp)
  ID_NAME_MAPPING[contract] = nil
end)
