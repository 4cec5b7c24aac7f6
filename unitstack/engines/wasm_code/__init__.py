"""Wasm binaries read and rewritten: sections, instructions, and the passes that fit a module to its host."""
