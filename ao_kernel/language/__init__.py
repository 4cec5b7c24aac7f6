"""Lua and ao's words as a front end asks about them: names, what stands behind them, help, and whether a text is Lua."""
