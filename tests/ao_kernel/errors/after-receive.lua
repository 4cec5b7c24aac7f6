local answer = Receive({ Action = "Pong" })
print("got " .. answer.Data)
local n = answer.Data + 1
-- next cell
Send({ Target = ao.id, Action = "Pong", Data = "five" })
