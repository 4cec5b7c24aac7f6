-- The globals that aos gives every process: what programs and people at a prompt call by name.
local compat = require(".compat")
local stringify = require(".stringify")

local NO_TARGET = "WARN: No target specified for message. Data will be stored, but no process will receive it."

Colors = { red = "\27[31m", green = "\27[32m", blue = "\27[34m", reset = "\27[0m", gray = "\27[90m" }
Bell = "\7"
Utils = require(".utils")
Dump = require(".dump")

local function colored(color, value)
  return color .. tostring(value) .. Colors.reset
end

local function shown(value)
  local kind = type(value)
  if kind == "table" then
    return stringify.format(value)
  elseif kind == "boolean" then
    return colored(Colors.blue, value)
  elseif kind == "nil" then
    return colored(Colors.red, value)
  elseif kind == "number" then
    return colored(Colors.green, value)
  end
  return compat.raw_prints and value or tostring(value)
end

-- `ao.outbox.Output` while a program prints. Its `data` is put together when it is read, and not at each print: a long
-- loop would copy all that was printed before for every line.
local function read_printed(output, key)
  local parts = getmetatable(output).parts
  if key == "data" then
    return #parts == 1 and parts[1] or table.concat(parts, "\n")
  end
end

local function each_printed(output)
  return next, { data = output.data, prompt = output.prompt, print = true }, nil
end

local function new_printed(text)
  local meta = { parts = { text }, __index = read_printed, __pairs = each_printed }
  return setmetatable({ prompt = Prompt(), print = true }, meta)
end

local function add_printed(text)
  local output = ao.outbox.Output
  local meta = type(output) == "table" and getmetatable(output)
  if meta and meta.__index == read_printed and type(text) == "string" then
    table.insert(meta.parts, text)
    output.prompt = Prompt()
    return
  end
  local data = output.data
  ao.outbox.Output = new_printed(data and data .. "\n" .. text or text)
end

-- One value; further arguments are not shown. In a message's evaluation the text goes into its result.
function print(value)
  local text = shown(value)
  add_printed(text)
  if not HANDLER_PRINT_LOGS then
    return text
  end
  table.insert(HANDLER_PRINT_LOGS, text)
end

-- A message's tag list as a map; of tags with one name the first counts.
function Tab(msg)
  local tags = {}
  for _, tag in ipairs(msg.Tags) do
    if tags[tag.name] == nil then
      tags[tag.name] = tag.value
    end
  end
  return tags
end

function Send(msg)
  if not msg.Target then
    print(NO_TARGET)
  end
  local sent = ao.send(msg)
  return { output = "Message added to outbox", receive = sent.receive, onReply = sent.onReply }
end

-- `Spawn(msg)` or `Spawn(module, msg)`.
function Spawn(...)
  local module, msg = ...
  if select("#", ...) == 1 then
    module, msg = ao._module, module
  end
  local spawn = ao.spawn(module, msg or {})
  return { output = "Spawn process request added to outbox", after = spawn.after, receive = spawn.receive }
end

function Receive(pattern)
  return Handlers.receive(pattern)
end

function Assign(assignment)
  ao.assign(assignment)
  print("Assignment added to outbox.")
  return "Assignment added to outbox."
end
