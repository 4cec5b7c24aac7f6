-- Evaluates one message: who may speak, which handlers run, and what the host gets to see.
local ao = require(".ao")
local chance = require(".chance")
local compat = require(".compat")
local json = require("json")
local traces = require(".traces")

local process = { _version = "2.0.4" }

local INBOX_LIMIT = 10000

_G.ao = ao
Handlers = require(".handlers")
require(".globals")

if not Seeded then
  Seeded = false
  math.random = function()
    return 0.5
  end
end

function Version()
  print("version: " .. process._version)
end

function Prompt()
  local name = Colors.green .. Name .. Colors.gray .. "@" .. Colors.blue .. "aos-" .. process._version
  local inbox = Colors.gray .. "[Inbox:" .. Colors.red .. #Inbox .. Colors.gray .. "]"
  return name .. inbox .. Colors.reset .. "> "
end

local function insert_inbox(msg)
  table.insert(Inbox, msg)
  local excess = #Inbox - INBOX_LIMIT
  if excess <= 0 then
    return
  end
  table.move(Inbox, excess + 1, #Inbox, 1)
  for i = #Inbox, INBOX_LIMIT + 1, -1 do
    Inbox[i] = nil
  end
end

local function find_tag(tags, name)
  for _, tag in ipairs(tags) do
    if tag.name == name then
      return tag.value
    end
  end
end

-- Names that change, in two passes: a table must not get new keys while it is iterated over.
local function normalize_fields(msg)
  local renamed = {}
  for name in pairs(msg) do
    local title = Utils.normalize(name)
    if title ~= name then
      renamed[name] = title
    end
  end
  for name, title in pairs(renamed) do
    msg[title], msg[name] = msg[name], nil
  end
end

local function normalize(msg)
  if compat.title_case then
    normalize_fields(msg)
  end
  if not compat.bare_errors then
    msg.Tags = msg.Tags or {}
  end
  if compat.title_case then
    for _, tag in ipairs(msg.Tags) do
      tag.name = Utils.normalize(tag.name)
    end
  end
  ao.normalize(msg)
end

local function checksum(text)
  local sum = 0
  for i = 1, #text do
    sum = sum + text:byte(i)
  end
  return sum
end

local function seeded_random(...)
  local count = select("#", ...)
  local first, second = ...
  if count == 1 then
    return chance.integer(1, first)
  elseif count == 2 then
    return chance.integer(first, second)
  end
  return chance.random()
end

local function seed(msg)
  local sum = checksum(msg.Owner .. msg.Module .. msg.Id)
  chance.seed(tonumber(msg["Block-Height"] .. sum))
  math.random = seeded_random
  Seeded = true
end

-- What is set once in a process's life, from the first message that it gets.
local function initialize(msg, env)
  local tags = env.Process.TagArray or env.Process.Tags
  if not Seeded then
    seed(msg)
  end
  Errors = Errors or {}
  Inbox = Inbox or {}
  if not Owner and env.Process.Id == msg.Id then
    Owner = find_tag(tags, "From-Process") or msg.From
  end
  Name = Name or find_tag(tags, "Name") or "aos"
end

-- Tags as handlers read them: a map, with the list beside it.
local function map_tags(holder, list)
  holder.TagArray = list
  holder.Tags = Tab({ Tags = list })
end

-- Replaces Data by what its JSON says; gives the complaint where it says nothing.
local function decode_data(msg)
  if msg.Tags["Content-Type"] ~= "application/json" then
    return nil
  end
  if compat.bare_json_errors then
    msg.Data = json.decode(msg.Data or "{}")
    return nil
  end
  local ok, data = pcall(json.decode, msg.Data or "{}")
  if not ok then
    return "the message's Data is not the JSON that its Content-Type says: " .. tostring(data)
  end
  msg.Data = data
end

-- Why a message may not be handled, or nil.
local function refusal_of(msg)
  if msg.From ~= msg.Owner and not ao.isTrusted(msg) then
    return "Message is not trusted! From: " .. msg.From .. " - Owner: " .. msg.Owner
  end
  if not ao.isAssignment(msg) or ao.isAssignable(msg) then
    return nil
  end
  if msg.From ~= ao.id then
    Send({ Target = msg.From, Data = "Assignment is not trusted by this process!" })
  end
  return "Assignment is not trusted! From: " .. msg.From .. " - Owner: " .. msg.Owner
end

local function is_owners_eval(msg)
  return msg.Action == "Eval" and Owner == msg.From
end

local function is_owners_process(msg)
  return msg.Tags.Type == "Process" and Owner == msg.From
end

local function is_any()
  return true
end

-- On every message: no program can do without these, nor replace them.
local function register_own_handlers(msg, env)
  Handlers.add("_eval", is_owners_eval, require(".eval")(ao))
  if env.Process.Id == msg.Id then
    Handlers.once("_boot", is_owners_process, require(".boot")(ao))
  end
  Handlers.append("_default", is_any, require(".default")(insert_inbox))
end

local function replier(msg)
  return function(reply)
    reply.Target = msg["Reply-To"] or reply.Target or msg.From
    reply["X-Reference"] = msg["X-Reference"] or msg.Reference
    reply["X-Origin"] = msg["X-Origin"]
    return ao.send(reply)
  end
end

local function forwarder(msg)
  return function(target, extra)
    local copy = ao.sanitize(msg)
    for name, value in pairs(extra or {}) do
      copy[name] = value
    end
    copy.Target = target
    copy["Reply-To"] = msg["Reply-To"] or msg.From
    copy["X-Reference"] = msg["X-Reference"] or msg.Reference
    copy["X-Origin"] = msg["X-Origin"] or msg.From
    copy.reply, copy.forward = nil, nil
    ao.send(copy)
  end
end

-- As the reference does it: one that has ended may stay for a round.
local function prune_in_place(threads)
  for i, thread in ipairs(threads) do
    if coroutine.status(thread) == "dead" then
      table.remove(threads, i)
    end
  end
end

local function keep_waiting(thread)
  if compat.live_walk then
    table.insert(Handlers.coroutines, thread)
    prune_in_place(Handlers.coroutines)
    return
  end
  local waiting = {}
  for _, one in ipairs(Handlers.coroutines) do
    if coroutine.status(one) ~= "dead" then
      waiting[#waiting + 1] = one
    end
  end
  if coroutine.status(thread) ~= "dead" then
    waiting[#waiting + 1] = thread
  end
  Handlers.coroutines = waiting
end

local function evaluate(msg)
  return traces.call(nil, Handlers.evaluate, msg, ao.env)
end

-- Walks the handlers in a coroutine of its own, which may be left waiting. Gives true, or false and the error.
local function run(msg)
  local thread = coroutine.create(evaluate)
  local resumed, succeeded, result = coroutine.resume(thread, msg)
  keep_waiting(thread)
  if not resumed then
    return false, succeeded
  elseif not compat.bare_errors and coroutine.status(thread) ~= "dead" then
    return true
  end
  return succeeded, result
end

local function printed()
  return table.concat(HANDLER_PRINT_LOGS, "\n")
end

-- What consoles are told beside the text: what an eval returned, and how many coroutines wait for a message.
local function told()
  local waiting = type(Handlers) == "table" and Handlers.coroutines or {}
  return { values = ao.outbox.Values or {}, waiting = #waiting, displays = ao.outbox.Displays }
end

local function succeed(msg)
  ao.Nonce = msg.Nonce
  local output = { data = printed(), prompt = Prompt(), test = told() }
  if msg.Action ~= "Eval" then
    output.print = true
  end
  if compat.test_output then
    output.test = msg.Action == "Eval" and Dump(HANDLER_PRINT_LOGS) or nil
  end
  return ao.result({ Output = output })
end

local function refuse(text)
  return ao.result({ Output = { data = text, prompt = Prompt(), print = true } })
end

-- An error as text: programs raise what they like.
local function error_text(err)
  if compat.bare_errors or type(err) == "string" or type(err) == "number" then
    return err
  end
  local meta = type(err) == "table" and getmetatable(err)
  if type(err) ~= "table" or (meta and meta.__tostring) then
    return tostring(err)
  end
  return Dump(err, 0)
end

-- The one line that the reference shows: where the message was handled, not where it failed.
local function traceback()
  local _, here = pcall(error, "", 2)
  return "stack traceback:\n\t" .. here .. "in function '.process.handle'"
end

local function fail(msg, result)
  if msg.Action == "Eval" then
    table.insert(Errors, result)
  else
    local action = msg.Action and "with Action = " .. tostring(msg.Action) or ""
    print(Colors.red .. "Error" .. Colors.gray .. " handling message " .. action .. Colors.reset)
    print(Colors.green .. result .. Colors.reset)
    print("\n" .. Colors.gray .. traceback() .. Colors.reset)
  end
  local text = printed() .. "\n\n" .. Colors.red .. "error:\n" .. Colors.reset .. result
  local failure = ao.result({ Error = text })
  if not compat.bare_errors then
    failure.Output = { test = traces.told() }
  end
  return failure
end

local function prepare(msg, env)
  if not Seeded then
    compat.apply(find_tag(env.Process.TagArray or env.Process.Tags, "Aos-Compat") or "")
  end
  ao.init(env)
  normalize(msg)
  ao.id = env.Process.Id
  initialize(msg, env)
  HANDLER_PRINT_LOGS = {}
  traces.begin()
  os.time = function()
    return msg.Timestamp
  end
  map_tags(msg, msg.Tags)
  -- A host may hand over one env again and again.
  map_tags(env.Process, env.Process.TagArray or env.Process.Tags)
end

function process.handle(msg, env)
  env = env.Process and env or env.env
  prepare(msg, env)
  local complaint = decode_data(msg)
  ao.clearOutbox()
  if complaint then
    return ao.result({ Error = complaint })
  end
  local refusal = refusal_of(msg)
  if refusal then
    return refuse(refusal)
  end
  register_own_handlers(msg, env)
  msg.reply, msg.forward = replier(msg), forwarder(msg)
  local succeeded, err = run(msg)
  if succeeded then
    return succeed(msg)
  end
  return fail(msg, error_text(err))
end

return process
