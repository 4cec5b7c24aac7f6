"""How a message and its environment reach a module: two texts that end with a zero, in its own memory."""

from unitstack.engines.direct_call import DirectCall
from unitstack.engines.guest_memory import GuestMemory
from unitstack.errors import EngineError


class OnStack:
    """On the module's stack, as emscripten's loaders put them; in the same steps, since steps cost gas."""

    def __init__(
        self,
        save: DirectCall,
        allocate: DirectCall,
        restore: DirectCall,
        stack_end: int,
        *,
        roomy: bool,
    ) -> None:
        self._roomy = roomy
        self._save, self._allocate, self._restore = save, allocate, restore
        self._stack_end = stack_end
        self._rest = 0

    def give(self, memory: GuestMemory, *texts: bytes) -> tuple[int, ...]:
        """Where the texts lie now. Raises EngineError where they would take more than half of the stack."""
        self._rest = self._save()
        size, room = sum(map(self._room, texts)), self._rest - self._stack_end
        if size > room // 2:
            raise EngineError(f"a message of {size} bytes does not fit a stack of {room} bytes")
        return tuple(self._put(memory, text + b"\0") for text in texts)

    def done(self) -> None:
        self._restore(self._rest)

    def _put(self, memory: GuestMemory, text: bytes) -> int:
        at = self._allocate(self._room(text))
        memory.put(at, text)
        return at

    def _room(self, text: bytes) -> int:
        return 2 * len(text[:-1].decode().encode("utf-16-le")) + 1 if self._roomy else len(text)


class OnHeap:
    """On the module's heap, as HyperBEAM puts them."""

    def __init__(self, allocate: DirectCall, free: DirectCall | None) -> None:
        self._allocate, self._free = allocate, free
        self._given: tuple[int, ...] = ()

    def give(self, memory: GuestMemory, *texts: bytes) -> tuple[int, ...]:
        """Where the texts lie now. Raises EngineError where the module has no memory for them."""
        self._given = tuple(self._put(memory, text + b"\0") for text in texts)
        return self._given

    def done(self) -> None:
        if self._free:
            for at in self._given:
                self._free(at)

    def _put(self, memory: GuestMemory, text: bytes) -> int:
        at = self._allocate(len(text))
        if at == 0:
            raise EngineError(f"the module has no memory for a message of {len(text)} bytes")
        memory.put(at, text)
        return at
