-- Standard input that came along with a message: what a person typed is a part of what is signed, so that a replay
-- reads the same.
local NOTHING_LEFT = "a process has no standard input to read"

local function exhausted(level)
  error(NOTHING_LEFT, level + 1)
end

-- The readers of one text, by the names that `io` has for them.
return function(text)
  local place = 1

  local function line(keep_end)
    local first, last = text:find("\n", place, true)
    if not first then
      if place > #text then
        return nil
      end
      first, last = #text + 1, #text
    end
    local found = text:sub(place, keep_end and last or first - 1)
    place = last + 1
    return found
  end

  local function number()
    local first, last = text:find("^%s*[%w%.%+%-]+", place)
    if not first then
      return nil
    end
    local value = tonumber(text:sub(first, last))
    place = last + 1
    return value
  end

  local function bytes(count)
    if place > #text then
      return nil
    end
    local found = text:sub(place, place + count - 1)
    place = place + count
    return found
  end

  local formats = {
    l = function() return line(false) end,
    L = function() return line(true) end,
    n = number,
    a = function() return bytes(#text) or "" end,
  }

  local function read_one(format, level)
    if type(format) == "number" then
      return bytes(format)
    end
    local reader = formats[tostring(format):gsub("^%*", ""):sub(1, 1)]
    if not reader then
      error("bad argument #1 to 'read' (invalid format)", level + 1)
    end
    return reader()
  end

  local function read(format)
    local found = read_one(format or "l", 2)
    if found == nil then
      exhausted(2)
    end
    return found
  end

  local function lines(name)
    if name ~= nil then
      error(tostring(name) .. ": No error information", 2)
    end
    return function() return line(false) end
  end

  return read, lines
end
