"""The runtime that aos programs live in, in our own Lua."""
