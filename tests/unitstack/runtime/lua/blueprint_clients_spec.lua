local blueprint = require("tests.unitstack.runtime.lua.blueprint")
local support = require("tests.unitstack.runtime.lua.support")

describe("chat", function()
  local ROUTER, FIRST = "8MGp9kOU4JYxAlPT1AyL7O3cedd97y-w8X4ciBsf_Xo", "6I1JBBc9SOMtqFxlX7OoYgsMh7QeZk2fFwUCHTUqshg"

  local function heard(chat, tags, from, data)
    return support.plain(chat:send(tags, { From = from, Owner = from, Data = data }).Output.data)
  end

  it("joins the first room when it is loaded, and only then", function()
    local chat, result = blueprint.process("chat")

    assert.equal(FIRST, result.Messages[1].Target)
    assert.equal(0, #chat:eval(blueprint.source("chat")).Messages)
    assert.truthy(support.plain(result.Output.data):find("Welcome to ao DevChat v0.1!", 1, true))
  end)

  it("says what it asks for", function()
    local chat = blueprint.process("chat")
    local asks = {
      ["List()"] = "Getting the room list from the DevChat index...",
      ["Join('Getting-Started', 'me')"] = "Registering with room Getting-Started...",
      ["Say('hi', 'Getting-Started')"] = "Broadcasting to Getting-Started...",
      ["Tip('ALICE')"] = "Sent tip of 1 to ALICE in room Getting-Started.",
      ["Replay(5)"] = "Requested replay of the last 5 messages from Getting-Started.",
      ["Leave('Getting-Started')"] = "Leaving room Getting-Started...",
    }
    for call, text in pairs(asks) do
      local result = chat:eval(call)
      assert.equal(text, support.plain(result.Output.data))
      assert.equal(1, #result.Messages)
    end
    assert.equal("", chat:shows("DevChat.Confirmations = false return Say('hi')"))
    assert.equal(ROUTER, chat:eval("DevChat.add()").Messages[1].Target)
  end)

  it("shows what others say and confirms one's own words", function()
    local chat = blueprint.process("chat")
    local said = { Action = "Broadcasted", Broadcaster = "ALICE", Nickname = "al" }
    local own = { Action = "Broadcasted", Broadcaster = "PROCESS", Nickname = "me" }

    assert.equal("[al#ALI@Getting-Started]> hi", heard(chat, said, FIRST, "hi"))
    assert.equal("[Received confirmation of your broadcast in Getting-Started.]", heard(chat, own, FIRST, "hi"))
    assert.equal("ALICE", chat:shows("DevChat.LastReceive.Sender"))
  end)

  it("learns the rooms", function()
    local chat = blueprint.process("chat")
    local list = heard(chat, { Action = "Room-List", ["Room-Lua"] = "ROOM" }, ROUTER, "")

    assert.truthy(list:find("        Lua\n", 1, true))
    assert.equal("ROOM", chat:shows("DevChat.findRoom('Lua')"))
  end)
end)

describe("arns", function()
  local REGISTRY = "TyduW6spZTr3gkdIsdktduJhgtilaR_ex5JukK8gI9o"
  local ORBIT = "8aE3_6NJ_MU_q3fbhz2S6dA8PKQOSCe95Gt7suQ3j7U"
  local arns

  before_each(function()
    arns = blueprint.process("arns")
  end)

  local function tell(action, from, data, name)
    return arns:send({ Action = action, Name = name }, { From = from, Owner = from, Data = data })
  end

  it("asks for what it does not know", function()
    local result = arns:eval("return ARNS.data('Foo')")

    assert.equal("foo has not been resolved yet.  Resolving now...", result.Output.data)
    assert.equal(REGISTRY, result.Messages[1].Target)
    assert.truthy(arns:shows("return ARNS.owner('foo')"):find("Cannot get owner"))
    assert.truthy(arns:shows("return ARNS.id('foo')"):find("Cannot get id"))
  end)

  it("follows a name to its process", function()
    local asked = tell("Record-Resolved", REGISTRY, '{"processId":"ANT"}', "foo")
    tell("Info-Notice", "ANT", '{"records":{"@":{"transactionId":"TX1"},"sub":{"transactionId":"TX2"}}}')

    assert.equal("ANT", asked.Messages[1].Target)
    assert.equal("TX1 TX2 ANT", arns:shows("ARNS.data('foo') .. ' ' .. ARNS.data('sub_foo') .. ' ' .. ARNS.id('foo')"))
  end)

  it("follows a name to an older contract", function()
    tell("Record-Resolved", REGISTRY, '{"contractTxId":"C1"}', "foo")
    tell("Receive-data-feed", ORBIT, '{"contractTxId":"C1","state":{"owner":"OWN","records":{"@":"TX1"}}}')

    assert.equal("TX1 OWN C1", arns:shows("ARNS.data('foo') .. ' ' .. ARNS.owner('foo') .. ' ' .. ARNS.id('foo')"))
  end)

  it("asks again after a day", function()
    tell("Record-Resolved", REGISTRY, '{"processId":"ANT"}', "foo")
    arns:eval("Now = 90000000")
    arns:send({}, { Timestamp = 90000000 })
    local shown = arns:send({ Action = "Eval" }, {
      From = "OWNER", Owner = "OWNER", Timestamp = 90000000, Data = "return ARNS.id('foo')",
    }).Output.data

    assert.equal("foo is stale.  Refreshing name data now...", shown)
  end)

  it("says what it cannot use", function()
    tell("Record-Resolved", REGISTRY, '{"processId":"ANT","contractTxId":"C1"}', "foo")
    local broken = tell("Record-Resolved", REGISTRY, "{", "foo").Output.data
    local foreign = tell("Receive-data-feed", ORBIT, '{"contractTxId":"C2"}').Output.data
    local empty = tell("Receive-data-feed", ORBIT, '{"contractTxId":"C1"}').Output.data
    local no_info = tell("Info-Notice", "ANT", "5").Output.data

    assert.truthy(broken:find("Error decoding JSON data", 1, true))
    assert.truthy(foreign:find("untracked or invalid contractTxId: C2", 1, true))
    assert.truthy(empty:find("missing 'state' information for contractTxId: C1", 1, true))
    assert.truthy(no_info:find("Invalid process info format received from foo", 1, true))
  end)

  it("forgets", function()
    tell("Record-Resolved", REGISTRY, '{"processId":"ANT"}', "foo")

    assert.equal("ArNS local name cache cleared.", arns:shows("ARNS.clear"))
    assert.equal("nil", arns:shows("tostring(ARNS.unknown)"))
    assert.truthy(arns:shows("return ARNS.id('foo')"):find("Cannot get id"))
    assert.equal("Invalid URL provided for fetching JSON data.", arns:shows("fetchJsonDataFromOrbit('')"))
  end)
end)

describe("apm", function()
  local REGISTRY = "RLvG3tclmALLBCrwc17NqzNFqZCrUf3-RKZ5v8VRHiU"

  local function answer(apm, from, source, result)
    local hex = source:gsub(".", function(char)
      return ("%02x"):format(char:byte())
    end)
    local tags = { Action = "APM.UpdateResponse", Version = "1.2.3", Result = result }
    return apm:send(tags, { From = from, Owner = from, Data = hex })
  end

  it("loads the client that the registry sends", function()
    local apm = blueprint.process("apm")
    answer(apm, REGISTRY, "apm = { hello = 'there' }")

    assert.equal("there 1.2.3", apm:shows("apm.hello .. ' ' .. apm._version"))
  end)

  it("takes a client from nobody else", function()
    local apm = blueprint.process("apm")
    answer(apm, "ALICE", "apm = {}")

    assert.equal("nil", apm:shows("tostring(apm)"))
  end)

  it("says what went wrong", function()
    assert.equal("Update failed: 6e6f", answer(blueprint.process("apm"), REGISTRY, "no", "error").Output.data)
    assert.matches("Error compiling load function", answer(blueprint.process("apm"), REGISTRY, "no lua").Error)
  end)
end)

describe("patch-legacy-reply", function()
  it("adds a reply where there is none", function()
    local process = blueprint.process("patch-legacy-reply")
    process:eval("Handlers.add('ping', 'Ping', function(m) m.reply({ Data = 'pong' }) end)")
    process:eval("Handlers.prepend('old', function() return 'continue' end, function(m) m.reply = nil end)")
    local answered = process:send({ Action = "Ping", Reference = "7" }).Messages[1]

    assert.equal("ALICE", answered.Target)
    assert.equal("7", support.own_tags(answered)["X-Reference"])
  end)
end)
