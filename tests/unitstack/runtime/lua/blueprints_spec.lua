local blueprint = require("tests.unitstack.runtime.lua.blueprint")
local support = require("tests.unitstack.runtime.lua.support")

local SELF = { From = "PROCESS", Owner = "AUTHORITY" }

local function at(height, fields)
  local all = { ["Block-Height"] = height }
  for name, value in pairs(fields or {}) do
    all[name] = value
  end
  return all
end

local function texts_of(result)
  local texts = {}
  for i, message in ipairs(result.Messages) do
    texts[i] = message.Data and support.plain(message.Data) or ""
  end
  return texts
end

local function failure_of(result)
  return support.plain(result.Error):match("error:\n(.*)$")
end

describe("token", function()
  local token

  before_each(function()
    token = blueprint.process("token")
  end)

  it("keeps its state when it is loaded again", function()
    token:send({ Action = "Transfer", Recipient = "ALICE", Quantity = "5" }, SELF)
    token:eval(blueprint.source("token"))

    assert.equal("5", token:shows("Balances.ALICE"))
  end)

  it("tells what it is in lower-case tags", function()
    local tags = support.own_tags(token:send({ Action = "Info" }).Messages[1])

    assert.same({
      name = "test", ticker = "PNTS", denomination = "12", supply = "10000000000000000",
      logo = "SBCCXwwecBlDqRLUjb8dYABExTJXLieawf7m2aBJ-KY",
    }, tags)
  end)

  it("answers all balances as JSON", function()
    local answer = token:send({ Action = "Balances" }).Messages[1]

    assert.equal('{"PROCESS":"10000000000000000"}', answer.Data)
  end)

  it("answers zero for an account it does not know", function()
    assert.equal("0", token:send({ Action = "Balance", Recipient = "NOBODY" }).Messages[1].Data)
  end)

  it("tells both sides of a transfer", function()
    local result = token:send({ Action = "Transfer", Recipient = "ALICE", Quantity = "1000", ["X-Note"] = "hey" }, SELF)

    assert.same({ "You transferred 1000 to ALICE", "You received 1000 from PROCESS", "" }, texts_of(result))
    assert.equal("hey", support.own_tags(result.Messages[1])["X-Note"])
    assert.equal("hey", support.own_tags(result.Messages[2])["X-Note"])
    assert.same({ PROCESS = "9999999999999000", ALICE = "1000" }, support.own_tags(result.Messages[3]).balances)
  end)

  it("tells nobody of a cast", function()
    local result = token:send({ Action = "Transfer", Recipient = "ALICE", Quantity = "1", Cast = "true" }, SELF)

    assert.equal(1, #result.Messages)
    assert.is_nil(result.Messages[1].Target)
  end)

  it("moves nothing to oneself", function()
    token:send({ Action = "Transfer", Recipient = "PROCESS", Quantity = "1000" }, SELF)

    assert.equal("10000000000000000", token:shows("Balances.PROCESS"))
  end)

  it("refuses quantities that are no positive integers", function()
    local function refusal(quantity)
      return failure_of(token:send({ Action = "Transfer", Recipient = "BOB", Quantity = quantity }))
    end

    assert.equal("Quantity must be greater than 0", refusal("0"))
    assert.equal("Quantity must be greater than 0", refusal("-5"))
    assert.equal("value cannot be represented by a bint", refusal("1.5"))
    assert.equal("Quantity is required!", failure_of(token:send({ Action = "Transfer", Recipient = "BOB" })))
    assert.equal("Recipient is required!", failure_of(token:send({ Action = "Transfer", Quantity = "1" })))
  end)

  it("keeps every digit of amounts that no float holds", function()
    local large = "123456789012345678901234567890123456789"
    token:send({ Action = "Mint", Quantity = large }, SELF)

    assert.equal("123456789012345678901244567890123456789", token:shows("TotalSupply"))
  end)

  it("lets only itself mint", function()
    local refused = support.own_tags(token:send({ Action = "Mint", Quantity = "10" }).Messages[1])
    local granted = token:send({ Action = "Mint", Quantity = "10" }, SELF)

    assert.equal("Only the Process Id can mint new PNTS tokens!", refused.Error)
    assert.equal("Successfully minted 10", support.plain(granted.Messages[1].Data))
    assert.equal("Quantity must be greater than zero!", failure_of(token:send({ Action = "Mint", Quantity = "0" })))
  end)

  it("tells others how much there is, and not itself", function()
    assert.equal("10000000000000000", token:send({ Action = "Total-Supply" }).Messages[1].Data)
    assert.equal(
      "Cannot call Total-Supply from the same process!",
      failure_of(token:send({ Action = "Total-Supply" }, SELF))
    )
  end)

  it("sends where a message cannot reply", function()
    token:eval("Handlers.prepend('old', function() return 'continue' end, function(m) m.reply = nil end)")

    assert.equal("ALICE", token:send({ Action = "Info" }).Messages[1].Target)
  end)
end)

describe("staking", function()
  local staking

  before_each(function()
    staking = blueprint.process("token", "staking")
    staking:send({ Action = "Transfer", Recipient = "ALICE", Quantity = "1000" }, SELF)
  end)

  it("locks and gives back after the delay", function()
    staking:send({ Action = "Stake", Quantity = "600" }, at(100))
    staking:send({ Action = "Unstake", Quantity = "400" }, at(101))
    staking:send({}, at(769))
    local before = staking:shows("Balances.ALICE")
    staking:send({}, at(770))

    assert.equal("400", before)
    assert.equal("800", staking:shows("Balances.ALICE"))
    assert.equal("200", staking:shows("Stakers.ALICE.amount"))
  end)

  it("loses nothing when stake is taken out twice", function()
    staking:send({ Action = "Stake", Quantity = "600" }, at(100))
    staking:send({ Action = "Unstake", Quantity = "100" }, at(101))
    staking:send({ Action = "Unstake", Quantity = "200" }, at(102))
    staking:send({}, at(770))

    assert.equal("700", staking:shows("Balances.ALICE"))
  end)

  it("refuses more than there is, and less than nothing", function()
    local function refusal(action, quantity)
      return failure_of(staking:send({ Action = action, Quantity = quantity }))
    end
    staking:send({ Action = "Stake", Quantity = "600" }, at(100))

    assert.equal("Insufficient balance to stake", refusal("Stake", "401"))
    assert.equal("Insufficient balance to stake", refusal("Stake", "-1"))
    assert.equal("Insufficient staked amount", refusal("Unstake", "601"))
    assert.equal("Insufficient staked amount", refusal("Unstake", "-1"))
  end)

  it("answers all stakes as JSON", function()
    staking:send({ Action = "Stake", Quantity = "600" }, at(100))

    local stakes = staking.world.require("json").decode(staking:send({ Action = "Stakers" }).Messages[1].Data)
    assert.same({ ALICE = { amount = "600", unstake_at = 770 } }, stakes)
  end)
end)

describe("voting", function()
  local voting

  before_each(function()
    voting = blueprint.process("token", "staking", "voting")
    for account, quantity in pairs({ ALICE = "600", BOB = "500" }) do
      voting:send({ Action = "Transfer", Recipient = account, Quantity = quantity }, SELF)
      voting:send({ Action = "Stake", Quantity = quantity }, at(100, { From = account, Owner = account }))
    end
  end)

  local function vote(account, side, height)
    local tags = { Action = "Vote", Target = "idea", Side = side, Deadline = "10" }
    return voting:send(tags, at(height or 101, { From = account, Owner = account }))
  end

  it("announces what passed when the deadline is reached", function()
    vote("ALICE", "yay")
    vote("BOB", "nay")
    local before = voting:send({}, at(110)).Output.data
    local after = voting:send({}, at(111)).Output.data

    assert.is_nil(before:find("Handle Vote"))
    assert.truthy(after:find("Handle Vote"))
    assert.equal("nil", voting:shows("tostring(Votes.idea)"))
  end)

  it("announces nothing that failed", function()
    vote("ALICE", "nay")
    vote("BOB", "yay")

    assert.is_nil(voting:send({}, at(111)).Output.data:find("Handle Vote"))
  end)

  it("weighs votes by stakes, with all their digits", function()
    vote("ALICE", "yay")
    vote("BOB", "yay")

    assert.equal("1100 0 111", voting:shows("Votes.idea.yay .. ' ' .. Votes.idea.nay .. ' ' .. Votes.idea.deadline"))
  end)

  it("counts a staker once", function()
    vote("ALICE", "yay")
    vote("ALICE", "nay", 105)

    assert.equal("0 600 111", voting:shows("Votes.idea.yay .. ' ' .. Votes.idea.nay .. ' ' .. Votes.idea.deadline"))
  end)

  it("refuses votes without stakes, sides or targets", function()
    assert.equal("No staked tokens to vote", failure_of(vote("CAROL", "yay")))
    assert.equal("Side must be yay or nay", failure_of(vote("ALICE", "maybe")))
    assert.equal("Target is required!", failure_of(voting:send({ Action = "Vote", Side = "yay" })))
    assert.equal(
      "Deadline is required!",
      failure_of(voting:send({ Action = "Vote", Side = "yay", Target = "idea" }))
    )
  end)
end)

describe("chatroom", function()
  local room

  before_each(function()
    room = blueprint.process("chatroom")
  end)

  local function say(account, action, data)
    local result = room:send({ Action = action }, { From = account, Owner = account, Data = data or "" })
    return texts_of(result), result
  end

  it("lets members in and out, once each", function()
    assert.same({ "Registered." }, say("ALICE", "Register"))
    assert.same({ "Already registered." }, say("ALICE", "Register"))
    assert.same({ "Unregistered" }, say("ALICE", "Unregister"))
    assert.same({ "Not registered" }, say("ALICE", "Unregister"))
  end)

  it("tells each member once", function()
    say("ALICE", "Register")
    say("BOB", "Register")
    room:eval("table.insert(Members, 'ALICE')")
    local texts, result = say("CAROL", "Broadcast", "hello")

    assert.same({ "hello", "hello", "Broadcasted." }, texts)
    assert.equal("Broadcast-Notice", support.own_tags(result.Messages[1]).Action)
  end)
end)
