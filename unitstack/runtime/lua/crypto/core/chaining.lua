-- What the modes of operation share: a builder that is given key, cipher and padding, takes in streams, cuts them into
-- blocks, and hands out what becomes of these, once.
local Array = require(".crypto.util.array")
local Queue = require(".crypto.util.queue")
local Stream = require(".crypto.util.stream")

-- `step(cipher, key, block, register)` answers a block and the next register. The first block that comes in is the
-- register to start from; where there is none, it is a block like others.
local function chaining(step, has_register)
  return function()
    local key, cipher, padding, input, output, register
    local mode = {}

    function mode.setKey(bytes)
      key = bytes
      return mode
    end

    function mode.setBlockCipher(block_cipher)
      cipher = block_cipher
      return mode
    end

    function mode.setPadding(padding_of)
      padding = padding_of
      return mode
    end

    function mode.init()
      input, output, register = Queue(), Queue(), nil
      return mode
    end

    local function take(block)
      if has_register and not register then
        register = block
        return
      end
      local result
      result, register = step(cipher, key, block, register)
      Array.writeToQueue(output, result)
    end

    function mode.update(stream)
      for byte in stream do
        input.push(byte)
        if input.size() >= cipher.blockSize then
          take(Array.readFromQueue(input, cipher.blockSize))
        end
      end
      return mode
    end

    function mode.finish()
      return mode.update(padding(cipher.blockSize, input.getHead()))
    end

    function mode.getOutputQueue()
      return output
    end

    function mode.asHex()
      return Stream.toHex(output.pop)
    end

    function mode.asBytes()
      return Stream.toArray(output.pop)
    end

    function mode.asString()
      return Stream.toString(output.pop)
    end

    return mode
  end
end

return chaining
