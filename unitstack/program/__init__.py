"""The text of a Lua program: its tokens, and a file with all that it requires as one text."""
