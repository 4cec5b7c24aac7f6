"""Who of many has a process: the rule by which ao's routers choose."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from unitstack.errors import Refused

T_co = TypeVar("T_co", covariant=True)

_MASK = 0xFFFFFFFF


@dataclass(frozen=True, slots=True)
class Origin:
    """Whose a process is, and the module of the process that spawned it; empty where that is not known."""

    owner: str = ""
    from_module: str = ""


OriginOf = Callable[[str], Awaitable[Origin]]
UNKNOWN = Origin()


async def no_origin(process: str) -> Origin:
    """Where no one knows where a process comes from."""
    return UNKNOWN


@dataclass(frozen=True, slots=True)
class Choice(Generic[T_co]):
    """Many that are alike, and those of them that some processes are kept to, or all those of some owners, or all those
    that processes of some modules spawned: the first of these that says of a process decides."""

    many: tuple[T_co, ...]
    processes: Mapping[str, T_co] = field(default_factory=dict)
    owners: Mapping[str, T_co] = field(default_factory=dict)
    from_modules: Mapping[str, T_co] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.many:
            raise Refused("there is no unit to choose: at least one is needed")

    def needs_origin(self, process: str) -> bool:
        """Whether it depends on where the process comes from."""
        return process not in self.processes and bool(self.owners or self.from_modules)

    def of(self, process: str, origin: Origin = UNKNOWN) -> tuple[T_co, ...]:
        """Whom to ask, the next where the one before does not answer. What is kept to one is kept to it also then."""
        for kept, key in (
            (self.processes, process),
            (self.owners, origin.owner),
            (self.from_modules, origin.from_module),
        ):
            if key and key in kept:
                return (kept[key],)
        first = cyrb53(process) % len(self.many)
        return self.many[first:] + self.many[:first]


async def order_of(choice: Choice[T_co], process: str, origin_of: OriginOf) -> tuple[T_co, ...]:
    """Whom to ask about the process; where it comes from is only asked if it matters."""
    origin = await origin_of(process) if choice.needs_origin(process) else UNKNOWN
    return choice.of(process, origin)


def cyrb53(text: str, seed: int = 0) -> int:
    """The hash by which all routers of the field choose alike; of UTF-16, as JavaScript counts characters."""
    a, b = 0xDEADBEEF ^ seed, 0x41C6CE57 ^ seed
    raw = text.encode("utf-16-le", "surrogatepass")
    for at in range(0, len(raw), 2):
        unit = raw[at] | raw[at + 1] << 8
        a = (a ^ unit) * 2654435761 & _MASK
        b = (b ^ unit) * 1597334677 & _MASK
    a = _mixed(a, b)
    b = _mixed(b, a)
    return 4294967296 * (b & 2097151) + a


def _mixed(a: int, b: int) -> int:
    a = (a ^ a >> 16) * 2246822507 & _MASK
    return a ^ (b ^ b >> 13) * 3266489909 & _MASK
