"""Calls of a wasm function by the shortest way that wasmtime's C interface has. `wasmtime.Func` looks the types up at
each call, which costs more than a small message does; this reaches below its public face, and so wasmtime is pinned."""

import ctypes

import wasmtime
from wasmtime import _bindings as ffi
from wasmtime._func import enter_wasm

MASKS = {"i32": 0xFFFF_FFFF, "i64": 0xFFFF_FFFF_FFFF_FFFF}


class DirectCall:
    """One function of integers that answers with one integer (unsigned) or none. Not for two threads at a time."""

    def __init__(self, store: wasmtime.Store, function: wasmtime.Func) -> None:
        shape = function.type(store)
        parameters, results = list(map(str, shape.params)), list(map(str, shape.results))
        self._store = store
        self._function = function
        self._fields = tuple(parameters)
        self._result = results[0] if results else ""
        self._values = (ffi.wasmtime_val_raw_t * max(1, len(parameters)))()

    def __call__(self, *arguments: int) -> int:
        """Raises wasmtime.Trap, or what a host function raised."""
        values = self._values
        for value, field, argument in zip(values, self._fields, arguments, strict=False):
            setattr(value, field, argument)
        with enter_wasm(self._store) as trap:
            error = ffi.wasmtime_func_call_unchecked(
                self._store._context(),  # noqa: SLF001 - the C interface takes the store's own pointers
                ctypes.byref(self._function._func),  # noqa: SLF001 - and the function's
                values,
                len(values),
                trap,
            )
            if error:  # type: ignore[truthy-bool]  # a null pointer is false
                raise wasmtime.WasmtimeError._from_ptr(error)  # noqa: SLF001 - as wasmtime.Func does
        if not self._result:
            return 0
        answer: int = getattr(values[0], self._result)
        return answer & MASKS[self._result]
