"""What a message spends, counted in one of three ways: by wasmtime's fuel, by the counter that metering puts into a module,
or not at all, as the reference does for the formats that it does not meter."""

from typing import Protocol

import wasmtime

from unitstack.engines import held

MOST = (1 << 63) - 1


class Gas(Protocol):
    """One machine's counter."""

    def fill(self, limit: int) -> None:
        """That much may be spent from now on."""

    def left(self) -> int:
        """How much of it is; below zero where it was overdrawn."""


class Fuel:
    """Wasmtime's own: about one unit an instruction."""

    def __init__(self, store: wasmtime.Store) -> None:
        self._store = store

    def fill(self, limit: int) -> None:
        held.set_fuel(self._store, min(limit, MOST))

    def left(self) -> int:
        return held.get_fuel(self._store)


class Counter:
    """A global of the module's, at the reference's prices."""

    def __init__(self, store: wasmtime.Store, counter: wasmtime.Global) -> None:
        self._store = store
        self._counter = counter

    def fill(self, limit: int) -> None:
        self._counter.set_value(self._store, min(limit, MOST))

    def left(self) -> int:
        value = self._counter.value(self._store)
        assert isinstance(value, int)
        return value


class Unmetered:
    """Nothing is counted."""

    def __init__(self) -> None:
        self._limit = 0

    def fill(self, limit: int) -> None:
        self._limit = limit

    def left(self) -> int:
        return self._limit
