local support = require("tests.unitstack.runtime.lua.support")

describe(".crypto.strict", function()
  local world = support.world()
  world.require(".shims")
  local strict, field = world.require(".crypto.strict"), world.require(".crypto")

  it("has all that .crypto has", function()
    for room, functions in pairs(field) do
      for name in pairs(type(functions) == "table" and functions or {}) do
        assert.not_nil(strict[room][name], room .. "." .. name)
      end
    end
    assert.is_function(strict.random)
  end)

  it("takes strings, lists and streams alike", function()
    local array, stream = field.utils.array.fromString, field.utils.stream.fromString
    for name, digest in pairs(strict.digest) do
      if name ~= "_version" then
        assert.equal(digest("ao").asHex(), digest(array("ao")).asHex())
        assert.equal(digest("ao").asHex(), digest(stream("ao")).asHex())
      end
    end
    assert.is_false(pcall(strict.digest.md5, 5))
  end)

  it("authenticates as RFC 2104 does", function()
    -- RFC 4231, the second case.
    assert.equal(
      "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
      strict.mac.createHmac("what do ya want for nothing?", "Jefe", "sha256").asHex()
    )
  end)

  it("hands out results again and again", function()
    local result = strict.cipher.aes.encrypt("ao", "super_secret_shh")

    assert.equal(result.asHex(), result.asHex())
    assert.equal("ao", strict.cipher.aes.decrypt(result.asHex(), "super_secret_shh").asString())
  end)

  it("counts over all 16 bytes", function()
    local key, zeros = ("k"):rep(16), ("\0"):rep(32)
    local function stream(iv)
      return strict.cipher.aes.encrypt(zeros, key, iv, "CTR").asString()
    end
    local before_carry = stream(("\0"):rep(8) .. ("\xFF"):rep(8))

    assert.equal(stream(("\0"):rep(7) .. "\1" .. ("\0"):rep(8)):sub(1, 16), before_carry:sub(17))
  end)

  it("says what does not fit", function()
    local aes = strict.cipher.aes
    local key = ("k"):rep(16)
    local cases = {
      { "aes: no mode is called XYZ", aes.encrypt, "ao", key, nil, "XYZ" },
      { "aes: keys have 128, 192 or 256 bits, not 100", aes.encrypt, "ao", key, nil, "CBC", 100 },
      { "aes: a key of 256 bits has 32 bytes, got 16", aes.encrypt, "ao", key, nil, "CBC", 256 },
      { "aes: an initial vector has 16 bytes, got 5", aes.encrypt, "ao", key, "short" },
      { "aes: 2 bytes are no whole blocks of 16", aes.decrypt, "616f", key },
      { "aes: the padding does not fit", aes.decrypt, ("00"):rep(16), key },
      { "blake2b: a digest of 65 bytes", strict.digest.blake2b, "ao", 65 },
    }
    for _, case in ipairs(cases) do
      local ok, err = pcall(table.unpack(case, 2, 7))
      assert.is_false(ok)
      assert.truthy(support.plain(err):find(case[1], 1, true), err)
    end
  end)

  it("draws new numbers without a seed", function()
    local draws = 0
    world.math.random = function(greatest)
      draws = draws + 1
      return draws % greatest
    end

    assert.not_equal(strict.random(0, 1000000), strict.random(0, 1000000))
    assert.equal(strict.random(0, 100, "seed"), field.random(0, 100, "seed"))
  end)
end)
