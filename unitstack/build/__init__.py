"""From sources to a wasm module: Lua needs no compiler, since prebuilt templates take a program as data."""
