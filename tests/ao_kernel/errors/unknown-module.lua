local sha = require("crypt")
