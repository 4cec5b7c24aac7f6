local support = require("tests.unitstack.runtime.lua.support")

describe("a process that waits", function()
  local process

  before_each(function()
    process = support.process()
  end)

  local function shown(result)
    return result.Error or result.Output.data
  end

  it("goes on with the message that it waited for", function()
    process:eval('print("got " .. Receive({ Action = "Go" }).Data) return "end"')
    local result = process:send({ Action = "Go" }, { Data = "it" })

    assert.equal("got it\nend", shown(result))
    assert.is_true(result.Output.print)
  end)

  it("lets other messages pass", function()
    process:eval('Receive({ Action = "Go" }) print("went")')
    process:send({ Action = "Other" })

    assert.equal("went", shown(process:send({ Action = "Go" })))
  end)

  it("does not put the awaited message in the inbox", function()
    process:eval('Receive({ Action = "Go" })')
    process:send({ Action = "Go" })

    assert.equal("1", process:shows("#Inbox"))
  end)

  it("wakes the newest of several waiters, one for each message", function()
    process:eval('Receive("Go") print("first")')
    process:eval('Receive("Go") print("second")')

    assert.equal("second", shown(process:send({ Action = "Go" })))
    assert.equal("first", shown(process:send({ Action = "Go" })))
  end)

  it("waits for the answer to what it sent", function()
    process:eval('print("got " .. Send({ Target = "BOB", Action = "Q" }).receive().Data)')

    assert.truthy(shown(process:send({ ["X-Reference"] = "1" }, { Data = "no" })):find("New Message"))
    local answer = process:send({ ["X-Reference"] = "1" }, { From = "BOB", Owner = "BOB", Data = "yes" })
    assert.equal("got yes", shown(answer))
  end)

  it("waits for what it spawned", function()
    process:eval('print("child " .. ao.spawn("MOD", {}).receive().Process)')
    local tags = { Action = "Spawned", Reference = "1", Process = "CHILD" }

    assert.equal("child CHILD", shown(process:send(tags, { From = "PROCESS", Owner = "PROCESS" })))
  end)

  it("fails the message that woke what fails", function()
    process:eval('error("after " .. Receive("Go").Data)')
    local result = process:send({ Action = "Go" }, { Data = "x" })

    assert.truthy(support.plain(result.Error):find("after x", 1, true))
  end)

  it("may wait in a coroutine of the program's own", function()
    process:eval('coroutine.wrap(function() print("co " .. Receive("Go").Data) end)()')

    assert.equal("co x", shown(process:send({ Action = "Go" }, { Data = "x" })))
  end)

  it("hears of a failure in a coroutine of the program's own", function()
    process:eval('coroutine.wrap(function() error("co " .. Receive("Go").Data) end)()')

    assert.truthy(process:send({ Action = "Go" }, { Data = "x" }).Error:find("co x", 1, true))
  end)

  it("runs each handler once after a waiting one that continues", function()
    process:eval([[
      Handlers.add("H3", function(m) return m.Action == "ZZ" and "continue" or false end, function()
        print("H3 start") Receive("YY") print("H3 resumed")
      end)
      Handlers.add("H4", "ZZ", function(m) print("H4 " .. m.Action) end)
    ]])
    process:send({ Action = "ZZ" })

    assert.equal("H3 resumed\nH4 ZZ", shown(process:send({ Action = "YY" })))
  end)

  it("keeps only what still waits", function()
    process:eval('Receive("Go")')
    assert.equal("1", process:shows("#Handlers.coroutines"))
    process:send({ Action = "Go" })
    assert.equal("0", process:shows("#Handlers.coroutines"))
  end)

  it("parks silently where a program yields", function()
    assert.equal("a", process:shows('print("a") coroutine.yield() print("b")'))
  end)
end)
