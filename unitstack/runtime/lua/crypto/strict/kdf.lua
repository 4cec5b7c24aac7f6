-- PBKDF2, of strings, lists of bytes or streams.
local Array = require(".crypto.util.array")
local bytes = require(".crypto.core.bytes")
local field = require(".crypto.kdf.init")
local input = require(".crypto.strict.input")

local function pbkdf2(password, salt, iterations, size, digest)
  local password_bytes, salt_bytes = Array.fromString(input(password)), Array.fromString(input(salt))
  return bytes(field.pbkdf2(password_bytes, salt_bytes, iterations, size, digest).asString())
end

return { _version = field._version, pbkdf2 = pbkdf2 }
