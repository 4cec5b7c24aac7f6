local support = require("tests.unitstack.runtime.lua.support")

describe(".handlers", function()
  local handlers, ran

  before_each(function()
    handlers, ran = support.module(".handlers"), {}
  end)

  local function note(name)
    return function(msg)
      ran[#ran + 1] = name
      return msg
    end
  end

  local function names()
    local list = {}
    for i, handler in ipairs(handlers.list) do
      list[i] = handler.name
    end
    return table.concat(list, " ")
  end

  local function walk(msg)
    ran = {}
    msg.Tags = msg.Tags or {}
    handlers.evaluate(msg, {})
    return table.concat(ran, " ")
  end

  local function fails(text, fn, ...)
    local ok, err = pcall(fn, ...)
    assert.is_false(ok)
    assert.equal(text, support.plain(err))
  end

  it("keeps the order of registration", function()
    handlers.add("a", "A", note("a"))
    handlers.append("b", "B", note("b"))
    handlers.prepend("c", "C", note("c"))
    handlers.before("b").add("d", "D", note("d"))
    handlers.after("a").add("e", "E", note("e"))
    handlers.before("none").add("z", "Z", note("z"))

    assert.equal("c a e d b", names())
  end)

  it("answers the length of the list from add alone", function()
    assert.equal(1, handlers.add("a", "A", print))
    assert.equal(2, handlers.add("b", "B", print))
    assert.equal(2, handlers.add("a", "A2", print))
    assert.is_nil(handlers.append("c", "C", print))
  end)

  it("replaces a handler of the same name where it stands", function()
    handlers.add("a", "A", note("old"))
    handlers.add("b", "B", note("b"))
    handlers.prepend("b", "B2", note("new"), 3)

    assert.equal("a b", names())
    assert.equal("new", walk({ Action = "B2" }))
    assert.equal(2, handlers.list[2].maxRuns)
  end)

  it("takes a name for the action where no pattern is given", function()
    handlers.add("Ping", note("ping"))

    assert.equal("ping", walk({ Action = "Ping" }))
    assert.equal("", walk({ Action = "ping" }))
  end)

  it("refuses bad arguments", function()
    local expected = "Invalid arguments given. Expected: \n\tname : string, "
      .. "\tpattern : Action : string | MsgMatch : table,\n"
      .. "\t\tfunction(msg: Message) : {-1 = break, 0 = skip, 1 = continue},\n"
      .. '\thandle(msg : Message) : void) | Resolver,\n\tMaxRuns? : number | "inf" | nil'

    fails(expected, handlers.add, "n", 5, print)
    fails(expected, handlers.add, "n")
    fails(expected, handlers.prepend, 5, "A", print)
    fails("Handler name MUST be a string", handlers.before, 5)
    fails("Handler name MUST be a string", handlers.after, nil)
    fails("name MUST be string", handlers.remove, 5)
    fails("msg is not valid", handlers.evaluate, nil, {})
    fails("env is not valid", handlers.evaluate, {}, nil)
  end)

  it("removes by name, silently where there is none", function()
    handlers.add("a", "A", print)
    handlers.add("b", "B", print)
    handlers.remove("a")
    handlers.remove("none")

    assert.equal("b", names())
    handlers.remove("b")
    assert.equal("", names())
  end)

  it("reads what patterns answer", function()
    local verdicts = {
      [true] = "h", [-1] = "h", [-7.5] = "h", ["break"] = "h",
      [false] = "h2", [0] = "h2", skip = "h2", other = "h2",
      [1] = "h h2", continue = "h h2",
    }
    for answer, expected in pairs(verdicts) do
      handlers.list = {}
      handlers.add("h", function() return answer end, note("h"))
      handlers.add("h2", function() return true end, note("h2"))
      assert.equal(expected, walk({}))
    end
  end)

  it("refuses other answers", function()
    handlers.add("h", function() return {} end, print)

    fails("Pattern result is not valid, it MUST be string, number, or boolean", walk, {})
  end)

  it("gives what nobody ended to `_default`, which no pattern reaches", function()
    handlers.add("_default", function() return true end, note("default"))
    handlers.add("a", function() return "continue" end, note("a"))

    assert.equal("a default", walk({}))
    handlers.add("b", function() return true end, note("b"))
    assert.equal("a b", walk({}))
  end)

  it("removes a handler after its last run", function()
    handlers.add("h", "X", note("h"), 2)

    assert.equal("h", walk({ Action = "X" }))
    assert.equal("h", walk({ Action = "X" }))
    assert.equal("", walk({ Action = "X" }))
  end)

  it("keeps handlers with no end of runs", function()
    handlers.add("h", "X", note("h"), "inf")
    handlers.add("g", "X", note("g"), -1)
    walk({ Action = "X" })

    assert.equal("h g", names())
  end)

  it("runs `once` handlers once, and names them", function()
    handlers.add("a", "A", note("a"))
    handlers.once("X", note("once"))
    handlers.once("named", { Action = "Y" }, note("named"))

    assert.equal("named _once_0 a", names())
    assert.equal("once", walk({ Action = "X" }))
    assert.equal("named", walk({ Action = "Y" }))
    assert.equal("a", names())
  end)

  it("gives each handler the message once, though the list shrinks or grows", function()
    local function on_x(msg)
      return msg.Action == "X" and "continue" or false
    end
    handlers.add("a", on_x, note("a"), 1)
    handlers.add("b", on_x, function(msg)
      note("b")(msg)
      handlers.prepend("new", on_x, note("new"))
      handlers.remove("c")
    end)
    handlers.add("c", on_x, note("c"))
    handlers.add("d", on_x, note("d"))

    assert.equal("a b d", walk({ Action = "X" }))
  end)

  it("skips the one after a handler that leaves, where `live_walk` is on", function()
    handlers = support.module(".handlers", "live_walk")
    for _, name in ipairs({ "a", "b", "c" }) do
      handlers.add(name, function() return "continue" end, note(name), name == "a" and 1 or nil)
    end

    assert.equal("a c", walk({}))
  end)

  it("chooses from a resolver table", function()
    handlers.add("r", "R", {
      [{ Status = "a" }] = note("A"),
      [function(msg) return msg.Status == "b" end] = note("B"),
    })

    assert.equal("A", walk({ Action = "R", Status = "a" }))
    assert.equal("B", walk({ Action = "R", Status = "b" }))
    assert.equal("", walk({ Action = "R", Status = "c" }))
  end)

  it("fails at a handle that is none", function()
    handlers.add("r", "R", "text")

    fails("bad argument #1 to 'for iterator' (table expected, got string)", walk, { Action = "R" })
  end)

  it("keeps list and waiters when it is loaded again", function()
    local world = support.world()
    world.Handlers = world.require(".handlers")
    world.Handlers.once("A", print)
    world.package.loaded[".handlers"] = nil
    local again = world.require(".handlers")

    assert.equal(world.Handlers.list, again.list)
    assert.equal(world.Handlers.coroutines, again.coroutines)
    assert.equal(0, again.onceNonce)
  end)
end)

describe(".handlers-utils", function()
  local utils = support.module(".handlers-utils")

  it("matches a tag, exactly", function()
    local matches = utils.hasMatchingTag("Foo", "bar")

    assert.is_true(matches({ Tags = { Foo = "bar" } }))
    assert.is_false(matches({ Tags = { Foo = "BAR" } }))
  end)

  it("matches any of several values", function()
    local matches = utils.hasMatchingTagOf("Foo", { "a", "b" })

    assert.is_true(matches({ Tags = { Foo = "b" } }))
    assert.equal(0, matches({ Tags = { Foo = "c" } }))
  end)

  it("matches the data", function()
    assert.is_true(utils.hasMatchingData("x")({ Data = "x" }))
    assert.is_false(utils.hasMatchingData("x")({ Data = "y" }))
  end)

  it("lets the walk go on after a match", function()
    local continue = utils.continue({ Action = "X" })

    assert.equal(1, continue({ Action = "X" }))
    assert.is_false(continue({ Action = "Y" }))
    assert.equal("skip", utils.continue(function() return "skip" end)({}))
    assert.equal(0, utils.continue(function() return 0 end)({}))
  end)

  local function replies(module)
    local sent = {}
    local handle = module.reply({ Data = "x" })
    for _, from in ipairs({ "ALICE", "BOB" }) do
      handle({
        reply = function(reply)
          reply.Target = reply.Target or from
          sent[#sent + 1] = reply.Target
        end,
      })
    end
    return sent
  end

  it("replies to whoever asks", function()
    assert.same({ "ALICE", "BOB" }, replies(utils))
  end)

  it("replies to the first who asked where `sticky_replies` is on", function()
    assert.same({ "ALICE", "ALICE" }, replies(support.module(".handlers-utils", "sticky_replies")))
  end)

  it("replies with a text as data", function()
    local sent
    utils.reply("hello")({ reply = function(reply) sent = reply end })

    assert.same({ Data = "hello" }, sent)
  end)

  it("says which arguments it wants", function()
    for text, call in pairs({
      ["invalid arguments: (name : string, value : string)"] = { utils.hasMatchingTag, "a", 1 },
      ["invalid arguments: (name : string, values : string[])"] = { utils.hasMatchingTagOf, "a", "b" },
      ["invalid arguments: (value : string)"] = { utils.hasMatchingData, 1 },
      ["invalid arguments: (input : table or string)"] = { utils.reply, 5 },
    }) do
      local ok, err = pcall(table.unpack(call))
      assert.is_false(ok)
      assert.equal(text, support.plain(err))
    end
  end)
end)
