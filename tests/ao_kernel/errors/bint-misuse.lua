local bint = require(".bint")(256)
local total = bint("ten") + 1
