"""Who of many has a process: the rule by which ao's routers choose."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from unitstack.errors import Refused

T_co = TypeVar("T_co", covariant=True)

OwnerOf = Callable[[str], Awaitable[str]]

_MASK = 0xFFFFFFFF


async def no_owner(process: str) -> str:
    """Where no one knows who owns a process."""
    return ""


@dataclass(frozen=True, slots=True)
class Choice(Generic[T_co]):
    """Many that are alike, and those of them that some processes, or the processes of some owners, are kept to."""

    many: tuple[T_co, ...]
    processes: Mapping[str, T_co] = field(default_factory=dict)
    owners: Mapping[str, T_co] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.many:
            raise Refused("there is no unit to choose: at least one is needed")

    def of(self, process: str, owner: str = "") -> tuple[T_co, ...]:
        """Whom to ask, the next where the one before does not answer. What is kept to one is kept to it also then."""
        kept = self.processes.get(process, self.owners.get(owner))
        if kept is not None:
            return (kept,)
        first = cyrb53(process) % len(self.many)
        return self.many[first:] + self.many[:first]


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
