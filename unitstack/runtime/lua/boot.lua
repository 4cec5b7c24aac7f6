-- The handler of the process's own message: it fills the inbox and runs the code that the process was spawned with.
local eval = require(".eval")

local function read_file(name)
  local file = io.open("/data/" .. name, "r")
  if not file then
    return nil
  end
  local text = file:read("a")
  file:close()
  return text
end

return function(ao)
  return function(msg)
    if #Inbox == 0 then
      table.insert(Inbox, msg)
    end
    local source = msg.Tags["On-Boot"]
    if not source then
      return
    end
    if source ~= "Data" then
      msg = { Data = read_file(source) }
    end
    eval(ao)(msg)
  end
end
