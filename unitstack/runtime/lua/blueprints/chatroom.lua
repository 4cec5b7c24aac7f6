-- A chatroom: whoever registers is sent what anyone broadcasts, until leaving.
Members = Members or {}

local function place_of(member)
  for place, other in ipairs(Members) do
    if other == member then
      return place
    end
  end
end

Handlers.add("register", "Register", function(msg)
  if place_of(msg.From) then
    return msg.reply({ Data = "Already registered." })
  end
  table.insert(Members, msg.From)
  msg.reply({ Data = "Registered." })
end)

Handlers.add("unregister", "Unregister", function(msg)
  local place = place_of(msg.From)
  if not place then
    return msg.reply({ Data = "Not registered" })
  end
  table.remove(Members, place)
  msg.reply({ Data = "Unregistered" })
end)

Handlers.add("broadcast", "Broadcast", function(msg)
  local told = {}
  for _, member in ipairs(Members) do
    if not told[member] then
      told[member] = true
      ao.send({ Target = member, Action = "Broadcast-Notice", Data = msg.Data })
    end
  end
  msg.reply({ Data = "Broadcasted." })
end)
