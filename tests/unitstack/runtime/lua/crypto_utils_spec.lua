local support = require("tests.unitstack.runtime.lua.support")

describe(".crypto.util", function()
  local world = support.world()
  world.require(".shims")
  local utils = world.require(".crypto").utils

  it("is reached under two names that are two tables", function()
    local crypto, init = world.require(".crypto"), world.require(".crypto.init")

    assert.equal("0.0.1", crypto._version)
    assert.equal(crypto.digest, init.digest)
    assert.not_equal(crypto, init)
  end)

  it("queues first in, first out, and counts both", function()
    local queue = utils.queue()
    queue.push("a")
    queue.push("b")

    assert.equal("a", queue.pop())
    assert.same({ 1, 2, 1 }, { queue.size(), queue.getHead(), queue.getTail() })
    assert.equal("b", queue.pop())
    assert.is_nil(queue.pop())
    queue.reset()
    assert.same({ 0, 0, 0 }, { queue.size(), queue.getHead(), queue.getTail() })
  end)

  it("streams strings, lists and hexadecimal text", function()
    local stream = utils.stream

    assert.equal("ao", stream.toString(stream.fromString("ao")))
    assert.same({ 1, 2 }, stream.toArray(stream.fromArray({ 1, 2 })))
    assert.equal("616F", stream.toHex(stream.fromHex("616f")))
    assert.equal(("x"):rep(1000), stream.toString(stream.fromString(("x"):rep(1000))))
  end)

  it("writes strings as lower hexadecimal text, with breaks and separators", function()
    local hex = utils.hex

    assert.equal("616f", hex.stringToHex("ao"))
    assert.equal("", hex.stringToHex(""))
    assert.equal("61 62\n63", hex.stringToHex("abc", 2, " "))
    assert.equal("ao", hex.hexToString("61 6F\n"))
  end)

  it("reads hexadecimal text without half bytes", function()
    for _, text in ipairs({ "616", "61-6f" }) do
      local ok, err = pcall(utils.hex.hexToString, text)
      assert.is_false(ok)
      assert.equal("invalid hex string", support.plain(err))
    end
    assert.equal("a!", utils.hex.hexToString("61!", true))
  end)

  it("has lists of bytes", function()
    local array = utils.array
    local long = ("ao"):rep(500)

    assert.equal(2, array.size(array.fromString("ao")))
    assert.equal(long, array.toString(array.fromString(long)))
    assert.equal("616F", array.toHex(array.fromString("ao")))
    assert.same({ 0x61, 0x6F }, array.fromHex("616f"))
    assert.same({ 1, 2, 3 }, array.concat({ 1 }, { 2, 3 }))
    assert.same({ 1 }, array.truncate({ 1, 2 }, 1))
    assert.same({ 3, 3 }, array.XOR({ 1, 2 }, { 2, 1, 9 }))
    assert.same({ 30, 10 }, array.substitute({ 3, 1 }, { 10, 20, 30 }))
    assert.same({ "c", "a" }, array.permute({ "a", "b", "c" }, { 3, 1 }))
    assert.same({ 1, 2 }, array.copy({ 1, 2 }))
    assert.same({ 1, 2 }, array.fromStream(array.toStream({ 1, 2 })))
  end)

  it("slices from either end", function()
    local slice = utils.array.slice

    assert.same({ 2, 3 }, slice({ 1, 2, 3 }, 2))
    assert.same({ 2 }, slice({ 1, 2, 3 }, -2, -2))
    assert.same({ 1, 2, 3 }, slice({ 1, 2, 3 }))
  end)

  it("moves bytes between lists and queues", function()
    local queue = utils.queue()
    utils.array.writeToQueue(queue, { 1, 2, 3 })

    assert.same({ 1, 2 }, utils.array.readFromQueue(queue, 2))
  end)

  it("has the operations of bit32", function()
    assert.equal(0xFFFFFFFF, utils.bit.bnot(0))
    assert.equal(6, utils.bit.bxor(5, 3))
  end)
end)
