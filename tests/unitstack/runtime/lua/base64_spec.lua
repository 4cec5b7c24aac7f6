local support = require("tests.unitstack.runtime.lua.support")

describe(".base64", function()
  local base64 = support.module(".base64")

  it("encodes with padding", function()
    assert.equal("SGVsbG8gd29ybGQ=", base64.encode("Hello world"))
    assert.equal("YQ==", base64.encode("a"))
    assert.equal("", base64.encode(""))
  end)

  it("decodes what it encoded, for every byte", function()
    local bytes = {}
    for i = 0, 255 do
      bytes[#bytes + 1] = string.char(i)
    end
    local text = table.concat(bytes)

    assert.equal(text, base64.decode(base64.encode(text)))
  end)

  it("passes over line breaks", function()
    assert.equal("a", base64.decode("Y\nQ==\n"))
  end)

  it("takes an alphabet and a padding of one's own", function()
    assert.equal("__79", base64.encode("\255\254\253", base64.makeencoder("-", "_", "")))
    assert.equal("SGVsbG8gd29ybGQ~", base64.encode("Hello world", base64.makeencoder(nil, nil, "~"), true))
    assert.equal("\255\254\253", base64.decode("__79", base64.makedecoder("-", "_")))
  end)

  it("leaves the padding out where the alphabet has none", function()
    assert.equal("YQ", base64.encode("a", base64.makeencoder(nil, nil, "")))
  end)

  it("fails on text without its padding", function()
    local ok, err = pcall(base64.decode, "YQ")

    assert.is_false(ok)
    assert.equal(
      "attempt to decode base64 of 2 characters: not a multiple of 4, its padding is missing",
      support.plain(err)
    )
  end)
end)
