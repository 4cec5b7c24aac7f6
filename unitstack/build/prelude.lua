-- What stands before a program in a module: `io` without files, whose streams lead to the host, and a `require` that
-- finds the program's own sources.
local sources = ...
local write_out, write_err = __write_out, __write_err
__write_out, __write_err = nil, nil

local File = { __name = "FILE*" }
File.__index = File

local function file(name, write)
  return setmetatable({ name = name, put = write }, File)
end

local function unread()
  error("a process has no standard input to read", 3)
end

local function missing(name)
  return nil, tostring(name) .. ": No error information", 44
end

function File:__tostring()
  return "file (" .. self.name .. ")"
end

function File:write(...)
  self.put(...)
  return self
end

function File:flush()
  return self
end

function File.setvbuf()
  return true
end

function File.close()
  return nil, "cannot close standard file"
end

function File.seek()
  return nil, "Illegal seek", 29
end

File.read = unread
File.lines = unread

local function nothing()
  error("a process has no standard input to read", 2)
end

local stdin, stdout, stderr = file("stdin", nothing), file("stdout", write_out), file("stderr", write_err)

io = {
  stdin = stdin,
  stdout = stdout,
  stderr = stderr,
  read = unread,
  open = missing,
  lines = function(name)
    if name == nil then
      unread()
    end
    error(tostring(name) .. ": No error information", 2)
  end,
  popen = function()
    error("'popen' not supported", 2)
  end,
  tmpfile = function()
    return nil, "No error information", 44
  end,
  write = function(...)
    write_out(...)
    return stdout
  end,
  input = function()
    return stdin
  end,
  output = function()
    return stdout
  end,
  close = function()
    return nil, "cannot close standard file"
  end,
  flush = function()
    return stdout
  end,
  type = function(value)
    return type(value) == "table" and getmetatable(value) == File and "file" or nil
  end,
}
package.loaded.io = io

table.insert(package.searchers, 2, function(name)
  for _, known in ipairs({ name, name .. ".init" }) do
    if sources[known] then
      return assert(load(sources[known], known, "t")), known
    end
  end
  return "module " .. name .. " not found"
end)
