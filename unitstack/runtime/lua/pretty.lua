-- The plainest printer of tables, kept for programs that require it.
local pretty = { _version = "0.0.1" }

local function pretty_line(key, value, indent)
  local start = (" "):rep(indent) .. key .. ": "
  if type(value) == "table" then
    return start .. "\n" .. pretty.tprint(value, indent + 1)
  elseif type(value) == "boolean" then
    return start .. tostring(value) .. "\n"
  end
  return start .. value .. "\n"
end

function pretty.tprint(tbl, indent)
  local lines = {}
  for key, value in pairs(tbl) do
    lines[#lines + 1] = pretty_line(key, value, indent or 0)
  end
  return table.concat(lines)
end

return pretty
