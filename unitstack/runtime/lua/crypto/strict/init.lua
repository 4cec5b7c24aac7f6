-- What `.crypto` has, but as the standards have it. A process may use it in the place of `.crypto`; where the field
-- deviates, results differ.
local cipher = require(".crypto.cipher.init")
local crypto = require(".crypto.init")

-- Seeded from `math.random` where no seed is given, so that it goes on from call to call.
local function random(min, max, seed)
  return cipher.issac.random(min, max, seed or tostring(math.random(1 << 31)))
end

return {
  _version = crypto._version,
  digest = require(".crypto.strict.digest"),
  utils = crypto.utils,
  cipher = {
    _version = cipher._version,
    aes = require(".crypto.strict.aes"),
    issac = cipher.issac,
    morus = cipher.morus,
    norx = cipher.norx,
  },
  random = random,
  mac = require(".crypto.strict.mac"),
  kdf = require(".crypto.strict.kdf"),
}
