local support = require("tests.unitstack.runtime.lua.support")

describe(".crypto.digest", function()
  local world = support.world()
  world.require(".shims")
  local crypto = world.require(".crypto")
  local stream = crypto.utils.stream.fromString

  -- Recorded from the field.
  local STREAMED = {
    md2 = "0d4e80edd07bee6c7965b21b25a9b1ea",
    md5 = "adac5e63f80f8629e9573527b25891d3",
    sha1 = "c29dd6c83b67a1d6d3b28588a1f068b68689aa1d",
    sha2_256 = "2dd411308b37266d33c9246821adc5aa4002f0091f5e2aece1953789930ad924",
  }
  local WHOLE = {
    sha3_256 = "1bbe785577db997a394d5b4555eec9159cb51f235aec07514872d2d436c6e985",
    keccak256 = "76da52eec05b749b99d6e62bb52333c1569fe75284e6c82f3de12a4618be00d6",
  }

  it("reads streams", function()
    for name, expected in pairs(STREAMED) do
      assert.equal(expected, crypto.digest[name](stream("ao")).asHex())
    end
  end)

  it("fails on strings where it reads streams", function()
    for name in pairs(STREAMED) do
      assert.is_false(pcall(crypto.digest[name], "ao"))
    end
  end)

  it("reads strings", function()
    for name, expected in pairs(WHOLE) do
      assert.equal(expected, crypto.digest[name]("ao").asHex())
      assert.is_nil(crypto.digest[name]("ao").asBytes)
    end
  end)

  it("gives bytes, hexadecimal text and strings", function()
    local digest = crypto.digest.md5(stream("ao"))

    assert.equal(16, #digest.asString())
    assert.same({ digest.asString():byte(1, -1) }, digest.asBytes())
  end)

  it("is fed in pieces where the digest has the steps", function()
    for _, name in ipairs({ "sha1", "sha2_256" }) do
      local digest = crypto.digest[name](stream("something else"))
      digest.init().update(stream("a")).update(stream("o")).finish()

      assert.equal(STREAMED[name], digest.asHex())
    end
  end)

  it("gives SHA-512 as signed words", function()
    local digest = crypto.digest.sha2_512("ao")

    assert.same({ (">i8i8"):unpack(digest.asString()) }, { digest.asBytes()[1], digest.asBytes()[2], 17 })
    assert.equal(8, #digest.asBytes())
  end)

  it("gives BLAKE2b as characters, in sizes and with keys", function()
    local digest = crypto.digest.blake2b("ao", 32, "secret_key")

    assert.equal("203c101980fdf6cf24d78879f2e3db86d73d91f7d60960b642022cd6f87408f8", digest.asHex())
    assert.equal("\x20", digest.asBytes()[1])
    assert.equal(64, #crypto.digest.blake2b("ao").asString())
  end)

  it("has no BLAKE2b of impossible sizes", function()
    local digest, reason = crypto.digest.blake2b("ao", 65)

    assert.is_nil(digest)
    assert.equal("illegal parameters", reason)
  end)

  it("authenticates over blocks of 32 bytes, reading the stream once", function()
    local data, key = stream("ao"), crypto.utils.array.fromString("super_secret_key")

    assert.equal("3966f45acb53f7a1a493bae15afecb1a204fa32d", crypto.mac.createHmac(data, key).asHex())
    assert.equal(
      "542da02a324155d688c7689669ff94c6a5f906892aa8eccd7284f210ac66e2a7",
      crypto.mac.createHmac(data, key, "sha256").asHex()
    )
  end)

  it("refuses other algorithms for authentication and keys", function()
    for _, call in ipairs({
      function()
        crypto.mac.createHmac(stream("ao"), { 1 }, "md5")
      end,
      function()
        crypto.kdf.pbkdf2({ 1 }, { 2 }, 1, 16, "md5")
      end,
    }) do
      local ok, err = pcall(call)
      assert.is_false(ok)
      assert.matches("Unsupported algorithm: md5$", err)
    end
  end)

  it("derives keys, shown in capitals", function()
    local array = crypto.utils.array.fromString
    local key = crypto.kdf.pbkdf2(array("password"), array("salt"), 4, 16)

    assert.equal("C4C21BF2BBF61541408EC2A49C89B9C6", key.asHex())
    assert.equal(0xC4, key.asBytes()[1])
    assert.equal(16, #key.asString())
  end)

  it("has builders for keys of one's own making", function()
    local array = crypto.utils.array.fromString
    local mac, kdf = world.require(".crypto.mac.hmac"), world.require(".crypto.kdf.pbkdf2")
    local prf = mac.HMAC().setBlockSize(64).setDigest(world.require(".crypto.digest.sha1").SHA1)
    local key = kdf.PBKDF2().setPRF(prf).setBlockLen(20).setDKeyLen(20).setIterations(2)
    key.setPassword(array("password")).setSalt(array("salt")).finish()

    -- RFC 6070, the second vector.
    assert.equal("EA6C014DC72D6F8CCD1ED92ACE1D41F0D8DE8957", key.asHex())
  end)

  it("asks for a digest before a key", function()
    local hmac = world.require(".crypto.mac.hmac").HMAC()

    assert.is_false(pcall(hmac.setKey, { 1 }))
  end)
end)
