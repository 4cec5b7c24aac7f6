-- A world of its own for each test: globals, modules and standard tables that a runtime may change.
local ROOT = "unitstack/runtime/lua/"
local STOCK = {
  "assert", "collectgarbage", "coroutine", "debug", "error", "getmetatable", "io", "ipairs", "load", "next",
  "pairs", "pcall", "rawequal", "rawget", "rawlen", "rawset", "select", "setmetatable", "string", "table",
  "tonumber", "tostring", "type", "utf8", "xpcall",
}

local support = {}

local function copy(tbl)
  return table.move(tbl, 1, #tbl, 1, setmetatable({}, { __index = tbl }))
end

local function read(name)
  local stem = ROOT .. name:gsub("^%.", ""):gsub("%.", "/")
  for _, path in ipairs({ stem .. ".lua", stem .. "/init.lua" }) do
    local file = io.open(path)
    if file then
      local text = file:read("a")
      file:close()
      return text
    end
  end
  error("module " .. name .. " not found", 3)
end

-- A fresh set of globals in which `require` finds the runtime's files; `words` are those of `.compat`.
function support.world(words)
  local world = { os = copy(os), math = copy(math), package = { loaded = {}, preload = {} } }
  for _, name in ipairs(STOCK) do
    world[name] = _G[name]
  end
  world._G = world
  world.package.preload[".switches"] = function()
    return words or ""
  end
  function world.require(name)
    local loaded = world.package.loaded
    if loaded[name] == nil then
      local loader = world.package.preload[name] or assert(load(read(name), name, "t", world))
      local module = loader(name)
      if loaded[name] == nil then
        loaded[name] = module == nil and true or module
      end
    end
    return loaded[name]
  end
  return world
end

-- A module in a world of its own.
function support.module(name, words)
  return support.world(words).require(name)
end

local ENV_TAGS = { Name = "test", Module = "MODULE", Authority = "AUTHORITY" }

function support.tags(map)
  local list = {}
  for name, value in pairs(map) do
    list[#list + 1] = { name = name, value = value }
  end
  return list
end

function support.env(tags)
  return { Process = { Id = "PROCESS", Owner = "OWNER", Tags = support.tags(tags or ENV_TAGS) } }
end

-- A message from its tags; `fields` replace what it has at the root.
function support.message(tags, fields)
  local message = {
    Id = "MSG", Target = "PROCESS", From = "ALICE", Owner = "ALICE", Data = "", Tags = support.tags(tags or {}),
    Nonce = 1, Timestamp = 1000, ["Block-Height"] = 100, Module = "MODULE",
  }
  for name, value in pairs(fields or {}) do
    message[name] = value
  end
  return message
end

function support.process_message(tags, fields)
  local all = { Type = "Process", Module = "MODULE" }
  for name, value in pairs(tags or {}) do
    all[name] = value
  end
  local message = support.message(all, { Id = "PROCESS", From = "OWNER", Owner = "OWNER", Nonce = 0 })
  for name, value in pairs(fields or {}) do
    message[name] = value
  end
  return message
end

local Process = {}
Process.__index = Process

function Process:handle(message)
  return self.world.require(".process").handle(message, support.env(self.tags))
end

function Process:send(tags, fields)
  return self:handle(support.message(tags, fields))
end

function Process:eval(source)
  return self:send({ Action = "Eval" }, { From = "OWNER", Owner = "OWNER", Data = source })
end

-- What evaluating shows, or else its error.
function Process:shows(source)
  local result = self:eval(source)
  return result.Error or result.Output.data
end

-- A process that has handled its own message.
function support.process(words, tags)
  local world = support.world(words)
  world.require(".shims")
  local process = setmetatable({ world = world, tags = tags }, Process)
  process:handle(support.process_message())
  return process
end

-- Text without colours and without positions in chunks.
function support.plain(text)
  return (text:gsub("\27%[%d+m", ""):gsub('%[string "[^"]*"%]:%d+: ', ""))
end

-- The tags of an outgoing message that a program gave, as a map.
function support.own_tags(item)
  local own = {}
  local passed = false
  for _, tag in ipairs(item.Tags) do
    if passed then
      own[tag.name] = tag.value
    end
    passed = passed or tag.name == "Reference"
  end
  return own
end

return support
