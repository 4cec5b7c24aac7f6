local support = require("tests.unitstack.runtime.lua.support")

describe(".crypto.cipher", function()
  local world = support.world()
  world.require(".shims")
  local crypto = world.require(".crypto")
  local cipher = crypto.cipher

  local KEY = "super_secret_shh"
  -- What the field's own tests expect.
  local AES = {
    CBC = "A3B9E6E1FBD9D46930E5F76807C84B8E",
    ECB = "3FF54BD61AD1AA06BC367A10575CC7C5",
    CFB = "1DA7169C093D6B23160B6785B28E4BED",
    OFB = "1DA7169C093D6B23160B6785B28E4BED",
    CTR = "1DA7169C093D6B23160B6785B28E4BED",
  }

  it("encrypts with AES in five modes, and leaves the padding when it decrypts", function()
    for mode, expected in pairs(AES) do
      local iv = mode == "ECB" and "" or KEY
      local encrypted = cipher.aes.encrypt("ao", KEY, iv, mode, 128).asHex()

      assert.equal(expected, encrypted)
      assert.equal("ao" .. ("\0"):rep(14), cipher.aes.decrypt(encrypted, KEY, iv, mode, 128).asString())
    end
  end)

  it("takes what it does not know for CBC with 128 bits", function()
    assert.equal(AES.CBC, cipher.aes.encrypt("ao", KEY, KEY, "XYZ", 100).asHex())
    assert.equal(cipher.aes.encrypt("ao", KEY).asHex(), cipher.aes.encrypt("ao", KEY, ("\0"):rep(16)).asHex())
  end)

  it("hands out a result of AES once", function()
    local result = cipher.aes.encrypt("ao", KEY)

    assert.equal(16, #result.asBytes())
    assert.equal("", result.asHex())
    assert.equal("", result.asString())
  end)

  it("takes the first 16 bytes of vector and data for the vector", function()
    local whole = cipher.aes.encrypt("data after it", KEY, "0123456789abcdef").asHex()

    assert.equal(whole, cipher.aes.encrypt("9abcdefdata after it", KEY, "012345678").asHex())
    assert.equal("", cipher.aes.encrypt("", KEY).asHex())
    assert.equal(32, #cipher.aes.encrypt("0123456789abcdef", KEY).asHex())
  end)

  it("refuses keys that are too short", function()
    local ok, err = pcall(cipher.aes.encrypt, "ao", "short")

    assert.is_false(ok)
    assert.matches("bad argument #1 %(an AES key of 128 bits has 16 bytes, got 5%)", err)
  end)

  it("encrypts block by block", function()
    local aes = world.require(".crypto.cipher.aes256")
    local key, block = {}, {}
    for i = 1, 32 do
      key[i] = i - 1
    end
    for i = 1, 16 do
      block[i] = 17 * (i - 1)
    end

    -- FIPS 197, appendix C.3.
    local encrypted = aes.encrypt(key, block)
    assert.equal("8EA2B7CA516745BFEAFC49904B496089", crypto.utils.array.toHex(encrypted))
    assert.same(block, aes.decrypt(key, encrypted))
    assert.equal(16, aes.blockSize)
  end)

  it("has modes to set up step by step", function()
    local mode = world.require(".crypto.cipher.mode.cbc").Cipher()
    local stream = crypto.utils.stream.fromString
    mode.setKey(crypto.utils.array.fromString(KEY)).setBlockCipher(world.require(".crypto.cipher.aes128"))
    mode.setPadding(world.require(".crypto.padding.zero")).init().update(stream(KEY)).update(stream("ao")).finish()

    assert.equal(16, mode.getOutputQueue().size())
    assert.equal(AES.CBC, mode.asHex())
  end)

  it("encrypts with MORUS", function()
    local iv = ("0"):rep(16)
    local short = cipher.morus.encrypt(KEY, iv, "ao")
    local long_key = crypto.utils.hex.hexToString("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f")
    local long = cipher.morus.encrypt(long_key, iv, "ao", "additional data")

    assert.equal("514ed31473d8fb0b76c6cbb17af35ed01d0a", short.asHex())
    assert.equal("6164646974696f6e616c20646174616aae7a8b95c50047bea251c3b7133eec5fcc", long.asHex())
    assert.equal("ao", cipher.morus.decrypt(long_key, iv, long.asString(), #"additional data"))
    assert.same({ 32, 16, "Morus-1280" }, { cipher.morus.key_size, cipher.morus.nonce_size, cipher.morus.variant })
  end)

  it("refuses keys and vectors that MORUS does not have", function()
    local _, key_error = pcall(cipher.morus.encrypt, "short", ("0"):rep(16), "ao")
    local _, iv_error = pcall(cipher.morus.encrypt, KEY, "short", "ao")
    local text, reason = cipher.morus.decrypt(KEY, ("0"):rep(16), ("x"):rep(20))

    assert.matches("key must be 16 or 32 bytes$", key_error)
    assert.matches("iv must be 16 bytes$", iv_error)
    assert.is_nil(text)
    assert.equal("decrypt error", reason)
  end)

  it("encrypts with NORX", function()
    local key, nonce = "super_duper_secret_password_shhh", ("0"):rep(32)
    local encrypted = cipher.norx.encrypt(key, nonce, "ao", "ao", "ao")
    local text, reason = cipher.norx.decrypt(key, nonce, encrypted.asString(), "ao")

    assert.equal("0bb35a06938e6541eccd4440adb7b46118535f60b09b4adf378807a53df19fc4ea28", encrypted.asHex())
    assert.equal("ao", cipher.norx.decrypt(key, nonce, encrypted.asString(), "ao", "ao"))
    assert.is_nil(text)
    assert.equal("auth failure", reason)
    assert.equal(34, #encrypted.asBytes())
  end)

  it("encrypts printable text with ISAAC", function()
    local encrypted = cipher.issac.encrypt("ao", "secret_key")

    assert.equal("7851", encrypted.asHex())
    assert.equal("ao", cipher.issac.decrypt(encrypted.asString(), "secret_key"))
  end)

  it("draws the same numbers for a seed, and always the same without one", function()
    assert.equal(94, crypto.random(0, 100, "seed"))
    assert.equal(40, crypto.random(0, 100))
    assert.equal(40, crypto.random(0, 100))
    assert.equal(532713800.0, crypto.random())
    assert.equal("float", math.type(crypto.random()))
  end)

  it("draws more than 256 numbers from a seed", function()
    cipher.issac.seedIsaac("seed", true)
    local seen = {}
    for _ = 1, 600 do
      seen[cipher.issac.getRandom()] = true
    end
    local count = 0
    for _ in pairs(seen) do
      count = count + 1
    end

    assert.equal(600, count)
    assert.is_true(cipher.issac.getRandomChar() >= 32)
  end)

  it("draws before a seed is given", function()
    assert.is_number(support.module(".crypto.cipher.issac").getRandom())
  end)
end)
