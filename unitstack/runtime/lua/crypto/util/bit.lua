-- Operations on words of 32 bits, as `bit32` has them.
return _G.bit32 or require(".shims").bits
