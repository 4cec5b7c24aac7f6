"""Calls of a wasm function by the shortest way that wasmtime's C interface has. `wasmtime.Func` looks the types up at
each call, which costs more than a small message does; this reaches below its public face, and so wasmtime is pinned."""

import ctypes

import wasmtime
from wasmtime import _bindings as ffi
from wasmtime import _func

MASKS = {"": 0, "i32": 0xFFFF_FFFF, "i64": 0xFFFF_FFFF_FFFF_FFFF}
# A value takes the room of the widest kind, of which there are two words.
WORDS = 2


class DirectCall:
    """One function of integers that answers with one integer (unsigned) or none. Not for two threads at a time."""

    def __init__(self, store: wasmtime.Store, function: wasmtime.Func) -> None:
        shape = function.type(store)
        parameters, results = list(map(str, shape.params)), list(map(str, shape.results))
        self._store = store
        # Keeps alive what the pointer below points at.
        self._kept = function
        self._function = ctypes.byref(function._func)  # noqa: SLF001 - the C interface takes the function's own pointer
        self._masks = [MASKS[each] for each in parameters]
        self._mask = MASKS[results[0] if results else ""]
        self._words = (ctypes.c_uint64 * (WORDS * max(1, len(parameters))))()
        self._values = ctypes.cast(self._words, ctypes.POINTER(ffi.wasmtime_val_raw_t))
        self._count = len(self._words) // WORDS
        self._reset()

    def __call__(self, *arguments: int) -> int:
        """Raises wasmtime.Trap, or WasmtimeError where a host function raised something."""
        words, at = self._words, 0
        for mask, argument in zip(self._masks, arguments, strict=False):
            words[at] = argument & mask
            at += WORDS
        error = ffi.wasmtime_func_call_unchecked(
            self._store._context(),  # noqa: SLF001 - and the store's
            self._function,
            self._values,
            self._count,
            self._trap_place,
        )
        if error or self._trap:  # type: ignore[truthy-bool]  # a null pointer is false
            self._fail(error)
        return words[0] & self._mask

    def _reset(self) -> None:
        self._trap = ctypes.POINTER(ffi.wasm_trap_t)()
        self._trap_place = ctypes.byref(self._trap)

    def _fail(self, error: "ctypes._Pointer[ffi.wasmtime_error_t]") -> None:
        trap = self._trap
        self._reset()
        # One for all threads: another machine's trap would be told as this exception. Hosts keep their own.
        _func.LAST_EXCEPTION = None
        if error:  # type: ignore[truthy-bool]  # as above
            raise wasmtime.WasmtimeError._from_ptr(error)  # noqa: SLF001 - as wasmtime.Func does
        raise wasmtime.Trap._from_ptr(trap)  # noqa: SLF001 - as above
