-- What a process asks of the network: the outbox, and `ao.send`, `ao.spawn`, `ao.assign` that fill it.
local compat = require(".compat")
local json = require("json")

-- A module that is loaded again takes over what the process had.
local loaded_before = type(_G.ao) == "table" and _G.ao or {}

local function empty_outbox()
  return { Output = {}, Messages = {}, Spawns = {}, Assignments = {} }
end

local ao = {
  _version = "0.0.6",
  id = loaded_before.id or "",
  _module = loaded_before._module or "",
  authorities = loaded_before.authorities or {},
  reference = loaded_before.reference or 0,
  outbox = loaded_before.outbox or empty_outbox(),
  env = loaded_before.env,
  -- Tags that do not become fields of the message: they would pretend to be the network's word.
  nonExtractableTags = {
    "Data-Protocol", "Variant", "From-Process", "From-Module", "Type", "From", "Owner", "Anchor", "Target", "Data",
    "Tags", "Read-Only",
  },
  -- Fields that a forwarded message does not keep.
  nonForwardableTags = {
    "Data-Protocol", "Variant", "From-Process", "From-Module", "Type", "From", "Owner", "Anchor", "Target", "Tags",
    "TagArray", "Hash-Chain", "Timestamp", "Nonce", "Epoch", "Signature", "Forwarded-By", "Pushed-For", "Read-Only",
    "Cron", "Block-Height", "Reference", "Id", "Reply-To",
  },
}

-- Root fields of a draft that are no tags of it.
local NOT_TAGS = { Target = true, Data = true, Anchor = true, Tags = true, From = true }

local function includes(list, value)
  for _, one in ipairs(list) do
    if one == value then
      return true
    end
  end
  return false
end

-- A set of a list's values, kept until the list is another one or grows or shrinks.
local function set_keeper()
  local kept_list, kept_length, set
  return function(list)
    if list ~= kept_list or #list ~= kept_length then
      kept_list, kept_length, set = list, #list, {}
      for _, value in ipairs(list) do
        set[value] = true
      end
    end
    return set
  end
end

local non_extractable, non_forwardable = set_keeper(), set_keeper()

local function clone(value, seen)
  if type(value) ~= "table" then
    return value
  end
  if seen[value] then
    return seen[value]
  end
  local copy = {}
  seen[value] = copy
  for key, inner in pairs(value) do
    copy[clone(key, seen)] = clone(inner, seen)
  end
  return setmetatable(copy, getmetatable(value))
end

function ao.clone(value)
  return clone(value, {})
end

-- Lets each tag be read as a field of the message itself; of tags with one name the last counts.
function ao.normalize(msg)
  local kept_out = non_extractable(ao.nonExtractableTags)
  for _, tag in ipairs(msg.Tags) do
    if not kept_out[tag.name] then
      msg[tag.name] = tag.value
    end
  end
  return msg
end

-- A deep copy of a message, of what may be forwarded.
function ao.sanitize(msg)
  local kept_out, seen, copy = non_forwardable(ao.nonForwardableTags), {}, {}
  seen[msg] = copy
  for key, value in pairs(msg) do
    if not kept_out[key] then
      copy[clone(key, seen)] = clone(value, seen)
    end
  end
  return setmetatable(copy, getmetatable(msg))
end

local function learn_authorities(value)
  for authority in tostring(value):gmatch("[^,]+") do
    if not includes(ao.authorities, authority) then
      table.insert(ao.authorities, authority)
    end
  end
end

-- Reads what the process's own tags say. On every message: an authority that a program removed comes back.
function ao.init(env)
  local process = env.Process
  if ao.id == "" then
    ao.id = process.Id
  end
  local knows_module = ao._module ~= ""
  for _, tag in ipairs(process.TagArray or process.Tags) do
    if tag.name == "Module" and not knows_module then
      ao._module = tag.value
    elseif tag.name == "Authority" then
      learn_authorities(tag.value)
    end
  end
  ao.outbox = empty_outbox()
  ao.env = env
end

-- Adds a line to the outbox's output. The result's output is made of what was printed, so that nobody sees it.
function ao.log(text)
  local output = ao.outbox.Output
  if type(output) == "string" then
    output = { output }
  end
  output[#output + 1] = text
  ao.outbox.Output = output
end

function ao.clearOutbox()
  ao.outbox = empty_outbox()
end

local function is_list(tags)
  local highest = 0
  for key in pairs(tags) do
    if math.type(key) ~= "integer" or key < 1 then
      return false
    end
    highest = math.max(highest, key)
  end
  return highest == #tags
end

-- A draft's own tags, after those that ao gives it. Nothing is replaced, no name is changed.
local function add_own_tags(tags, draft)
  for name, value in pairs(draft) do
    if not NOT_TAGS[name] then
      tags[#tags + 1] = { name = name, value = value }
    end
  end
  if not draft.Tags then
    return
  end
  if is_list(draft.Tags) then
    table.move(draft.Tags, 1, #draft.Tags, #tags + 1, tags)
    return
  end
  for name, value in pairs(draft.Tags) do
    tags[#tags + 1] = { name = name, value = value }
  end
end

local function next_reference()
  ao.reference = ao.reference + 1
  return tostring(ao.reference), ("%032d"):format(ao.reference)
end

-- Data that is a table travels as JSON; the program's own table is changed so.
local function encode_data(msg)
  if type(msg.Data) == "table" then
    msg["Content-Type"] = "application/json"
    msg.Data = json.encode(msg.Data)
  end
end

local function is_address(text)
  return type(text) == "string" and (#text == 43 or text:find("^0x%x+$") ~= nil)
end

-- Whom a reply comes from. A messenger may know a process by a name: its reply comes from its address, which only the
-- messenger knows; the reference tells that it is this one's.
local function answerer(target)
  if compat.bound_replies or type(target) ~= "string" or is_address(target) then
    return target
  end
  return function(from)
    return from == target or is_address(from)
  end
end

-- `onReply(resolver)` or `onReply(from, resolver)`; `receive()` or `receive(from)`.
local function add_reply_functions(sent, target, reference)
  function sent.onReply(...)
    local from, resolver = ...
    if select("#", ...) < 2 then
      from, resolver = answerer(target), from
    end
    Handlers.once({ From = from, ["X-Reference"] = reference }, resolver)
  end

  function sent.receive(from)
    return Handlers.receive({ From = from or answerer(target), ["X-Reference"] = reference })
  end
end

function ao.send(msg)
  encode_data(msg)
  assert(type(msg) == "table", "msg should be a table")
  local reference, anchor = next_reference()
  local tags = {
    { name = "Data-Protocol", value = "ao" },
    { name = "Variant", value = "ao.TN.1" },
    { name = "Type", value = "Message" },
    { name = "Reference", value = reference },
  }
  add_own_tags(tags, msg)
  local sent = { Target = msg.Target, Data = msg.Data, Anchor = anchor, Tags = tags }
  if not Handlers then
    return sent
  end
  table.insert(ao.outbox.Messages, { Target = msg.Target, Data = msg.Data, Anchor = anchor, Tags = tags })
  add_reply_functions(sent, msg.Target, reference)
  return sent
end

function ao.spawn(module, msg)
  if msg ~= nil then
    encode_data(msg)
  end
  assert(type(module) == "string", "Module source id is required!")
  assert(type(msg) == "table", "Message must be a table")
  local reference, anchor = next_reference()
  local tags = {
    { name = "Data-Protocol", value = "ao" },
    { name = "Variant", value = "ao.TN.1" },
    { name = "Type", value = "Process" },
    { name = "From-Process", value = ao.id },
    { name = "From-Module", value = ao._module },
    { name = "Module", value = module },
    { name = "Reference", value = reference },
  }
  add_own_tags(tags, msg)
  local spawn = { Data = msg.Data or "NODATA", Anchor = anchor, Tags = tags }
  table.insert(ao.outbox.Spawns, { Data = spawn.Data, Anchor = anchor, Tags = tags })
  local confirmation = { Action = "Spawned", From = ao.id, Reference = reference }
  function spawn.onReply(resolver)
    Handlers.once(confirmation, resolver)
  end
  function spawn.receive()
    return Handlers.receive(confirmation)
  end
  return spawn
end

function ao.assign(assignment)
  assert(type(assignment) == "table", "assignment should be a table")
  assert(type(assignment.Processes) == "table", "Processes should be a table")
  assert(type(assignment.Message) == "string", "Message should be a string")
  table.insert(ao.outbox.Assignments, assignment)
end

function ao.isTrusted(msg)
  for _, authority in ipairs(ao.authorities) do
    if msg.From == authority or msg.Owner == authority then
      return true
    end
  end
  return false
end

-- What the host is handed: the outbox with an output, or an error alone.
function ao.result(result)
  local err = result.Error or ao.outbox.Error
  if err then
    return { Error = err }
  end
  return {
    Output = result.Output or ao.outbox.Output,
    Messages = ao.outbox.Messages,
    Spawns = ao.outbox.Spawns,
    Assignments = ao.outbox.Assignments,
  }
end

-- Present for programs that look for it; nothing is remembered.
function ao.registerHint()
  ao._hints = ao._hints or {}
end

require(".assignment").init(ao)

-- The field requires it by either name.
package.loaded["ao"] = ao

return ao
