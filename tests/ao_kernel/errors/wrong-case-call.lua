send({ Target = ao.id, Action = "Ping" })
