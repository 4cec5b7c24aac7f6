"""Python beside Lua: `%%python` cells with a shell of their own, and `ao`, the session as Python meets it."""
