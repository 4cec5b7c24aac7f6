pcall(function () return nil .. "x" end)
