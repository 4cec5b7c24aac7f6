local support = require("tests.unitstack.runtime.lua.support")

describe(".pretty", function()
  local pretty = support.module(".pretty")

  it("gives each pair a line", function()
    assert.equal("  1: 1\n  2: x\n", pretty.tprint({ 1, "x" }, 2))
  end)

  it("indents what is inside", function()
    assert.equal("a: \n b: true\n", pretty.tprint({ a = { b = true } }))
  end)

  it("fails on functions", function()
    assert.is_false(pcall(pretty.tprint, { print }))
  end)
end)

describe(".dump", function()
  local dump = support.module(".dump")

  it("sorts numbers first, then names", function()
    assert.equal('{\n    [1] = "x",\n    [2.5] = 2,\n    a = 1\n}', dump({ [1] = "x", a = 1, [2.5] = 2 }))
  end)

  it("quotes what is no name", function()
    assert.equal('{ ["a b"] = 1, ["end"] = 2 }', dump({ ["end"] = 2, ["a b"] = 1 }, 0))
    assert.equal("{ [true] = false }", dump({ [true] = false }, 0))
  end)

  it("takes an indent and a padding", function()
    assert.equal("{ a = 1, b = {} }", dump({ a = 1, b = {} }, 0))
    assert.equal("{\n      a = 1\n    }", dump({ a = 1 }, 2, 4))
    assert.equal("{\n  a = {\n    b = 1\n  }\n}", dump({ a = { b = 1 } }, 2))
  end)

  it("quotes what is no table", function()
    assert.equal('"5"', dump(5))
    assert.equal('"nil"', dump(nil))
    assert.equal('"a\\\nb"', dump("a\nb"))
  end)

  it("shows where a table holds itself, and only there", function()
    local circle = {}
    circle.t = circle
    local shared = {}

    assert.truthy(dump(circle, 0):find('^{ t = "<Circular table: 0x%x+>" }$'))
    assert.equal("{ a = {}, b = {} }", dump({ a = shared, b = shared }, 0))
  end)

  it("asks a filter what to show", function()
    local function filter(value, _, kind, use)
      if use == "key" and value == "secret" then
        return nil
      end
      return kind == "number" and value + 1 or value
    end

    assert.equal("{ a = 2 }", dump({ a = 1, secret = "x" }, 0, 0, filter))
  end)

  it("shows a table as its address where the filter says so", function()
    local function filter(value, _, _, use)
      return value, use == "val"
    end

    assert.truthy(dump({ a = {} }, 0, 0, filter):find('^{ a = "table: 0x%x+" }$'))
  end)

  it("says which argument is wrong", function()
    for text, arguments in pairs({
      ["indent must be unsigned integer"] = { {}, -1 },
      ["padding must be unsigned integer"] = { {}, 0, "x" },
      ["filter must be function"] = { {}, 0, 0, 5 },
    }) do
      local ok, err = pcall(dump, table.unpack(arguments))
      assert.is_false(ok)
      assert.equal(text, support.plain(err))
    end
  end)
end)
