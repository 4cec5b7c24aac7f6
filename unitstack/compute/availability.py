"""What a process may read of the weave, as WeaveDrive has it: what its scheduler or an attestor of its own has vouched for, by
the time of the message that asks. Who finds and reads it is in `weave`."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from unitstack.errors import EngineError
from unitstack.units import Search
from unitstack.wire.ids import Address
from unitstack.wire.messages import Module, ModuleFormat, Process
from unitstack.wire.tags import find_all

WEAVE_DRIVE = "WeaveDrive"


class Mode(StrEnum):
    """What counts as vouched for: what was attested as a message; also single items; or a whole library."""

    ASSIGNMENTS = "Assignments"
    INDIVIDUAL = "Individual"
    LIBRARY = "Library"


@dataclass(frozen=True, slots=True)
class Terms:
    """One process's: whether it asked for the drive at all, whose word counts, for what, and what it boots from."""

    asked: bool
    mode: str
    attestors: tuple[Address, ...]
    boot: str | None


def has_drive(module: Module) -> bool:
    """Whether modules like this one are given a drive, whatever it then shows: those of that format always are."""
    return module.format is ModuleFormat.WASM64 or WEAVE_DRIVE in extensions(module)


def extensions(module: Module) -> tuple[str, ...]:
    """What the module says that it needs besides the format's own."""
    return tuple(find_all(module.item.tags, "Extension"))


def terms_of(process: Process, module: Module) -> Terms:
    """The process's own tags go before its module's; of several, the last counts."""
    own, code = process.item.tags, module.item.tags
    asked = WEAVE_DRIVE in (*find_all(code, "Extension"), *find_all(own, "Extension"))
    modes = (*find_all(code, "Availability-Type"), *find_all(own, "Availability-Type"))
    attestors = (*find_all(own, "Scheduler")[-1:], *find_all(own, "Attestor"))
    return Terms(
        asked,
        modes[-1] if modes else Mode.ASSIGNMENTS,
        tuple(Address(each) for each in attestors if each),
        next(reversed(find_all(own, "On-Boot")), None),
    )


def vouchers(terms: Terms, tx: str, height: int) -> Iterator[Search]:
    """What to look for: if any is found, the item may be read. Raises EngineError for terms that nobody can keep yet."""
    if terms.mode not in tuple(Mode):
        known = ", ".join(Mode)
        raise EngineError(f"Availability-Type is {terms.mode!r}; {known} are known")
    yield _attested(terms, height, Type="Attestation", Message=tx, Protocol="ao")
    if terms.mode == Mode.INDIVIDUAL:
        yield _attested(terms, height, Type="Available", ID=tx, Protocol=WEAVE_DRIVE)
    if terms.mode == Mode.LIBRARY:
        raise EngineError(
            f"{tx} is not attested, and Availability-Type Library is not supported yet"
        )


def _attested(terms: Terms, height: int, **tags: str) -> Search:
    named = {"Protocol": "Data-Protocol"}
    wanted = tuple((named.get(name, name), (value,)) for name, value in tags.items())
    return Search(owners=terms.attestors, tags=wanted, min_height=0, max_height=height, limit=1)
