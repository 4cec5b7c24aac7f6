"""What could follow a command: processes, files, names of all kinds, and the options that its usage lists."""

import re
from itertools import islice
from pathlib import Path

from ao_kernel.language.help import topics
from ao_kernel.magics.registry import MAGICS
from ao_kernel.networks.local import LocalNetwork
from ao_kernel.session import Session
from ao_kernel.teaching.expectations import Subject
from unitstack.runtime.sources import blueprints

ENOUGH = 200
OPTION = re.compile(r"(?<![\w-])(?:[a-z]{2,}=|[a-z]{2,}(?![\w=-]))")
OF_PROCESSES = re.compile(r"NAME|PROCESS")
MAKES_A_NAME = frozenset(("spawn", "snapshot", "blueprint", "help", "restore", "check"))


def arguments_of(session: Session, name: str, typed: str = "") -> tuple[str, ...]:
    """What could follow a command, of which something may be typed already."""
    if name == "load":
        return files_at(typed)
    own = _special(session, name)
    return own if own is not None else _by_usage(session, name)


def _special(session: Session, name: str) -> tuple[str, ...] | None:
    match name:
        case "blueprint":
            return blueprints()
        case "help":
            return (*topics(), *(f"%{known}" for known in MAGICS))
        case "check":
            return tuple(session.lessons.given)
        case "expect":
            return tuple(f"{subject}:" for subject in Subject)
        case "restore" if isinstance(session.network, LocalNetwork):
            return tuple(each.name for each in session.network.stack.world.snapshots())
        case _:
            return None


def _by_usage(session: Session, name: str) -> tuple[str, ...]:
    known = MAGICS.get(name)
    usage = known.usage.partition(" ")[2] if known is not None else ""
    takes_process = (OF_PROCESSES.search(usage) and name not in MAKES_A_NAME) or name in (
        "use",
        "on",
    )
    processes = session.world.names if takes_process else ()
    return (*dict.fromkeys(OPTION.findall(usage)), *processes)


def files_at(typed: str) -> tuple[str, ...]:
    """The Lua files and the folders that a path could become."""
    folder = typed.rpartition("/")[0]
    base = Path(folder or ("/" if typed.startswith("/") else "."))
    if not base.is_dir():
        return ()
    shown = [path for path in islice(base.iterdir(), 10 * ENOUGH) if not path.name.startswith(".")]
    found = [f"{path}/" if path.is_dir() else str(path) for path in shown]
    return tuple(sorted(name for name in found if name.endswith(("/", ".lua"))))[:ENOUGH]
