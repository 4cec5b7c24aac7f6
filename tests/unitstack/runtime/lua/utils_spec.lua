local support = require("tests.unitstack.runtime.lua.support")

describe(".utils", function()
  local utils = support.module(".utils")

  local function fails(text, fn, ...)
    local ok, err = pcall(fn, ...)
    assert.is_false(ok)
    assert.equal(text, support.plain(err))
  end

  it("gives names their Title-Case", function()
    local cases = {
      ["foo_bar-BAZ"] = "Foo-Bar-Baz",
      ["X-reference"] = "X-Reference",
      ["abc def_ghi"] = "Abc def-Ghi",
      _abc = "-Abc",
      ["1abc-2def"] = "1abc-2def",
      [""] = "",
      GameId = "Gameid",
    }
    for name, title in pairs(cases) do
      assert.equal(title, utils.normalize(name))
      assert.equal(title, utils.normalize(name))
    end
    assert.equal(5, utils.normalize(5))
  end)

  it("keeps giving titles after many names", function()
    for i = 1, 3000 do
      assert.equal("Name" .. i, utils.normalize("name" .. i))
    end
  end)

  describe("matchesPattern", function()
    local matches = utils.matchesPattern

    it("compares texts without case", function()
      assert.is_true(matches("PING", "ping"))
      assert.is_false(matches("ping", "pings"))
      assert.is_true(matches("a-b", "A-B"))
      assert.is_true(matches("5", 5))
    end)

    it("takes magic characters for a Lua pattern, in lower case", function()
      assert.is_true(matches("^%d+$", "12"))
      assert.is_true(matches("^%D+$", "12"))
      assert.is_true(matches("b.", "abc"))
    end)

    it("takes `_` for anything", function()
      assert.is_true(matches("_", nil))
    end)

    it("asks functions", function()
      assert.is_true(matches(function(value, msg) return value == "5" and msg.a end, "5", { a = 1 }))
      assert.is_false(matches(function() return nil end, "5"))
    end)

    it("takes a table for alternatives", function()
      assert.is_true(matches({ "x", { "y" } }, "Y"))
      assert.is_false(matches({}, "y"))
    end)

    it("matches nothing else", function()
      assert.is_false(matches(nil, "x"))
      assert.is_false(matches(true, true))
      assert.is_false(matches(1, 1))
    end)
  end)

  describe("matchesSpec", function()
    local matches = utils.matchesSpec

    it("takes a text for the action, in exact case", function()
      assert.is_true(matches({ Action = "A" }, "A"))
      assert.is_false(matches({ Action = "A" }, "a"))
    end)

    it("wants every field of a table", function()
      assert.is_true(matches({ A = "1", B = "2" }, { A = "1", B = "2" }))
      assert.is_false(matches({ A = "1", B = "2" }, { A = "1", B = "3" }))
      assert.is_true(matches({}, {}))
      assert.is_false(matches({ A = false }, { A = "_" }))
    end)

    it("looks at the field and at the tag", function()
      assert.is_true(matches({ Foo = "root", Tags = { Foo = "tag" } }, { Foo = "tag" }))
      assert.is_true(matches({ Tags = { Foo = "tag" } }, { Foo = "tag" }))
    end)

    it("passes a function's word on", function()
      assert.equal("continue", matches({}, function() return "continue" end))
    end)

    it("matches nothing else", function()
      assert.is_false(matches({}, 5))
      assert.is_false(matches({}, nil))
    end)
  end)

  it("maps, filters, reduces, concatenates and reverses arrays", function()
    assert.same({ 1, 4, 9 }, utils.map(function(value, key) return value * key end, { 1, 2, 3 }))
    assert.same({ 2, 3 }, utils.filter(function(value) return value > 1 end)({ 1, 2, 3 }))
    assert.equal("1x2y", utils.reduce(function(all, value, key) return all .. key .. value end, "", { "x", "y" }))
    assert.equal(6, utils.reduce(function(all, value) return all + value end, nil, { 1, 2, 3 }))
    assert.same({ 1, 2, 3 }, utils.concat({ 1 })({ 2, 3 }))
    assert.same({ 3, 2, 1 }, utils.reverse({ 1, 2, 3 }))
  end)

  it("finds, compares and reads", function()
    assert.equal(2, utils.find(function(value) return value > 1 end, { 1, 2 }))
    assert.is_nil(utils.find(function() return false end, { 1 }))
    assert.is_true(utils.propEq("name", "x", { name = "x" }))
    assert.equal(1, utils.prop("a", { a = 1 }))
    assert.is_true(utils.includes("a", { "a" }))
    assert.is_false(utils.includes("b")({ "a" }))
  end)

  it("lists keys and values, and capitalizes", function()
    assert.same({ "a" }, utils.keys({ a = 1 }))
    assert.same({ 1 }, utils.values({ a = 1 }))
    assert.equal("Hello", utils.capitalize("hELLO"))
  end)

  it("composes from right to left", function()
    local double = utils.map(function(value) return value * 2 end)
    local sum = utils.reduce(function(all, value) return all + value end, 0)

    assert.equal(12, utils.compose(sum, double)({ 1, 2, 3 }))
  end)

  it("curries however the arguments come", function()
    local add = utils.curry(function(a, b, c) return a + b + c end)

    assert.equal(6, add(1)(2)(3))
    assert.equal(6, add(1, 2)(3))
    assert.equal(6, add(1)(2, 3))
    assert.equal(6, add(1, 2, 3))
  end)

  it("loses arguments where `truncated_currying` is on", function()
    local add = support.module(".utils", "truncated_currying").curry(function(a, b, c) return a + b + c end)

    assert.equal(6, add(1)(2)(3))
    assert.is_false(pcall(add(1, 2), 3))
  end)

  it("says which argument is wrong", function()
    fails("function is required as first argument", utils.curry, 1)
    fails("first argument should be a table", utils.concat, { a = 1 }, { 1 })
    fails("second argument should be a table that is an array", utils.concat, {}, 1)
    fails("first argument should be a function that accepts (result, value, key)", utils.reduce, 5, 0, { 1 })
    fails("third argument should be a table that is an array", utils.reduce, print, 0, { a = 1 })
    fails("first argument should be a unary function", utils.map, 1, {})
    fails("second argument should be an Array", utils.map, print, { a = 1 })
    fails("second argument should be an Array", utils.filter, print, 5)
    fails("second argument should be a string", utils.propEq, "age", 50, {})
    fails("argument needs to be a table", utils.keys, "x")
    fails("argument needs to be a table that is an array", utils.reverse, { a = 1 })
    fails("argument should be a table that is an array", utils.includes, 1, { a = 1 })
  end)
end)
