local blueprint = require("tests.unitstack.runtime.lua.blueprint")
local support = require("tests.unitstack.runtime.lua.support")

describe("arena", function()
  local arena

  before_each(function()
    arena = blueprint.process("arena")
    arena:eval("PaymentToken = 'TOKEN'")
  end)

  local function say(account, tags, time)
    return arena:send(tags, { From = account, Owner = account, Timestamp = time or 1000 })
  end

  local function pay(account, quantity)
    return say("TOKEN", { Action = "Credit-Notice", Sender = account, Quantity = quantity or "1000" })
  end

  local function started(...)
    for _, account in ipairs({ ... }) do
      say(account, { Action = "Register" })
      pay(account)
    end
    return say("CLOCK", {}, 122000)
  end

  local function sent(result, action)
    local found = {}
    for _, message in ipairs(result.Messages) do
      local tags = support.own_tags(message)
      if tags.Action == action then
        tags.Target = message.Target
        found[#found + 1] = tags
      end
    end
    return found
  end

  it("waits from its first message on", function()
    local result = say("ALICE", { Action = "GetGameState" })
    local state = arena.world.require("json").decode(result.Messages[1].Data)

    assert.same({ GameMode = "Waiting", TimeRemaining = 120000, Players = {} }, state)
  end)

  it("tells all listeners who came", function()
    say("ALICE", { Action = "Register" })
    local result = say("BOB", { Action = "Register", Mode = "Listen" })

    assert.same({ Action = "Registered", Target = "BOB" }, sent(result, "Registered")[1])
    assert.equal(2, #sent(result, "Announcement"))
    assert.equal("nil false", arena:shows("tostring(Waiting.BOB) .. ' ' .. tostring(Waiting.ALICE)"))
  end)

  it("takes payments of the token only, and only whole ones", function()
    say("ALICE", { Action = "Register" })
    local foreign = say("ELSE", { Action = "Credit-Notice", Sender = "ALICE", Quantity = "1000" })

    assert.equal(0, #sent(pay("ALICE", "999"), "Payment-Received"))
    assert.equal(0, #sent(foreign, "Payment-Received"))
    assert.equal("ALICE", sent(pay("ALICE"), "Payment-Received")[1].Target)
  end)

  it("begins with those who paid and ejects the others", function()
    say("CAROL", { Action = "Register" })
    arena:eval("PlayerInitState = { health = 100 }")
    local result = started("ALICE", "BOB")

    assert.equal("Playing", arena:shows("GameMode"))
    assert.equal("100", arena:shows("Players.ALICE.health"))
    assert.same({ Action = "Ejected", Reason = "Did-Not-Pay", Target = "CAROL" }, sent(result, "Ejected")[1])
    assert.equal("false", arena:shows("tostring(Players.ALICE == Players.BOB)"))
  end)

  it("makes players with a function of the game's own", function()
    arena:eval("function playerInitState() return { made = 'so' } end")
    started("ALICE", "BOB")

    assert.equal("so", arena:shows("Players.BOB.made"))
  end)

  it("pays back when too few paid", function()
    local result = started("ALICE")

    local reward = { Action = "Transfer", Target = "TOKEN", Recipient = "ALICE", Quantity = "1000", Reason = "Refund" }
    assert.same({ reward }, sent(result, "Transfer"))
    assert.equal("Waiting", arena:shows("GameMode"))
  end)

  it("pays the eliminator, and the last one left the bonus too", function()
    started("ALICE", "BOB")
    local result = arena:eval("eliminatePlayer('BOB', 'ALICE')")
    local rewards = sent(result, "Transfer")

    assert.equal("BOB", sent(result, "Eliminated")[1].Target)
    assert.same({ "1000", "Eliminated-Player" }, { rewards[1].Quantity, rewards[1].Reason })
    assert.same({ "2000", "Win" }, { rewards[2].Quantity, rewards[2].Reason })
    assert.equal("Waiting 1", arena:shows("GameMode .. ' ' .. Winners"))
  end)

  it("shares the bonus in whole numbers when the time is over", function()
    started("ALICE", "BOB", "CAROL")
    local result = say("CLOCK", {}, 122000 + 1200001)

    assert.equal(3, #sent(result, "Transfer"))
    assert.equal("1333", sent(result, "Transfer")[1].Quantity)
  end)

  it("adds bets to the bonus with all their digits", function()
    arena:eval("BonusQty = '123456789012345678901234567890'")
    say("ALICE", { Action = "Credit-Notice", Reason = "AddBet", Quantity = "1" })

    assert.equal("123456789012345678901234567891", arena:shows("BonusQty"))
  end)

  it("ticks", function()
    say("ALICE", { Action = "Register" })
    local waiting = say("CLOCK", { Action = "Tick" }, 2000)
    arena:eval("function onTick() Ticks = (Ticks or 0) + 1 end")
    started("BOB", "CAROL")
    local playing = say("CLOCK", { Action = "Tick" }, 123000)

    assert.equal("The game will start in 119.0 seconds.", waiting.Messages[1].Data)
    assert.equal("The game will end in 1199.0 seconds.", playing.Messages[1].Data)
    assert.equal("1", arena:shows("Ticks"))
  end)

  it("lets listeners go and gives tokens out", function()
    say("ALICE", { Action = "Register" })
    local gone = say("ALICE", { Action = "Unregister" })
    local given = sent(say("ALICE", { Action = "RequestTokens" }), "Transfer")[1]

    assert.equal("ALICE", sent(gone, "Unregistered")[1].Target)
    assert.equal("0", arena:shows("#Listeners"))
    assert.same({ "PROCESS", "2000", "ALICE" }, { given.Target, given.Quantity, given.Recipient })
  end)
end)
