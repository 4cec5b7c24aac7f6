"""Wasm modules written by hand: as much of ao's contract as a test needs."""

import wasmtime

MEMORY = '(memory (export "memory") 2)'
MALLOC = """(global $top (mut i32) (i32.const 4096))
  (func (export "malloc") (param $size i32) (result i32)
    (global.get $top) (global.set $top (i32.add (global.get $top) (local.get $size))))"""
ANSWER = '{"ok":true,"response":{"Output":"done","Messages":[],"Spawns":[],"Assignments":[]}}'


def text(answer: str = ANSWER) -> str:
    """Data at address 1024 that ends with a zero."""
    return f'(data (i32.const 1024) "{escaped(answer)}\\00")'


def escaped(answer: str) -> str:
    return answer.replace('"', '\\"')


def module(
    handle: str = "i32.const 1024", *, before: str = "", rest: str = "", memory: str = MEMORY
) -> bytes:
    """A module whose `handle` is that body; it takes texts on its heap, as HyperBEAM's modules do."""
    wat = f"""(module {before} {memory} {MALLOC} {rest}
      (func (export "handle") (param i32 i32) (result i32) {handle}))"""
    return bytes(wasmtime.wat2wasm(wat))
