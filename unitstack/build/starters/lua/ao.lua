-- What a process asks of the network, gathered until its answer is complete.
local ao = { _version = "0.0.1", id = "" }

local outbox = {}
local reference = 0

-- A new message begins: nothing is asked for yet.
function ao.begin(env)
  ao.id = env.Process.Id
  ao.env = env
  outbox = { Messages = {}, Spawns = {}, Assignments = {} }
end

-- The value of a message's tag, or nil.
function ao.tag(message, name)
  for _, tag in ipairs(message.Tags or {}) do
    if tag.name == name then
      return tag.value
    end
  end
  return nil
end

local function tags_of(kind, asked)
  reference = reference + 1
  local tags = {
    { name = "Data-Protocol", value = "ao" },
    { name = "Variant", value = "ao.TN.1" },
    { name = "Type", value = kind },
    { name = "Reference", value = tostring(reference) },
  }
  for name, value in pairs(asked.Tags or {}) do
    tags[#tags + 1] = { name = name, value = tostring(value) }
  end
  if asked.Action then
    tags[#tags + 1] = { name = "Action", value = asked.Action }
  end
  return tags
end

-- A number of 32 digits: no two messages of a process have the same.
local function anchor()
  return ("%032d"):format(reference)
end

-- Asks for a message to be sent: { Target, Data, Action, Tags }.
function ao.send(asked)
  local tags = tags_of("Message", asked)
  table.insert(outbox.Messages, { Target = asked.Target, Data = asked.Data or "", Tags = tags, Anchor = anchor() })
end

-- Asks for a process to be spawned from a module: { Data, Tags }.
function ao.spawn(module, asked)
  local tags = tags_of("Process", asked)
  tags[#tags + 1] = { name = "Module", value = module }
  table.insert(outbox.Spawns, { Data = asked.Data or "", Tags = tags, Anchor = anchor() })
end

-- All that was asked for, and what a person is shown.
function ao.result(output)
  return {
    Output = output,
    Messages = outbox.Messages,
    Spawns = outbox.Spawns,
    Assignments = outbox.Assignments,
  }
end

return ao
