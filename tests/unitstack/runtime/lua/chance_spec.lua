local support = require("tests.unitstack.runtime.lua.support")

describe(".chance", function()
  local chance = support.module(".chance")

  it("is the Mersenne Twister", function()
    chance.seed(5489)
    for _ = 1, 9999 do
      chance.random()
    end

    -- The ten thousandth output for the default seed, as the C++ standard demands it of `mt19937`.
    assert.equal(4123659995, math.tointeger(chance.random() * 4294967296.0))
  end)

  it("gives the integers that the field recorded for seed 42", function()
    chance.seed(42)
    local drawn = {}
    for i = 1, 5 do
      drawn[i] = chance.integer(1, 1000)
    end

    assert.same({ 375, 797, 951, 184, 732 }, drawn)
  end)

  it("takes the low 32 bits of a seed", function()
    chance.seed(42)
    local first = chance.random()
    chance.seed(42 + (7 << 32))

    assert.equal(first, chance.random())
  end)

  it("refuses an empty range", function()
    local ok, err = pcall(chance.integer, 1, 0)

    assert.is_false(ok)
    assert.equal("max must bigger than min", support.plain(err))
  end)
end)
