%load broken.lua
