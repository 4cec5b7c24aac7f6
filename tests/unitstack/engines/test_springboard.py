"""The native modules before and behind a module: errors jump back, and copies are clamped as JavaScript does."""

import pytest
import wasmtime

from unitstack.engines.springboard import Invoke, Signature, helper_wat, springboard_wat

I32 = Signature(("i32", "i32"), ("i32",))


def engine() -> wasmtime.Engine:
    config = wasmtime.Config()
    config.wasm_exceptions = True
    config.wasm_memory64 = True
    return wasmtime.Engine(config)


@pytest.mark.parametrize("pointer", ["i32", "i64"])
def test_a_springboard_of_any_signatures_is_valid(pointer: str) -> None:
    invokes = [
        Invoke("invoke_v", Signature((pointer,), ()), Signature(("i32",), ())),
        Invoke(
            "invoke_dji",
            Signature((pointer, "i64", "i32"), ("f64",)),
            Signature(("i32", "i64", "i32"), ("f64",)),
            by_table=True,
        ),
    ]

    board = wasmtime.Module(engine(), springboard_wat(pointer, invokes))
    assert {invoke.name for invoke in invokes} <= {each.name for each in board.exports}
    for memory in {"i32", pointer}:
        wasmtime.Module(engine(), helper_wat(pointer, memory, invokes))


def test_the_second_half_of_a_result_is_kept() -> None:
    store = wasmtime.Store(engine())
    board = wasmtime.Instance(store, wasmtime.Module(store.engine, springboard_wat("i32", [])), [])
    get, put = board.exports(store)["getTempRet0"], board.exports(store)["setTempRet0"]
    assert isinstance(get, wasmtime.Func)
    assert isinstance(put, wasmtime.Func)

    put(store, 7)

    assert get(store) == 7


@pytest.mark.parametrize(
    ("to", "source", "size", "copied"),
    [(10, 0, 4, 4), (65_534, 0, 4, 2), (10, 65_533, 9, 3), (70_000, 0, 4, 0), (0, 70_000, 4, 0)],
)
def test_a_copy_beyond_the_memory_is_cut(to: int, source: int, size: int, copied: int) -> None:
    store = wasmtime.Store(engine())
    memory = wasmtime.Memory(store, wasmtime.MemoryType(wasmtime.Limits(1, 1)))
    module = wasmtime.Module(store.engine, helper_wat("i32", "i32", []))
    copy = wasmtime.Instance(store, module, [memory]).exports(store)["copy"]
    assert isinstance(copy, wasmtime.Func)
    pattern = bytes(n % 251 for n in range(65_536))
    memory.write(store, pattern)

    copy(store, to, source, size)

    expected = bytearray(pattern)
    expected[to : to + copied] = pattern[source : source + copied]
    assert memory.read(store) == expected
