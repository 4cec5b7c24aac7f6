local support = require("tests.unitstack.runtime.lua.support")

local R, G, B, O = "\27[31m", "\27[32m", "\27[34m", "\27[0m"

describe(".stringify", function()
  local stringify = support.module(".stringify")
  local lossy = support.module(".stringify", "lossy_tables")

  local function both(expected, tbl)
    assert.equal(expected, stringify.format(tbl))
    assert.equal(expected, lossy.format(tbl))
  end

  it("shows simple arrays on one line", function()
    both("{  }", {})
    both("{ " .. B .. "1" .. O .. ", " .. G .. '"a"' .. O .. " }", { 1, "a" })
  end)

  it("shows lists of other things in lines", function()
    both("{\n  " .. B .. "1" .. O .. ",\n  " .. B .. "true" .. O .. "\n }", { 1, true })
    both("{\n  { " .. B .. "1" .. O .. " },\n  { " .. B .. "2" .. O .. " }\n }", { { 1 }, { 2 } })
  end)

  it("shows maps in lines, indented", function()
    local inner = "{\n     " .. R .. "b" .. O .. " = " .. G .. '"x"' .. O .. "\n  }"
    both("{\n   " .. R .. "a" .. O .. " = " .. inner .. "\n}", { a = { b = "x" } })
  end)

  it("ends where a table holds itself", function()
    local map, list = {}, {}
    map.self, list[1], list[2] = map, list, {}

    both("{\n   " .. R .. "self" .. O .. " = <circular reference>\n}", map)
    both("{\n  <circular reference>,\n  {  }\n }", list)
  end)

  it("shows positions beside names", function()
    local text = support.plain(stringify.format({ 10, 20, a = 1 }))

    for _, line in ipairs({ "1 = 10", "2 = 20", "a = 1" }) do
      assert.truthy(text:find(line, 1, true))
    end
  end)

  it("shows what is around a hole", function()
    assert.truthy(support.plain(stringify.format({ 1, 2, nil, 4 })):find("2 = 2", 1, true))
  end)

  it("shows a table wherever it occurs", function()
    local shared = { 1 }

    assert.is_nil(stringify.format({ a = shared, b = shared }):find("circular"))
  end)

  it("shows keys of any type", function()
    assert.equal("{\n   true = 1\n}", support.plain(stringify.format({ [true] = 1 })))
  end)

  it("loses them where `lossy_tables` is on", function()
    assert.equal("{\n   a = 1\n}", support.plain(lossy.format({ 10, 20, a = 1 })))
    assert.equal("{\n   4 = 4\n}", support.plain(lossy.format({ 1, 2, nil, 4 })))
    local shared = { 1 }
    assert.equal("<circular reference>", lossy.format({ a = shared, b = shared }))
    local ok, err = pcall(lossy.format, { [true] = 1 })
    assert.is_false(ok)
    assert.truthy(err:find("attempt to concatenate a boolean value %(local 'k'%)"))
  end)

  it("knows simple arrays", function()
    assert.is_true(stringify.isSimpleArray({ 1, "a" }))
    assert.is_true(stringify.isSimpleArray({}))
    assert.is_false(stringify.isSimpleArray({ true }))
    assert.is_false(stringify.isSimpleArray({ a = 1 }))
  end)
end)
