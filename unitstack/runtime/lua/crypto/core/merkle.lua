-- What MD4, MD5, SHA-1 and SHA-256 share: text is cut into blocks of 64 bytes, ended by a bit and its length, and each
-- block is folded into a state of words.
local Hex = require(".crypto.util.hex")
local Array = require(".crypto.util.array")
local drain = require(".crypto.core.drain")

local unpack = table.unpack
local BLOCK, LENGTH_FIELD = 64, 8

-- A constructor of digests. `kind.start` is the state at first, `kind.fold(state, text, at)` takes in a block,
-- `kind.length` and `kind.output` say how the length and the state are packed.
local function merkle(kind)
  return function()
    local state, rest, length
    local digest = {}

    local function absorb(text)
      local at = 1
      while at + BLOCK - 1 <= #text do
        kind.fold(state, text, at)
        at = at + BLOCK
      end
      rest = text:sub(at)
    end

    function digest.init()
      state, rest, length = { unpack(kind.start) }, "", 0
      return digest
    end

    function digest.update(stream)
      local text = drain(stream)
      length = length + #text
      absorb(rest .. text)
      return digest
    end

    function digest.finish()
      local zeros = (BLOCK - 1 - LENGTH_FIELD - length) % BLOCK
      absorb(rest .. "\x80" .. ("\0"):rep(zeros) .. kind.length:pack(length * 8))
      return digest
    end

    function digest.asString()
      return kind.output:pack(unpack(state))
    end

    function digest.asBytes()
      return Array.fromString(digest.asString())
    end

    function digest.asHex()
      return Hex.stringToHex(digest.asString())
    end

    return digest.init()
  end
end

return merkle
