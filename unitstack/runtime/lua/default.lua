-- The handler of what no other handled: it keeps the message in the inbox and announces it.
local json = require("json")

local SHOWN = 20

local function sender(from)
  if not from then
    return "unknown"
  end
  from = tostring(from)
  return from:sub(1, 3) .. "..." .. from:sub(-3)
end

local function shown_data(data)
  if type(data) == "table" then
    data = json.encode(data)
  elseif data == nil then
    data = ""
  end
  return data:sub(1, SHOWN)
end

-- What the message is about, and the text of that.
local function subject_of(msg)
  if msg.Action then
    return "Action", tostring(msg.Action):sub(1, SHOWN)
  end
  return "Data", shown_data(msg.Data)
end

return function(insert_inbox)
  return function(msg)
    insert_inbox(msg)
    local subject, text = subject_of(msg)
    local announcement = { Colors.gray, "New Message From ", Colors.green, sender(msg.From), Colors.gray, ": " }
    local about = { Colors.gray, subject, " = ", Colors.blue, text, Colors.reset }
    print(table.concat(announcement) .. table.concat(about))
  end
end
