"""Calls of wasmtime's that take less time than to let other threads run. ctypes gives the interpreter away for each, and who
gives it away fifteen times a message waits as often for whatever else computes; these keep it. None of them runs what a
module brought along: that must be stopped from another thread."""

import ctypes

import wasmtime
from wasmtime import _bindings as ffi
from wasmtime._ffi import dll

_held = ctypes.PyDLL(dll._name)  # noqa: SLF001 - the library that wasmtime loaded, under another way to call it
_Context = ctypes.POINTER(ffi.wasmtime_context_t)
_Memory = ctypes.POINTER(ffi.wasmtime_memory_t)

_set_fuel = _held.wasmtime_context_set_fuel
_set_fuel.argtypes, _set_fuel.restype = [_Context, ctypes.c_uint64], ctypes.c_void_p
_get_fuel = _held.wasmtime_context_get_fuel
_get_fuel.argtypes = [_Context, ctypes.POINTER(ctypes.c_uint64)]
_get_fuel.restype = ctypes.c_void_p
_set_deadline = _held.wasmtime_context_set_epoch_deadline
_set_deadline.argtypes, _set_deadline.restype = [_Context, ctypes.c_uint64], None
_data = _held.wasmtime_memory_data
_data.argtypes, _data.restype = [_Context, _Memory], ctypes.c_size_t
_data_size = _held.wasmtime_memory_data_size
_data_size.argtypes, _data_size.restype = [_Context, _Memory], ctypes.c_size_t

_get_global = _held.wasmtime_global_get
_get_global.argtypes = [
    _Context,
    ctypes.POINTER(ffi.wasmtime_global_t),
    ctypes.POINTER(ffi.wasmtime_val_t),
]
_get_global.restype = None
# By the number that wasmtime has for each kind.
_FIELDS = ("i32", "i64", "f32", "f64")


def set_fuel(store: wasmtime.Store, fuel: int) -> None:
    """What may be burnt from now on; the store must count fuel."""
    error = _set_fuel(store._context(), fuel)  # noqa: SLF001 - the C interface takes the store's own pointers
    assert not error, "the store counts no fuel"


def get_fuel(store: wasmtime.Store) -> int:
    """What is left of it."""
    left = ctypes.c_uint64()
    error = _get_fuel(store._context(), ctypes.byref(left))  # noqa: SLF001 - as above
    assert not error, "the store counts no fuel"
    return left.value


def set_deadline(store: wasmtime.Store, ticks: int) -> None:
    """How many epochs from now what runs is ended."""
    _set_deadline(store._context(), ticks)  # noqa: SLF001 - as above


def place(store: wasmtime.Store, memory: wasmtime.Memory) -> tuple[int, int]:
    """The memory's address, and how many bytes it has."""
    context, pointer = store._context(), ctypes.byref(memory._memory)  # noqa: SLF001 - as above
    return _data(context, pointer), _data_size(context, pointer)


def value_of(store: wasmtime.Store, found: wasmtime.Global) -> int | float:
    """What a global of numbers holds."""
    value = ffi.wasmtime_val_t()
    _get_global(store._context(), ctypes.byref(found._global), ctypes.byref(value))  # noqa: SLF001 - as above
    number: int | float = getattr(value.of, _FIELDS[value.kind])  # type: ignore[call-overload]  # a field is a plain number
    return number
