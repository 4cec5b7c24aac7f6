-- Tables as consoles show them: layout and colours are those that programs and tests of the field compare.
local compat = require(".compat")

local stringify = { _version = "0.0.1" }

local RED, GREEN, BLUE, RESET = "\27[31m", "\27[32m", "\27[34m", "\27[0m"
local CIRCULAR = "<circular reference>"

local format_table

-- Whether a table is shown on one line: exactly the keys 1 to n, each a number or a string.
function stringify.isSimpleArray(tbl)
  local expected = 1
  for key, value in pairs(tbl) do
    if key ~= expected or (type(value) ~= "number" and type(value) ~= "string") then
      return false
    end
    expected = expected + 1
  end
  return true
end

local function is_list(tbl)
  local count = 0
  for _ in pairs(tbl) do
    count = count + 1
    if tbl[count] == nil then
      return false
    end
  end
  return true
end

local function scalar(value)
  if type(value) == "string" then
    return GREEN .. '"' .. value .. '"' .. RESET
  end
  return BLUE .. tostring(value) .. RESET
end

local function simple_array(tbl)
  local items = {}
  for i, value in ipairs(tbl) do
    items[i] = scalar(value)
  end
  return "{ " .. table.concat(items, ", ") .. " }"
end

local function wrap_list(lines, indent)
  return "{\n" .. table.concat(lines, ",\n") .. "\n" .. (" "):rep(indent) .. " }"
end

local function wrap_map(lines, indent)
  return "{\n " .. table.concat(lines, ",\n ") .. "\n" .. (" "):rep(indent) .. "}"
end

local function list_line(value, indent, path)
  local text = type(value) == "table" and format_table(value, indent + 2, path) or scalar(value)
  return (" "):rep(indent + 2) .. text
end

local function map_line(key, value, indent, path)
  local text = type(value) == "table" and format_table(value, indent + 2, path) or scalar(value)
  return (" "):rep(indent + 2) .. RED .. tostring(key) .. RESET .. " = " .. text
end

local function format_lines(tbl, indent, path)
  local lines = {}
  if is_list(tbl) then
    for i, value in ipairs(tbl) do
      lines[i] = list_line(value, indent, path)
    end
    return wrap_list(lines, indent)
  end
  for key, value in pairs(tbl) do
    lines[#lines + 1] = map_line(key, value, indent, path)
  end
  return wrap_map(lines, indent)
end

-- `path` holds the tables that enclose this one.
function format_table(tbl, indent, path)
  if path[tbl] then
    return CIRCULAR
  elseif stringify.isSimpleArray(tbl) then
    return simple_array(tbl)
  end
  path[tbl] = true
  local text = format_lines(tbl, indent, path)
  path[tbl] = nil
  return text
end

local lossy_format

local function lossy_list_line(value, indent, path)
  local text
  if path[value] then
    text = CIRCULAR
  elseif type(value) == "table" then
    text = lossy_format(value, indent + 2, nil, path)
  else
    text = scalar(value)
  end
  return (" "):rep(indent + 2) .. text
end

local function lossy_map_line(k, value, indent, visited, path)
  local text
  if type(value) == "table" then
    visited[value] = true
    text = lossy_format(value, indent + 2, visited, path)
  else
    text = scalar(value)
  end
  return (" "):rep(indent + 2) .. RED .. k .. RESET .. " = " .. text
end

local function lossy_lines(tbl, indent, visited, path)
  local lines, is_array = {}, true
  for key, value in pairs(tbl) do
    if is_array and key ~= #lines + 1 then
      lines, is_array = {}, false
    end
    if is_array then
      lines[#lines + 1] = lossy_list_line(value, indent, path)
    elseif visited[value] then
      return CIRCULAR
    else
      lines[#lines + 1] = lossy_map_line(key, value, indent, visited, path)
    end
  end
  return (is_array and wrap_list or wrap_map)(lines, indent)
end

-- As the reference does it: see `lossy_tables`. Unlike there, a cycle through list positions ends.
function lossy_format(tbl, indent, visited, path)
  if stringify.isSimpleArray(tbl) then
    return simple_array(tbl)
  end
  path[tbl] = true
  local text = lossy_lines(tbl, indent, visited or {}, path)
  path[tbl] = nil
  return text
end

function stringify.format(tbl, indent, visited)
  if compat.lossy_tables then
    return lossy_format(tbl, indent or 0, visited, {})
  end
  return format_table(tbl, indent or 0, visited or {})
end

return stringify
