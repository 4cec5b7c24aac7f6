%load unclosed.lua
