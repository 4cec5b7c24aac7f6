-- SHA-3 and Keccak of a string as the field computes them: where only one byte is left in the last block they take in
-- a block of zeros too many, and hashes on chain depend on that. The standard's own are `.crypto.strict`'s.
local Hex = require(".crypto.util.hex")
local keccak = require(".crypto.core.keccak")

local SHA3, KECCAK = "\x06", "\x01"

local function padded(text, rate, suffix)
  local zeros = rate - (#text + 1) % rate
  return text .. suffix .. ("\0"):rep(zeros - 1) .. "\x80"
end

local function digest(rate, size, suffix)
  return function(text)
    local hash = keccak(padded(text, rate, suffix), rate, size)
    return {
      asString = function()
        return hash
      end,
      asHex = function()
        return Hex.stringToHex(hash)
      end,
    }
  end
end

return {
  sha3_256 = digest(136, 32, SHA3),
  sha3_512 = digest(72, 64, SHA3),
  keccak256 = digest(136, 32, KECCAK),
  keccak512 = digest(72, 64, KECCAK),
}
