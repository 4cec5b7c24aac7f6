local support = require("tests.unitstack.runtime.lua.support")

describe(".main", function()
  local world, main

  local function start(words)
    world = support.world(words)
    main = world.require(".main")
    main(support.process_message(), support.env())
  end

  local function eval(source)
    return main(support.message({ Action = "Eval" }, { From = "OWNER", Owner = "OWNER", Data = source }), support.env())
  end

  before_each(function()
    start("")
  end)

  it("answers true and the result", function()
    local ok, result = eval("1 + 1")

    assert.is_true(ok)
    assert.equal("2", result.Output.data)
  end)

  it("answers false and the error where the call fails", function()
    local ok, err = main(support.message({}, { From = "X", Owner = false }), support.env())

    assert.is_false(ok)
    assert.truthy(err:find("attempt to concatenate"))
  end)

  it("survives what is no message", function()
    for _, message in ipairs({ {}, { Tags = "x" }, { Tags = { {} } }, { Tags = { 5 } }, 5, "x" }) do
      assert.is_false((main(message, support.env())))
      assert.is_false((main(support.message(), message)))
    end
    assert.is_true((eval("1")))
  end)

  it("rounds a result's numbers where `rounded_numbers` is on", function()
    start("rounded_numbers")
    local _, result = eval('Send({ Target = "T", Data = 123456789012345678 })')

    assert.equal(123456789012350000, result.Messages[1].Data)
  end)

  it("rounds what leads back to itself, and what is no number", function()
    start("rounded_numbers")
    local _, result = eval('local t = { 0 / 0 } t.t = t Send({ Target = "T", Tag = t })')
    local tag = result.Messages[1].Tags[5].value

    assert.equal(tag, tag.t)
    assert.not_equal(tag[1], tag[1])
  end)

  it("lets a program put another module in the place of `.process`", function()
    eval([[
      local old = require(".process").handle
      package.loaded[".process"] = {
        handle = function(m, e) local r = old(m, e) r.Output.data = "wrapped" return r end,
      }
    ]])
    local _, result = eval("1")

    assert.equal("wrapped", result.Output.data)
  end)

  it("shows a program the modules of the field, and not its own", function()
    local names = {}
    for name in pairs(world.package.loaded) do
      names[name] = true
    end

    for _, name in ipairs({ ".ao", "ao", ".boot", ".default", ".eval", ".handlers", ".pretty", "json" }) do
      assert.is_true(names[name])
    end
    for _, name in ipairs({ ".compat", ".globals", ".main", ".shims", ".switches" }) do
      assert.is_nil(names[name])
    end
    for name in pairs(names) do
      assert.is_nil(name:find("^%.crypto%.core"))
    end
    assert.equal(false, world.require(".compat").live_walk)
  end)

  describe("by the global `handle`", function()
    local function handle(source)
      local json = world.require("json")
      local message = support.message({ Action = "Eval" }, { From = "OWNER", Owner = "OWNER", Data = source })
      return json.decode(world.handle(json.encode(message), json.encode(support.env())))
    end

    it("takes and gives JSON", function()
      local answer = handle("1 + 1")

      assert.is_true(answer.ok)
      assert.equal("2", answer.response.Output.data)
    end)

    it("answers an error for a result that JSON cannot hold", function()
      local answer = handle('Send({ Target = "T", Data = 0 / 0 })')

      assert.is_true(answer.ok)
      assert.truthy(answer.response.Error:find("unexpected number value '%-?nan'"))
    end)

    it("fails for such a result where `bare_json_errors` is on", function()
      start("bare_json_errors")

      assert.is_false(pcall(handle, 'Send({ Target = "T", Data = 0 / 0 })'))
    end)
  end)
end)
