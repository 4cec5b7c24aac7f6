local json = require("json")
local data = json.decode("hello { world")
