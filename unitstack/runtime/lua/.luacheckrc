-- What the runtime's files may name beside Lua 5.3 itself: the globals that aos gives every process.
std = "lua53"
max_line_length = 120
globals = {
  "Assign",
  "Balances",
  "Bell",
  "Colors",
  "Dump",
  "Errors",
  "HANDLER_PRINT_LOGS",
  "Handlers",
  "Inbox",
  "Name",
  "Owner",
  "Prompt",
  "Receive",
  "Seeded",
  "Send",
  "Spawn",
  "Tab",
  "Utils",
  "Version",
  "ao",
  "handle",
  "print",
  "io.lines",
  "io.read",
  "os.time",
  "math.random",
  package = { fields = { loaded = { other_fields = true, read_only = false }, preload = { other_fields = true, read_only = false } } },
}
files["blueprints/"] = { allow_defined = true, ignore = { "111", "112", "113", "131" } }
files["shims.lua"] = { globals = { "bit32", "math" } }
