local support = require("tests.unitstack.runtime.lua.support")

describe(".ao", function()
  local world, ao

  before_each(function()
    world = support.world()
    world.Handlers = world.require(".handlers")
    ao = world.require(".ao")
    ao.id, ao._module = "PROCESS", "MODULE"
  end)

  local function fails(text, fn, ...)
    local ok, err = pcall(fn, ...)
    assert.is_false(ok)
    assert.equal(text, support.plain(err))
  end

  it("is known by two names", function()
    assert.equal(ao, world.require("ao"))
  end)

  it("puts a message into the outbox, with the tags of the protocol first", function()
    ao.send({ Target = "T", Data = "hello", Action = "Ping", Anchor = "mine", From = "me" })

    assert.same({
      Target = "T",
      Data = "hello",
      Anchor = "00000000000000000000000000000001",
      Tags = {
        { name = "Data-Protocol", value = "ao" },
        { name = "Variant", value = "ao.TN.1" },
        { name = "Type", value = "Message" },
        { name = "Reference", value = "1" },
        { name = "Action", value = "Ping" },
      },
    }, ao.outbox.Messages[1])
  end)

  it("takes tags as a map or as a list, and replaces none", function()
    ao.send({ Target = "T", Tags = { Foo = "1" }, Variant = "x" })
    ao.send({ Target = "T", Tags = { { name = "Foo", value = "1" }, { name = "Foo", value = "2" } } })

    assert.same({ Foo = "1", Variant = "x" }, support.own_tags(ao.outbox.Messages[1]))
    assert.equal(6, #ao.outbox.Messages[2].Tags)
  end)

  it("sends table data as JSON, and says so in the program's own table", function()
    local msg = { Target = "T", Data = { a = 1 } }
    ao.send(msg)

    assert.equal('{"a":1}', ao.outbox.Messages[1].Data)
    assert.equal("application/json", msg["Content-Type"])
  end)

  it("counts references through sends and spawns", function()
    ao.send({ Target = "T" })
    ao.spawn("MOD2", {})
    ao.send({ Target = "T" })

    assert.equal("00000000000000000000000000000003", ao.outbox.Messages[2].Anchor)
  end)

  it("does not send where there are no handlers", function()
    world.Handlers = nil
    local sent = ao.send({ Target = "T" })

    assert.equal("T", sent.Target)
    assert.equal(0, #ao.outbox.Messages)
  end)

  it("registers who waits for a reply", function()
    local bob = ("b"):rep(43)
    local sent = ao.send({ Target = bob })
    sent.onReply(print)
    sent.onReply("CAROL", print)

    assert.same({ From = "CAROL", ["X-Reference"] = "1" }, world.Handlers.list[1].pattern)
    assert.same({ From = bob, ["X-Reference"] = "1" }, world.Handlers.list[2].pattern)
  end)

  it("hears who was sent to by a name from whatever address that has", function()
    ao.send({ Target = "bob" }).onReply(print)
    local from = world.Handlers.list[1].pattern.From

    assert.is_true(from("bob"))
    assert.is_true(from(("b"):rep(43)))
    assert.is_true(from("0x" .. ("a"):rep(40)))
    assert.is_false(from("carol"))
    assert.is_false(from(nil))
  end)

  it("spawns", function()
    local spawn = ao.spawn("MOD2", { Foo = "bar", Tags = { A = "1" } })
    local item = ao.outbox.Spawns[1]
    local fixed = {}
    for i = 1, 7 do
      fixed[i] = item.Tags[i].name .. "=" .. item.Tags[i].value
    end

    assert.equal(
      "Data-Protocol=ao Variant=ao.TN.1 Type=Process From-Process=PROCESS From-Module=MODULE Module=MOD2 Reference=1",
      table.concat(fixed, " ")
    )
    assert.same({ Foo = "bar", A = "1" }, support.own_tags(item))
    assert.equal("NODATA", item.Data)
    spawn.onReply(print)
    assert.same({ Action = "Spawned", From = "PROCESS", Reference = "1" }, world.Handlers.list[1].pattern)
  end)

  it("assigns", function()
    local assignment = { Processes = { "p" }, Message = "m", Extra = 1 }
    ao.assign(assignment)

    assert.same({ assignment }, ao.outbox.Assignments)
  end)

  it("says what it wants", function()
    fails("msg should be a table", ao.send, "x")
    fails("Module source id is required!", ao.spawn, nil, {})
    fails("Message must be a table", ao.spawn, "MOD", "x")
    fails("assignment should be a table", ao.assign, "x")
    fails("Processes should be a table", ao.assign, { Processes = "p" })
    fails("Message should be a string", ao.assign, { Processes = {}, Message = 5 })
  end)

  it("reads the process's tags, splitting authorities at commas", function()
    local tags = { { name = "Authority", value = "A1,A2, A3,,A1" }, { name = "Authority", value = "A4" } }
    ao.init({ Process = { Id = "OTHER", Tags = tags } })

    assert.same({ "A1", "A2", " A3", "A4" }, ao.authorities)
    assert.equal("PROCESS", ao.id)
  end)

  it("trusts whom an authority pushes", function()
    ao.authorities = { "A" }

    assert.is_true(ao.isTrusted({ From = "X", Owner = "A" }))
    assert.is_true(ao.isTrusted({ From = "A", Owner = "X" }))
    assert.is_false(ao.isTrusted({ From = "X", Owner = "X" }))
  end)

  it("lets tags be read as fields, but not those that speak for the network", function()
    local msg = { Tags = { { name = "Foo", value = "1" }, { name = "Type", value = "x" } } }
    table.insert(msg.Tags, { name = "Foo", value = "2" })
    ao.normalize(msg)

    assert.equal("2", msg.Foo)
    assert.is_nil(msg.Type)
  end)

  it("heeds a change of the lists of tags", function()
    ao.normalize({ Tags = {} })
    table.insert(ao.nonExtractableTags, "Foo")
    local msg = { Tags = { { name = "Foo", value = "1" } } }

    assert.is_nil(ao.normalize(msg).Foo)
  end)

  it("copies deeply, circles and metatables included", function()
    local original = setmetatable({ 1, { 2 } }, { __index = { z = 9 } })
    original.self = original
    local copy = ao.clone(original)

    assert.not_equal(original, copy)
    assert.equal(copy, copy.self)
    assert.equal(9, copy.z)
    assert.not_equal(original[2], copy[2])
  end)

  it("keeps of a message what may be forwarded", function()
    local msg = { Id = "1", From = "f", Action = "x", Data = { 1 }, Tags = {}, Module = "m", ["Reply-To"] = "r" }
    local copy = ao.sanitize(msg)

    assert.same({ Action = "x", Data = { 1 }, Module = "m" }, copy)
    assert.not_equal(msg.Data, copy.Data)
    assert.equal("1", msg.Id)
  end)

  it("gives an error alone, or the outbox", function()
    assert.same({ Error = "bad" }, ao.result({ Error = "bad", Output = "x" }))
    ao.send({ Target = "T" })
    local result = ao.result({ Output = "x" })
    assert.equal("x", result.Output)
    assert.equal(1, #result.Messages)
    ao.outbox.Error = "own"
    assert.same({ Error = "own" }, ao.result({}))
    ao.clearOutbox()
    assert.equal(0, #ao.result({}).Messages)
  end)

  it("collects what is logged", function()
    ao.outbox.Output = "first"
    ao.log("second")

    assert.same({ "first", "second" }, ao.outbox.Output)
  end)

  it("remembers no hints", function()
    ao.registerHint({ Tags = {} })

    assert.same({}, ao._hints)
  end)

  it("takes over its state when it is loaded again", function()
    ao.send({ Target = "T" })
    world.ao, world.package.loaded[".ao"] = ao, nil
    local again = world.require(".ao")

    assert.equal(1, again.reference)
    assert.equal("PROCESS", again.id)
    assert.equal(ao.outbox, again.outbox)
  end)
end)

describe(".assignment", function()
  local ao

  before_each(function()
    ao = { id = "PROCESS" }
    support.module(".assignment").init(ao)
  end)

  it("accepts what an assignable matches", function()
    ao.addAssignable({ Action = "A" })
    ao.addAssignable("B")

    assert.is_true(ao.isAssignable({ Action = "A" }))
    assert.is_true(ao.isAssignable({ Action = "B" }))
    assert.is_false(ao.isAssignable({ Action = "C" }))
  end)

  it("replaces the pattern of a name", function()
    ao.addAssignable("n", { Action = "A" })
    ao.addAssignable("n", "B")

    assert.same({ { pattern = "B", name = "n" } }, ao.assignables)
  end)

  it("removes by name and by place, silently where there is none", function()
    ao.addAssignable("n", "B")
    ao.addAssignable("C")
    ao.removeAssignable("none")
    ao.removeAssignable(9)
    ao.removeAssignable(2)
    ao.removeAssignable("n")

    assert.same({}, ao.assignables)
  end)

  it("takes a message for another process for an assignment", function()
    assert.is_true(ao.isAssignment({ Target = "OTHER" }))
    assert.is_false(ao.isAssignment({ Target = "PROCESS" }))
  end)

  it("wants names that are texts and places that are numbers", function()
    local _, err = pcall(ao.addAssignable, 1, "A")
    assert.equal("MatchSpec name MUST be a string", support.plain(err))
    _, err = pcall(ao.removeAssignable, {})
    assert.equal("index MUST be a number", support.plain(err))
  end)

  it("leaves a process's own versions", function()
    local own = { id = "P", isAssignment = function() return "mine" end }
    support.module(".assignment").init(own)

    assert.equal("mine", own.isAssignment({}))
  end)
end)
