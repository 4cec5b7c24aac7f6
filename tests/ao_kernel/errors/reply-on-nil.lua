local sent = Send({ Target = ao.id, Action = "Ping" })
sent.reply({ Data = "hi" })
