Send({
  Target = ao.id
  Action = "Ping"
})
