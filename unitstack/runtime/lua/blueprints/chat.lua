-- A client of DevChat, the chatrooms of ao's developers: functions to call at the prompt, and what prints messages.
local blue, gray, green, red, reset = Colors.blue, Colors.gray, Colors.green, Colors.red, Colors.reset

local FIRST_ROOM = "6I1JBBc9SOMtqFxlX7OoYgsMh7QeZk2fFwUCHTUqshg"
local ROOM_TAG = "Room-"

-- What was said last outlives a second loading.
local before = DevChat or {}

DevChat = {
  Router = "8MGp9kOU4JYxAlPT1AyL7O3cedd97y-w8X4ciBsf_Xo",
  InitRoom = FIRST_ROOM,
  LastSend = before.LastSend or FIRST_ROOM,
  LastReceive = { Room = FIRST_ROOM },
  InitRooms = { [FIRST_ROOM] = "Getting-Started" },
  Rooms = before.Rooms or { [FIRST_ROOM] = "Getting-Started" },
  Confirmations = before.Confirmations == nil and true or before.Confirmations,
}

function DevChat.findRoom(name)
  for address, known in pairs(DevChat.Rooms) do
    if known == name then
      return address
    end
  end
end

local function address_of(room)
  return DevChat.findRoom(room) or room
end

local function name_of(address)
  return DevChat.Rooms[address] or address
end

-- Enters a room into the index.
function DevChat.add(name, address)
  ao.send({ Target = DevChat.Router, Action = "Register", Name = name or Name, Address = address or ao.id })
end

function List()
  ao.send({ Target = DevChat.Router, Action = "Get-List" })
  return gray .. "Getting the room list from the DevChat index..." .. reset
end

function Join(room, nickname)
  ao.send({ Target = address_of(room), Action = "Register", Nickname = nickname or ao.id })
  return gray .. "Registering with room " .. blue .. room .. gray .. "..." .. reset
end

-- Without a room, into the one that was spoken to last.
function Say(text, room)
  if room then
    DevChat.LastSend = address_of(room)
  end
  local name = DevChat.Rooms[DevChat.LastSend] or room
  ao.send({ Target = DevChat.LastSend, Action = "Broadcast", Data = text })
  if not DevChat.Confirmations then
    return ""
  end
  return gray .. "Broadcasting to " .. blue .. name .. gray .. "..." .. reset
end

-- Without arguments, one token to whoever was heard last.
function Tip(recipient, room, quantity)
  room, quantity = room or DevChat.LastReceive.Room, tostring(quantity or 1)
  recipient = recipient or DevChat.LastReceive.Sender
  ao.send({ Action = "Transfer", Target = room, Recipient = recipient, Quantity = quantity })
  local sum = gray .. "Sent tip of " .. green .. quantity .. gray .. " to " .. red .. recipient
  return sum .. gray .. " in room " .. blue .. name_of(room) .. gray .. "."
end

function Replay(depth, room)
  local address = room and address_of(room) or DevChat.LastReceive.Room
  depth = tostring(depth or 3)
  ao.send({ Target = address, Action = "Replay", Depth = depth })
  local request = gray .. "Requested replay of the last " .. green .. depth
  return request .. gray .. " messages from " .. blue .. name_of(address) .. reset .. "."
end

function Leave(room)
  ao.send({ Target = address_of(room), Action = "Unregister" })
  return gray .. "Leaving room " .. blue .. room .. gray .. "..." .. reset
end

local function speaker(msg)
  local nickname = msg.Nickname:sub(1, 10)
  if msg.Broadcaster ~= msg.Nickname then
    nickname = nickname .. gray .. "#" .. msg.Broadcaster:sub(1, 3)
  end
  return nickname
end

local function show(msg, room)
  local from = "[" .. red .. speaker(msg) .. reset .. "@" .. blue .. room .. reset .. "]> "
  print(from .. green .. msg.Data .. reset)
  DevChat.LastReceive = { Room = msg.From, Sender = msg.Broadcaster }
end

Handlers.add("DevChat-Broadcasted", Handlers.utils.hasMatchingTag("Action", "Broadcasted"), function(msg)
  local room = DevChat.Rooms[msg.From] or msg.From:sub(1, 6)
  if msg.Broadcaster ~= ao.id then
    show(msg, room)
  elseif DevChat.Confirmations then
    print(gray .. "[Received confirmation of your broadcast in " .. blue .. room .. gray .. ".]" .. reset)
  end
end)

local function is_list(msg)
  return msg.Action == "Room-List" and msg.From == DevChat.Router
end

Handlers.add("DevChat-List", is_list, function(msg)
  local rows = ""
  DevChat.Rooms = DevChat.InitRooms
  for _, tag in ipairs(msg.TagArray) do
    if tag.name:sub(1, #ROOM_TAG) == ROOM_TAG then
      local name = tag.name:sub(#ROOM_TAG + 1)
      rows = rows .. blue .. "        " .. name .. reset .. "\n"
      DevChat.Rooms[tag.value] = name
    end
  end
  local intro = "👋 The following rooms are currently available on DevChat:\n\n"
  local joining = 'Join a chat by running `Join("chatName"[, "yourNickname"])`!'
  print(intro .. rows .. "\n" .. joining .. ' You can leave chats with `Leave("name")`.')
end)

if DevChatRegistered == nil then
  DevChatRegistered = true
  Join(DevChat.InitRoom)
end

local function usage(call, effect)
  return green .. "\t\t`" .. call .. "`" .. reset .. " " .. effect .. "\n"
end

function help()
  return table.concat({
    blue .. "\n\nWelcome to ao DevChat v0.1!\n\n" .. reset,
    "DevChat is a simple service that helps the ao community communicate as we build our new computer.\n",
    "The interface is simple. Run...\n\n",
    usage("List()", "to see which rooms are available."),
    usage('Join("RoomName")', "to join a room."),
    usage('Say("Msg"[, "RoomName"])', "to post to a room (remembering your last choice for next time)."),
    usage('Replay(["Count"])', "to reprint the most recent messages from a chat."),
    usage('Leave("RoomName")', "at any time to unsubscribe from a chat."),
    usage('Tip(["Recipient"])', "to send a token from the chatroom to the sender of the last message."),
    "\nYou have already been registered to the " .. blue .. name_of(DevChat.InitRoom) .. reset .. ".\n",
    "Have fun, be respectful, and remember: Cypherpunks ship code! 🫡",
  })
end

return help()
