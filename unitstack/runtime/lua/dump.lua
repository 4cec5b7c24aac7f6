-- `Dump`: any value as text that looks like Lua source.
local RESERVED = {}
for name in
  ([[and break do else elseif end false for function goto if in local nil not or
     repeat return then true until while]]):gmatch("%a+")
do
  RESERVED[name] = true
end

local dump_table

local function quoted(value)
  return ("%q"):format(tostring(value))
end

local function dump_key(key)
  if type(key) == "string" then
    if key:find("^[%a_][%w_]*$") and not RESERVED[key] then
      return key
    end
    return "[" .. quoted(key) .. "]"
  elseif type(key) == "number" or type(key) == "boolean" then
    return "[" .. tostring(key) .. "]"
  end
  return "[" .. quoted(key) .. "]"
end

local function dump_scalar(value)
  if type(value) == "number" or type(value) == "boolean" then
    return tostring(value)
  end
  return quoted(value)
end

-- Numeric keys first, by value; then the others, by their text.
local function before(a, b)
  local a_number, b_number = type(a.key) == "number", type(b.key) == "number"
  if a_number ~= b_number then
    return a_number
  elseif a_number then
    return a.key < b.key
  end
  return a.text < b.text
end

-- A pair as the filter leaves it, or nil where it drops the pair.
local function filtered_pair(key, value, depth, context)
  local kept_key = context.filter(key, depth, type(key), "key", nil, context.udata)
  if kept_key == nil then
    return nil
  end
  local kept, plain = context.filter(value, depth, type(value), "val", kept_key, context.udata)
  if kept == nil then
    return nil
  end
  return { key = kept_key, text = dump_key(kept_key), value = kept, plain = plain }
end

local function sorted_pairs(tbl, depth, context)
  local found = {}
  for key, value in pairs(tbl) do
    found[#found + 1] = filtered_pair(key, value, depth, context)
  end
  table.sort(found, before)
  return found
end

local function dump_pair(pair, depth, field_indent, context)
  local text
  if type(pair.value) == "table" and not pair.plain then
    text = dump_table(pair.value, depth + 1, field_indent, context, pair.key)
  else
    text = dump_scalar(pair.value)
  end
  return field_indent .. pair.text .. " = " .. text
end

local function dump_circular(tbl, depth, context, key)
  local kept = context.filter(tbl, depth, "table", "circular", key, context.udata)
  if kept == nil or kept == tbl then
    return ('"<Circular %s>"'):format(tostring(tbl))
  end
  return dump_scalar(kept)
end

function dump_table(tbl, depth, indent, context, key)
  if context.path[tbl] then
    return dump_circular(tbl, depth, context, key)
  end
  context.path[tbl] = true
  local field_indent = context.indent == "" and "" or indent .. context.indent
  local lines = {}
  for i, pair in ipairs(sorted_pairs(tbl, depth, context)) do
    lines[i] = dump_pair(pair, depth, field_indent, context)
  end
  context.path[tbl] = nil
  if #lines == 0 then
    return "{}"
  elseif context.indent == "" then
    return "{ " .. table.concat(lines, ", ") .. " }"
  end
  return "{\n" .. table.concat(lines, ",\n") .. "\n" .. indent .. "}"
end

local function keep_all(value)
  return value
end

local function is_unsigned(value)
  return math.type(value) == "integer" and value >= 0
end

-- `filter(value, depth, type, use, key, udata)` gives what to show, or nil for nothing; `use` is key, val or circular.
return function(value, indent, padding, filter, udata)
  indent, padding, filter = indent or 4, padding or 0, filter or keep_all
  assert(is_unsigned(indent), "indent must be unsigned integer")
  assert(is_unsigned(padding), "padding must be unsigned integer")
  assert(type(filter) == "function", "filter must be function")
  local context = { indent = (" "):rep(indent), filter = filter, udata = udata, path = {} }
  if type(value) == "table" then
    return dump_table(value, 1, (" "):rep(padding), context)
  end
  return quoted(value)
end
