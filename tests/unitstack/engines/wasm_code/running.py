"""Runs small modules that tests write as WAT, after a pass has rewritten them."""

import wasmtime

Value = int | float


def assembled(wat: str) -> bytes:
    return bytes(wasmtime.wat2wasm(wat))


def instance(module: bytes) -> tuple[wasmtime.Store, wasmtime.Instance]:
    """Raises wasmtime's error for a module that is not valid."""
    config = wasmtime.Config()
    config.wasm_exceptions = True
    config.wasm_memory64 = True
    engine = wasmtime.Engine(config)
    store = wasmtime.Store(engine)
    return store, wasmtime.Instance(store, wasmtime.Module(engine, module), [])


def call(module: bytes, name: str, *arguments: Value) -> Value:
    store, alive = instance(module)
    function = alive.exports(store)[name]
    assert isinstance(function, wasmtime.Func)
    result: Value = function(store, *arguments)
    return result
