--[[
  An arena: games in rounds. Players register and pay a token to take part; whoever eliminates another is paid the
  other's token, and those who are left when the time is over share a bonus. Rounds follow each other while there are
  players. The process needs a cron message, or others' messages, for its time to go on.

  A game's own rules are other handlers that call `eliminatePlayer(eliminated, eliminator)`. They may set
  `PlayerInitState` or a function `playerInitState`, and a function `onTick` that is called at every message of a game.
  Who registers with a tag `Mode` that is `Listen` hears all announcements and does not play.

  Amounts are whole numbers in decimal text.
]]
local bint = require(".bint")(256)
local json = require("json")

local MINUTE_MS = 60 * 1000

GameMode = GameMode or "Not-Started" -- then Waiting, Playing, and Waiting again
StateChangeTime = StateChangeTime or nil
WaitTime = WaitTime or 2 * MINUTE_MS
GameTime = GameTime or 20 * MINUTE_MS
Now = Now or nil

UNIT = 1000
PaymentToken = PaymentToken or "ADDR"
PaymentQty = PaymentQty or tostring(math.floor(UNIT))
BonusQty = BonusQty or tostring(math.floor(UNIT))

Waiting = Waiting or {} -- by player, whether the token is paid
Players = Players or {}
Winners = 0
Listeners = Listeners or {}
MinimumPlayers = MinimumPlayers or 2
PlayerInitState = PlayerInitState or {}

local function size_of(map)
  local size = 0
  for _ in pairs(map) do
    size = size + 1
  end
  return size
end

local function action(name)
  return Handlers.utils.hasMatchingTag("Action", name)
end

function announce(event, description)
  for _, address in pairs(Listeners) do
    ao.send({ Target = address, Action = "Announcement", Event = event, Data = description })
  end
  local gray, red, blue, reset = Colors.gray, Colors.red, Colors.blue, Colors.reset
  return print(gray .. "Announcement: " .. red .. event .. " " .. blue .. description .. reset)
end

function sendReward(recipient, quantity, reason)
  quantity = tostring(bint(quantity))
  ao.send({ Target = PaymentToken, Action = "Transfer", Quantity = quantity, Recipient = recipient, Reason = reason })
  local sum = Colors.gray .. "Sent Reward: " .. Colors.blue .. quantity .. Colors.gray .. " tokens to "
  return print(sum .. Colors.green .. recipient .. " " .. Colors.blue .. reason .. Colors.reset)
end

function startWaitingPeriod()
  GameMode, StateChangeTime = "Waiting", Now + WaitTime
  announce("Started-Waiting-Period", "The game is about to begin! Send your token to take part.")
  print("Starting Waiting Period")
end

local function paid_players()
  local paid = {}
  for player, has_paid in pairs(Waiting) do
    paid[player] = has_paid or nil
  end
  return paid
end

local function refund(players)
  announce("Not-Enough-Players", "Not enough players registered! Restarting...")
  for player in pairs(players) do
    Waiting[player] = false
    sendReward(player, PaymentQty, "Refund")
  end
  startWaitingPeriod()
end

local function initial_state()
  if type(playerInitState) == "function" then
    return playerInitState()
  elseif type(PlayerInitState) == "function" then
    return PlayerInitState()
  end
  return ao.clone(PlayerInitState)
end

local function eject(player)
  ao.send({ Target = player, Action = "Ejected", Reason = "Did-Not-Pay" })
  removeListener(player)
end

function startGamePeriod()
  local paid = paid_players()
  if size_of(paid) < MinimumPlayers then
    return refund(paid)
  end
  LastTick = nil
  GameMode, StateChangeTime = "Playing", Now + GameTime
  announce("Started-Game", "The game has started. Good luck!")
  for player in pairs(Waiting) do
    if paid[player] then
      Players[player] = initial_state()
    else
      eject(player)
    end
  end
  print("Game Started....")
end

function eliminatePlayer(eliminated, eliminator)
  sendReward(eliminator, PaymentQty, "Eliminated-Player")
  Waiting[eliminated] = false
  Players[eliminated] = nil
  ao.send({ Target = eliminated, Action = "Eliminated", Eliminator = eliminator })
  announce("Player-Eliminated", eliminated .. " was eliminated by " .. eliminator .. "!")
  print("Eliminating player: " .. eliminated .. " by: " .. eliminator)
  if size_of(Players) < MinimumPlayers then
    endGame()
  end
end

-- What the bonus leaves over when it is shared stays with the game.
local function reward_winners()
  local share = bint(BonusQty) // Winners
  for player in pairs(Players) do
    sendReward(player, share + bint(PaymentQty), "Win")
    Waiting[player] = false
  end
end

function endGame()
  print("Game Over")
  Winners = size_of(Players)
  if Winners > 0 then
    reward_winners()
  end
  Players = {}
  local count = "Remaining players at conclusion: " .. Winners .. "."
  announce("Game-Ended", "Congratulations! The game has ended. " .. count)
  startWaitingPeriod()
end

function removeListener(listener)
  for place, address in ipairs(Listeners) do
    if address == listener then
      table.remove(Listeners, place)
      return
    end
  end
end

local function play_on()
  if type(onTick) == "function" then
    onTick()
  end
  if Now > StateChangeTime then
    endGame()
  end
end

Handlers.add("Game-State-Timers", function()
  return "continue"
end, function(msg)
  Now = tonumber(msg.Timestamp)
  if GameMode == "Not-Started" then
    startWaitingPeriod()
  elseif GameMode == "Waiting" and Now > StateChangeTime then
    startGamePeriod()
  elseif GameMode == "Playing" then
    play_on()
  end
end)

local function is_payment(msg)
  if msg.Action ~= "Credit-Notice" or msg.From ~= PaymentToken then
    return false
  end
  local quantity = bint.tobint(msg.Quantity)
  return quantity and quantity >= bint(PaymentQty) and "continue" or false
end

Handlers.add("Transfer", is_payment, function(msg)
  Waiting[msg.Sender] = true
  ao.send({ Target = msg.Sender, Action = "Payment-Received" })
  announce("Player-Ready", msg.Sender .. " is ready to play!")
end)

Handlers.add("Register", action("Register"), function(msg)
  if msg.Mode ~= "Listen" and Waiting[msg.From] == nil then
    Waiting[msg.From] = false
  end
  removeListener(msg.From)
  table.insert(Listeners, msg.From)
  ao.send({ Target = msg.From, Action = "Registered" })
  announce("New Player Registered", msg.From .. " has joined in waiting.")
end)

Handlers.add("Unregister", action("Unregister"), function(msg)
  removeListener(msg.From)
  ao.send({ Target = msg.From, Action = "Unregistered" })
end)

Handlers.add("AddBet", Handlers.utils.hasMatchingTag("Reason", "AddBet"), function(msg)
  local quantity = msg.Tags.Quantity
  BonusQty = tostring(bint(BonusQty) + bint(quantity))
  local change = "BonusQty amount increased by " .. quantity .. "!"
  announce("Bet-Added", msg.From .. "has placed a bet. " .. change)
end)

Handlers.add("GetGameState", action("GetGameState"), function(msg)
  local state = { GameMode = GameMode, TimeRemaining = StateChangeTime - Now, Players = Players }
  ao.send({ Target = msg.From, Action = "GameState", Data = json.encode(state) })
end)

Handlers.add("AnnounceTick", action("Tick"), function()
  local seconds = (StateChangeTime - Now) / 1000
  if GameMode == "Waiting" then
    announce("Tick", "The game will start in " .. seconds .. " seconds.")
  elseif GameMode == "Playing" then
    announce("Tick", "The game will end in " .. seconds .. " seconds.")
  end
end)

Handlers.add("RequestTokens", action("RequestTokens"), function(msg)
  local quantity = tostring(math.floor(1000 + UNIT))
  print("Transfering Tokens: " .. quantity)
  ao.send({ Target = ao.id, Action = "Transfer", Quantity = quantity, Recipient = msg.From })
end)
