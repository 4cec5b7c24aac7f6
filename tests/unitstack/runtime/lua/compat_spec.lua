local support = require("tests.unitstack.runtime.lua.support")

describe(".compat", function()
  it("has Title-Case on and the reference's defects off", function()
    local compat = support.module(".compat")

    assert.is_true(compat.title_case)
    assert.is_false(compat.live_walk)
  end)

  it("reads the words of a bundle", function()
    local compat = support.module(".compat", "live_walk,-title_case")

    assert.is_true(compat.live_walk)
    assert.is_false(compat.title_case)
  end)

  it("turns all on for `reference`", function()
    local compat = support.module(".compat", "reference")

    assert.is_true(compat.rounded_numbers)
    assert.is_true(compat.bare_errors)
  end)

  it("refuses a word that it does not know", function()
    local compat = support.module(".compat")
    local ok, err = pcall(compat.apply, "live-walk")

    assert.is_false(ok)
    assert.equal("no compatibility switch is called live-walk", err)
  end)

  it("is set by the process's tag", function()
    local process = support.process("", { Name = "test", Module = "MODULE", ["Aos-Compat"] = "-title_case" })
    process:eval('Handlers.add("h", "X", function(m) print(m.Tags.GameId) end)')

    assert.equal("7", process:send({ Action = "X", GameId = "7" }).Output.data)
  end)
end)
