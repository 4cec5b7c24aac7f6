local support = require("tests.unitstack.runtime.lua.support")

describe(".process", function()
  local process

  before_each(function()
    process = support.process()
  end)

  local function shown(result)
    return support.plain(result.Error or result.Output.data)
  end

  local function probe(source)
    process:eval('Handlers.add("probe", "Probe", function(msg) print(' .. source .. ") end)")
  end

  describe("at its first message", function()
    it("belongs to the sender, has its name, and keeps the message", function()
      assert.equal("OWNER test 1 PROCESS", process:shows('Owner.." "..Name.." "..#Inbox.." "..Inbox[1].Id'))
    end)

    it("belongs to the process that spawned it", function()
      process = support.process("", { Module = "MODULE", ["From-Process"] = "PARENT" })

      assert.equal("PARENT", process.world.Owner)
      assert.equal("aos", process.world.Name)
    end)

    it("belongs to nobody where that is no process message", function()
      local world = support.world()
      world.require(".process").handle(support.message({ Action = "Eval" }, { From = "OWNER" }), support.env())

      assert.is_nil(world.Owner)
    end)

    it("fails where the generator has nothing to be seeded with", function()
      for _, field in ipairs({ "Module", "Id", "Owner", "Block-Height" }) do
        local message = support.process_message({ Type = nil })
        message[field] = nil
        message.Tags = {}
        local ok, err = pcall(support.module(".process").handle, message, support.env())
        assert.is_false(ok)
        assert.truthy(err:find("attempt to concatenate a nil value (field '" .. field .. "')", 1, true))
      end
    end)

    it("takes an env that is wrapped in another", function()
      local handle = support.module(".process").handle

      assert.truthy(handle(support.process_message(), { env = support.env() }).Output)
    end)

    it("runs the code that it was spawned with", function()
      local world = support.world()
      local message = support.process_message({ ["On-Boot"] = "Data" }, { Data = 'Booted = true print("hi") return 5' })
      local result = world.require(".process").handle(message, support.env())

      assert.equal("hi\n5", result.Output.data)
      assert.is_true(result.Output.print)
      assert.is_true(world.Booted)
    end)

    it("fails for code in a file that is not there", function()
      local result = support.module(".process").handle(support.process_message({ ["On-Boot"] = "TX" }), support.env())

      assert.truthy(result.Error:find("attempt to concatenate a nil value (local 'expr')", 1, true))
    end)
  end)

  describe("reading a message", function()
    it("gives names their Title-Case, at the root and in tags", function()
      probe('msg["Foo-Bar"] .. msg.Tags["Foo-Bar"] .. msg.TagArray[1].name:sub(1, 0) .. msg.Extra')
      local result = process:send({ Action = "Probe", foo_bar = "1" }, { extra = "2" })

      assert.equal("112", shown(result))
    end)

    it("lets the last tag of a name count as field, the first in Tags", function()
      probe('msg.A .. msg.Tags.A .. #msg.TagArray')
      local message = support.message({ Action = "Probe" })
      table.insert(message.Tags, { name = "A", value = "first" })
      table.insert(message.Tags, { name = "A", value = "last" })

      assert.equal("lastfirst3", shown(process:handle(message)))
    end)

    it("keeps values that are no texts", function()
      probe('tostring(msg.N + 1) .. type(msg.T)')

      assert.equal("6table", shown(process:send({ Action = "Probe", N = 5, T = { a = 1 } })))
    end)

    it("takes a message without tags", function()
      assert.truthy(shown(process:handle(support.message(nil, { Tags = {} }))):find("New Message"))
      local message = support.message()
      message.Tags = nil
      assert.truthy(shown(process:handle(message)):find("New Message"))
    end)

    it("reads JSON data where the tags say so", function()
      probe("msg.Data.a[2]")
      local tags = { Action = "Probe", ["Content-Type"] = "application/json" }

      assert.equal("2", shown(process:send(tags, { Data = '{"a":[1,2]}' })))
    end)

    it("answers an error for data that is not the JSON it is said to be", function()
      local result = process:send({ ["Content-Type"] = "application/json" }, { Data = "not json" })

      assert.truthy(result.Error:find("invalid literal 'not' at line 1 col 1", 1, true))
      assert.is_nil(result.Messages)
    end)

    it("fails as a whole for such data where `bare_json_errors` is on", function()
      process = support.process("bare_json_errors")

      assert.is_false(pcall(process.send, process, { ["Content-Type"] = "application/json" }, { Data = "" }))
    end)

    it("has the message's time", function()
      assert.equal("1000", process:shows("os.time()"))
      assert.equal("1000", process:shows("os.time({ year = 2020, month = 1, day = 1 })"))
    end)

    it("takes the same env again and again", function()
      local env = support.env()
      local handle = process.world.require(".process").handle
      handle(support.message(), env)
      handle(support.message(), env)

      assert.equal("test 3", process:shows('ao.env.Process.Tags.Name .. " " .. #ao.env.Process.TagArray'))
    end)
  end)

  describe("refusing", function()
    it("takes from others only what an authority pushes", function()
      local refused = process:send({}, { From = "ALICE", Owner = "STRANGER" })
      local accepted = process:send({}, { From = "ALICE", Owner = "AUTHORITY" })

      assert.equal("Message is not trusted! From: ALICE - Owner: STRANGER", refused.Output.data)
      assert.is_true(refused.Output.print)
      assert.same({}, refused.Messages)
      assert.truthy(shown(accepted):find("New Message"))
    end)

    it("tells the sender of an assignment that it does not take it", function()
      local result = process:send({}, { Target = "OTHER" })

      assert.equal("Assignment is not trusted! From: ALICE - Owner: ALICE", result.Output.data)
      assert.equal("Assignment is not trusted by this process!", result.Messages[1].Data)
    end)

    it("does not tell itself", function()
      local result = process:send({}, { Target = "OTHER", From = "PROCESS", Owner = "PROCESS" })

      assert.same({}, result.Messages)
    end)

    it("takes assignments that it has asked for", function()
      process:eval('ao.addAssignable({ Action = "X" })')

      assert.truthy(shown(process:send({ Action = "X" }, { Target = "OTHER" })):find("New Message"))
    end)
  end)

  describe("evaluating", function()
    it("shows values, but neither nil nor false", function()
      assert.equal("2", process:shows("1 + 1"))
      assert.equal("", process:shows("1 == 2"))
      assert.equal("", process:shows("nil"))
      assert.equal("", process:shows("local x = 1"))
      assert.equal("{  }", process:shows("{}"))
    end)

    it("has no print flag", function()
      assert.is_nil(process:eval("1").Output.print)
    end)

    it("tells consoles what was returned, beside what was printed", function()
      assert.same({ values = { "2" }, waiting = 0 }, process:eval('print("a") return 1 + 1').Output.test)
      assert.same({ values = {}, waiting = 0 }, process:eval("x = 1").Output.test)
    end)

    it("tells consoles how many evaluations wait", function()
      assert.equal(1, process:eval('Receive("Go")').Output.test.waiting)
      assert.equal(0, process:send({ Action = "Go" }).Output.test.waiting)
    end)

    it("tells them a dump of what was printed where `test_output` is on", function()
      process = support.process("test_output")

      assert.equal('{\n    [1] = "1"\n}', process:eval("1").Output.test)
    end)

    it("takes a second value for the error, of any type", function()
      assert.equal(2, process:eval("1, 2, 3").Error)
      assert.equal("x", process:eval('nil, "x"').Error)
    end)

    it("answers what the compiler says, alone", function()
      assert.equal('[string "aos"]:1: unexpected symbol near <eof>', process:eval("local x =").Error)
      assert.equal("attempt to load a binary chunk (mode is 't')", process:eval("\27Lua").Error)
    end)

    it("puts what was printed before a failure into the error", function()
      local result = process:eval('print("before") error("boom")')

      assert.equal("before\n\nerror:\nboom", support.plain(result.Error))
      assert.is_nil(result.Output.data)
    end)

    it("tells the calls that led to a failure, and the handler", function()
      process:eval('function inner() error("boom") end\nHandlers.add("ping", "Ping", function() inner() end)')

      local told = process:send({ Action = "Ping" }).Output.test

      assert.equal("ping", told.handler)
      assert.truthy(told.trace:find("'inner'", 1, true))
      assert.is_nil(told.trace:find("xpcall", 1, true))
    end)

    it("tells of a failure that was raised again where it began", function()
      process:eval('Receive("Later") error("late")')

      local told = process:send({ Action = "Later" }).Output.test

      assert.equal("_eval", told.handler)
    end)

    it("tells which handler's pattern failed", function()
      process:eval('Handlers.add("odd", function() return {} end, print)')

      assert.equal("odd", process:send({ Action = "Ping" }).Output.test.handler)
    end)

    it("names the program's own line", function()
      assert.truthy(process:eval("local t\n\nreturn t.x").Error:find('[string "aos"]:3:', 1, true))
    end)

    it("shows errors that are no texts", function()
      assert.truthy(process:eval("error({ code = 1 })").Error:find("{ code = 1 }", 1, true))
      assert.truthy(process:eval("error(nil)").Error:find("nil", 1, true))
      local own = "setmetatable({}, { __tostring = function() return 'own' end })"
      assert.truthy(process:eval("error(" .. own .. ")").Error:find("own"))
    end)

    it("fails as a whole for them where `bare_errors` is on", function()
      process = support.process("bare_errors")
      local ok, err = pcall(process.eval, process, "error({})")

      assert.is_false(ok)
      assert.truthy(err:find("attempt to concatenate a table value (local 'result')", 1, true))
    end)

    it("is for the owner alone", function()
      local result = process:send({ Action = "Eval" }, { Data = "1 + 1" })

      assert.equal("New Message From ALI...ICE: Action = Eval", shown(result))
      assert.is_nil(result.Output.print)
    end)

    it("remembers errors in Errors, of evaluations only", function()
      process:eval('error("first")')
      process:eval('Handlers.add("b", "Boom", function() error("k") end)')
      process:send({ Action = "Boom" })

      assert.equal("1", process:shows("#Errors"))
    end)

    it("ends where the nesting has no end", function()
      assert.truthy(process:shows("local function f() return 1 + f() end return f()"):find("stack overflow"))
      assert.truthy(process:shows("local t = {} for i = 1, 1e6 do t = { t } end return t"):find("stack overflow"))
      assert.equal("2", process:shows("1 + 1"))
    end)
  end)

  describe("handling", function()
    it("announces what nobody handled, and keeps it", function()
      local result = process:send({ Action = "Hello" }, { Data = "x" })

      assert.equal("New Message From ALI...ICE: Action = Hello", shown(result))
      assert.is_true(result.Output.print)
      assert.equal("2", process:shows("#Inbox"))
    end)

    it("announces 20 bytes of the data where there is no action", function()
      assert.equal("New Message From ALI...ICE: Data = 01234567890123456789", shown(process:send({}, {
        Data = "0123456789012345678901234567890",
      })))
      local message = support.message()
      message.Data, message.From, message.Owner = nil, nil, nil
      assert.equal("New Message From unknown: Data = ", shown(process:handle(message)))
    end)

    it("announces what is no text", function()
      local json = { ["Content-Type"] = "application/json" }
      assert.equal('New Message From ALI...ICE: Data = {"a":1}', shown(process:send(json, { Data = '{"a":1}' })))
      assert.equal("New Message From ALI...ICE: Action = 5", shown(process:send({ Action = 5 })))
      local failure = "attempt to index a number value (local 'data')"
      assert.truthy(shown(process:send(json, { Data = "5" })):find(failure, 1, true))
    end)

    it("keeps ten thousand messages, the latest", function()
      process:eval("for i = 1, 10005 do table.insert(Inbox, { n = i }) end")
      process:send({}, { Data = "last" })

      assert.equal("10000 7 last", process:shows('#Inbox .. " " .. Inbox[1].n .. " " .. Inbox[#Inbox].Data'))
    end)

    it("tells what failed, and how far it came", function()
      process:eval('Handlers.add("h", "X", function() print("pre") Send({ Target = "T" }) error("kaboom") end)')
      local text = shown(process:send({ Action = "X" }))

      assert.truthy(text:find("^pre\nError handling message with Action = X\n"))
      assert.truthy(text:find("stack traceback:", 1, true))
      assert.truthy(text:find("\n\nerror:\nkaboom", 1, true))
    end)

    it("lets no program replace its own handlers", function()
      process:eval('Handlers.add("_default", function() return true end, function() print("mine") end)')
      process:eval("Handlers.list = {}")

      assert.truthy(shown(process:send({ Action = "Hi" })):find("New Message"))
      assert.equal("_eval _default", process:shows('Handlers.list[1].name .. " " .. Handlers.list[2].name'))
    end)

    it("replies to whom the message says, with its reference", function()
      process:eval('Handlers.add("p", "Ping", function(msg) msg.reply({ Data = "pong", ["X-Origin"] = "me" }) end)')
      local plain = process:send({ Action = "Ping", Reference = "7" }).Messages[1]
      local chained = process:send({ Action = "Ping", ["Reply-To"] = "BOB", ["X-Reference"] = "9", ["X-Origin"] = "O" })

      assert.equal("ALICE", plain.Target)
      assert.same({ ["X-Reference"] = "7" }, support.own_tags(plain))
      assert.equal("BOB", chained.Messages[1].Target)
      assert.same({ ["X-Reference"] = "9", ["X-Origin"] = "O" }, support.own_tags(chained.Messages[1]))
    end)

    it("forwards with the way back", function()
      process:eval('Handlers.add("f", "Fwd", function(msg) print(msg.forward("DEST", { Data = msg.Data .. "!" })) end)')
      local result = process:send({ Action = "Fwd", Reference = "7", Custom = "c" }, { Data = "d" })

      assert.equal("nil", shown(result))
      assert.equal("d!", result.Messages[1].Data)
      assert.same({
        Action = "Fwd", Custom = "c", Module = "MODULE",
        ["Reply-To"] = "ALICE", ["X-Reference"] = "7", ["X-Origin"] = "ALICE",
      }, support.own_tags(result.Messages[1]))
    end)

    it("can still reply to a message in the inbox", function()
      process:send({ Action = "Hi" })

      assert.equal("ALICE", process:eval('Inbox[2].reply({ Data = "x" })').Messages[1].Target)
    end)

    it("knows the nonce of the last message that went well", function()
      process:send({}, { Nonce = 41 })

      assert.equal("41", process:shows("ao.Nonce"))
    end)
  end)

  describe("the generator", function()
    it("is seeded from the first message, and is math.random", function()
      assert.equal(process:shows("math.random(1000)"), support.process():shows("math.random(1000)"))
      assert.equal("1", process:shows("math.random(1)"))
      assert.equal("5", process:shows("math.random(5, 5)"))
      assert.equal("float", process:shows("math.type(math.random())"))
      assert.equal("float", process:shows("math.type(math.random(1, 2, 3))"))
    end)

    it("refuses an empty range", function()
      assert.truthy(process:shows("math.random(0)"):find("max must bigger than min"))
    end)

    it("is one half before the first message", function()
      local world = support.world()
      world.require(".process")

      assert.equal(0.5, world.math.random(100))
    end)
  end)
end)

describe("the globals", function()
  local process

  before_each(function()
    process = support.process()
  end)

  it("print one value, coloured by its type", function()
    assert.equal("\27[32m1\27[0m", process:shows("print(1, 2)"))
    assert.equal("\27[34mtrue\27[0m", process:shows("print(true)"))
    assert.equal("\27[31mnil\27[0m", process:shows("print()"))
    assert.equal("a", process:shows('print("a")'))
    assert.truthy(process:shows("print(print)"):find("^function: "))
  end)

  it("fail the call for a printed function where `raw_prints` is on", function()
    process = support.process("raw_prints")

    assert.is_false(pcall(process.eval, process, "print(print)"))
  end)

  it("show what was printed so far in the outbox", function()
    local source = 'print("a") print("b") return ao.outbox.Output.data .. tostring(ao.outbox.Output.print)'
    assert.equal("a\nb\na\nbtrue", process:shows(source))
    local as_json = 'print("a") return require("json").decode(require("json").encode(ao.outbox.Output)).data'
    assert.equal("a\na", process:shows(as_json))
  end)

  it("print after what a program put into the outbox itself", function()
    local source = 'ao.outbox.Output = { data = "mine" } print("p") return ao.outbox.Output.data'
    assert.equal("p\nmine\np", process:shows(source))
  end)

  it("prompt with name, version and inbox", function()
    assert.equal("test@aos-2.0.4[Inbox:1]> ", support.plain(process:shows("Prompt()")))
    assert.equal("version: 2.0.4", process:shows("Version()"))
  end)

  it("warn of a message without target", function()
    local result = process:eval('Send({ Data = "x" }) return "ok"')

    assert.truthy(result.Output.data:find("^WARN: No target specified for message."))
    assert.equal(1, #result.Messages)
  end)

  it("answer what was done", function()
    assert.equal("Message added to outbox", process:shows('Send({ Target = "T" }).output'))
    assert.equal("Spawn process request added to outbox", process:shows('Spawn("MOD", {}).output'))
    local assigned = "Assignment added to outbox."
    assert.equal(assigned .. "\n" .. assigned, process:shows('Assign({ Processes = {}, Message = "m" })'))
  end)

  it("spawn from the process's own module where none is given", function()
    local spawn = process:eval('Spawn({ Tags = { A = "1" } })').Spawns[1]

    assert.equal("MODULE", spawn.Tags[6].value)
    assert.truthy(process:shows("Spawn()"):find("Module source id is required!"))
    assert.truthy(process:shows('Spawn("MOD")'):find("Message must be a table"))
  end)

  it("make a map of a tag list", function()
    assert.equal("1", process:shows('Tab({ Tags = { { name = "a", value = "1" }, { name = "a", value = "2" } } }).a'))
  end)
end)
