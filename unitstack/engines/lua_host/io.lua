-- `io` and `print` without files: what a program writes to a standard stream is kept for the host.
local host = ...

local type, error, select, tostring, setmetatable = type, error, select, tostring, setmetatable
local getmetatable, format, sub, concat = debug.getmetatable, string.format, string.sub, table.concat
local G = host.G

local WRITTEN_BYTES = 1000000 -- for one message
local written = { size = 0 }
host.written = written

local function write(stream, ...)
  for i = 1, select("#", ...) do
    local piece = select(i, ...)
    local kind = type(piece)
    if kind ~= "string" and kind ~= "number" then
      error(format("bad argument #%d to 'write' (string expected, got %s)", i, kind), 3)
    end
    piece = sub(tostring(piece), 1, WRITTEN_BYTES - written.size)
    written.size = written.size + #piece
    if piece ~= "" then
      written[#written + 1] = stream
      written[#written + 1] = piece
    end
  end
end

local File = { __name = "FILE*" }
File.__index = File

local function file(name) return setmetatable({ name = name }, File) end

function File:__tostring() return "file (" .. self.name .. ")" end

function File:write(...)
  write(self.name, ...)
  return self
end

function File:flush() return self end
function File:setvbuf() return true end
function File:close() return nil, "cannot close standard file" end
function File:seek() return nil, "Illegal seek", 29 end
-- A person at a keyboard is what a program that reads expects, and no process has: nil would look like an end.
local function unread() error("a process has no standard input to read", 3) end

function File:read() unread() end
function File:lines() unread() end

local stdin, stdout, stderr = file("stdin"), file("stdout"), file("stderr")
local function missing(name) return nil, tostring(name) .. ": No error information", 44 end

G.io = {
  stdin = stdin, stdout = stdout, stderr = stderr,
  write = function(...)
    write("stdout", ...)
    return stdout
  end,
  read = function() unread() end,
  lines = function(name)
    if name == nil then return stdin:lines() end
    error(tostring(name) .. ": No error information", 2)
  end,
  open = missing,
  popen = function() error("'popen' not supported", 2) end,
  tmpfile = function() return nil, "No error information", 44 end,
  input = function() return stdin end,
  output = function() return stdout end,
  close = function() return nil, "cannot close standard file" end,
  flush = function() return stdout end,
  type = function(value)
    if type(value) == "table" and getmetatable(value) == File then return "file" end
    return nil
  end,
}

function G.print(...)
  local texts = {}
  for i = 1, select("#", ...) do texts[i] = G.tostring((select(i, ...))) end
  write("stdout", concat(texts, "\t") .. "\n")
end
host.loaded.io = G.io
