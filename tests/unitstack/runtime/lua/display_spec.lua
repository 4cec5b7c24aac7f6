local support = require("tests.unitstack.runtime.lua.support")

describe(".display", function()
  local process

  before_each(function()
    process = support.process()
  end)

  local function told(source)
    return process:eval(source).Output.test
  end

  it("shows something rich after what was printed before it", function()
    local shown = told([[
      local display = require(".display")
      print("ab")
      display.show(display.html("<b>x</b>"))
      print("c")
    ]]).displays

    assert.same({
      { kind = "show", at = 3, data = { ["text/html"] = "<b>x</b>", ["text/plain"] = "<b>x</b>" } },
    }, shown)
  end)

  it("has a result that is rich, and its text for consoles", function()
    local output = told('return require(".display").bundle({ ["text/html"] = "<b>x</b>", ["text/plain"] = "x" })')

    assert.same({ "x" }, output.values)
    assert.equal("result", output.displays[1].kind)
  end)

  it("updates what was shown under an id", function()
    local shown = told([[
      local ilua = require(".ilua")
      ilua.display.display_data(ilua.display.html("1"), {}, { display_id = "spot" })
      ilua.display.update_display_data(ilua.display.html("2"), {}, { display_id = "spot" })
    ]]).displays

    assert.same({ "show", "spot" }, { shown[1].kind, shown[1].id })
    assert.same({ "update", "spot" }, { shown[2].kind, shown[2].id })
  end)

  it("shows any other value as its text", function()
    assert.equal("42", told('require(".display").show(42)').displays[1].data["text/plain"])
  end)

  it("tells JSON as such", function()
    local shown = told('require(".display").show(require(".display").json({ 1 }))').displays

    assert.equal("[1]", shown[1].data["application/json"])
  end)

  it("says nothing where nothing is shown", function()
    assert.is_nil(told("return 1").displays)
  end)
end)

describe("standard input", function()
  local process

  before_each(function()
    process = support.process()
  end)

  local function reading(source, input)
    local tags = { Action = "Eval", ["Standard-Input"] = input }
    local result = process:send(tags, { From = "OWNER", Owner = "OWNER", Data = source })
    return support.plain(result.Error or result.Output.data)
  end

  it("is read line by line", function()
    assert.equal("a b", reading('return io.read() .. " " .. io.read()', "a\nb\n"))
  end)

  it("is read in every format", function()
    local source = 'return io.read("n") .. io.read(3) .. " " .. io.read("L") .. " " .. io.read("a")'

    assert.equal("7 ab c\n d", reading(source, "7 abc\nd"))
  end)

  it("is read by lines", function()
    assert.equal("2", reading("local n = 0 for _ in io.lines() do n = n + 1 end return n", "a\nb"))
  end)

  it("says so where nothing is left", function()
    assert.matches("no standard input to read", reading("io.read() return io.read()", "a"))
  end)

  it("is there for that message alone", function()
    process:eval("Before = io.read")
    reading("return io.read()", "a\nb")

    assert.equal("true", support.plain(process:shows("io.read == Before")))
  end)
end)
