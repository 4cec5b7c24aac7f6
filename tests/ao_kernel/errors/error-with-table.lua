error({ code = 404, why = "no such account" })
