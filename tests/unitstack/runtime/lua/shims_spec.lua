local support = require("tests.unitstack.runtime.lua.support")

describe(".shims", function()
  local shims = support.module(".shims")
  local bits, older = shims.bits, shims.math

  it("adds what is missing", function()
    local world = support.world()
    world.math = { abs = math.abs, exp = math.exp, floor = math.floor, log = math.log, tointeger = math.tointeger }
    world.require(".shims")

    assert.equal(4294967295, world.bit32.bnot(0))
    assert.equal(world.bit32, world.package.loaded.bit32)
    assert.equal(8.0, world.math.pow(2, 3))
  end)

  it("keeps what is there", function()
    local world = support.world()
    world.bit32, world.math = { mine = true }, { pow = "mine" }
    world.require(".shims")

    assert.is_true(world.bit32.mine)
    assert.equal("mine", world.math.pow)
  end)

  it("combines words of 32 bits", function()
    assert.equal(4294967295, bits.band())
    assert.equal(0x0F, bits.band(0xFF, 0x0F))
    assert.equal(0xFF, bits.bor(0xF0, 0x0F))
    assert.equal(0, bits.bxor(5, 5))
    assert.is_true(bits.btest(1, 3))
    assert.equal(4294967295, bits.band(-1))
    assert.equal(4294967294, bits.bnot(1.0))
  end)

  it("shifts, in either direction, past the end too", function()
    assert.equal(16, bits.lshift(1, 4))
    assert.equal(0, bits.lshift(1, 32))
    assert.equal(1, bits.rshift(16, 4))
    assert.equal(16, bits.rshift(1, -4))
    assert.equal(0xF0000000, bits.arshift(0x80000000, 3))
    assert.equal(4294967295, bits.arshift(0x80000000, 40))
    assert.equal(1, bits.arshift(2, 1))
  end)

  it("rotates", function()
    assert.equal(1, bits.lrotate(0x80000000, 1))
    assert.equal(0x80000000, bits.rrotate(1, 1))
    assert.equal(5, bits.lrotate(5, 64))
  end)

  it("reads and writes fields", function()
    assert.equal(0xB, bits.extract(0xABCD, 8, 4))
    assert.equal(0xA5CD, bits.replace(0xABCD, 5, 8, 4))
    for _, range in ipairs({ { -1, 1 }, { 0, 0 }, { 30, 3 } }) do
      assert.is_false(pcall(bits.extract, 1, table.unpack(range)))
    end
  end)

  it("refuses what is no number", function()
    assert.is_false(pcall(bits.band, "x"))
    assert.is_false(pcall(bits.band, {}))
  end)

  it("knows the older functions of math", function()
    assert.near(math.exp(1), older.cosh(1) + older.sinh(1), 1e-12)
    assert.near(0.76159415595576, older.tanh(1), 1e-13)
    assert.equal(1.0, older.tanh(1000))
    assert.equal(3.0, older.log10(1000))
    assert.near(math.pi / 2, older.atan2(1, 0), 1e-15)
    assert.equal(1e-10, older.sinh(1e-10))
  end)

  it("takes floats apart and puts them together", function()
    for _, number in ipairs({ 1, 0.5, 8, -3.75, 1e300, 5e-324, 0.1, 2 ^ 52 }) do
      local mantissa, exponent = older.frexp(number)
      assert.is_true(math.abs(mantissa) >= 0.5 and math.abs(mantissa) < 1)
      assert.equal(number, older.ldexp(mantissa, exponent))
    end
    assert.equal(0.0, (older.frexp(0)))
    assert.equal(math.huge, (older.frexp(math.huge)))
  end)
end)
