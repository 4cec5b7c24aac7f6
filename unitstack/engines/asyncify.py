"""How a module that was instrumented with asyncify waits for its host: it unwinds its stack into a buffer of its own heap,
leaves, and is called again to rewind. Here nothing has to be waited for, but what the module's memory is afterwards depends
on these steps, and it must be as in the reference loader."""

import struct
from collections.abc import Callable
from enum import Enum, auto

from unitstack.engines.direct_call import DirectCall

STACK_SIZE = 40 * 1024 * 1024


class State(Enum):
    """What the module's stack is doing."""

    NORMAL = auto()
    UNWINDING = auto()
    REWINDING = auto()


class Asyncify:
    """One machine's waits, one at a time."""

    def __init__(
        self, find: Callable[[str], DirectCall], put: Callable[[int, bytes], None], *, wide: bool
    ) -> None:
        self._malloc, self._free = find("malloc"), find("free")
        self._start_unwind = find("asyncify_start_unwind")
        self._stop_unwind = find("asyncify_stop_unwind")
        self._start_rewind = find("asyncify_start_rewind")
        self._stop_rewind = find("asyncify_stop_rewind")
        self._put = put
        self._form, self._header = ("<QQ", 24) if wide else ("<II", 12)
        self._state = State.NORMAL
        self._data = 0
        self._answer: Callable[[], int] = int
        self._found = 0

    def wait(self, answer: Callable[[], int]) -> int:
        """What an asynchronous import does: at first it makes the module unwind, and once rewound it answers."""
        if self._state is State.REWINDING:
            self._state = State.NORMAL
            self._stop_rewind()
            self._free(self._data)
            return self._found
        self._answer = answer
        self._data = self._malloc(self._header + STACK_SIZE)
        first = self._data + self._header
        self._put(
            self._data, struct.pack(self._form, first, first + STACK_SIZE) + struct.pack("<i", 0)
        )
        self._state = State.UNWINDING
        self._start_unwind(self._data)
        return 0

    def finish(self, answer: int, again: Callable[[], int]) -> int:
        """Calls the module again for as long as it left to wait, and gives the answer of the last call. What was waited
        for is found out in between, when the module's memory may be used."""
        while self._state is State.UNWINDING:
            self._stop_unwind()
            self._found = self._answer()
            self._state = State.REWINDING
            self._start_rewind(self._data)
            answer = again()
        return answer
