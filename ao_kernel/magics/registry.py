"""How a %command is registered, carried out, and refused."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from ao_kernel.cells import MagicCell
from ao_kernel.errors.hints import did_you_mean
from ao_kernel.language.help import Topic
from ao_kernel.outputs import CellFailed, Failed, Show
from ao_kernel.session import Session

Action = Callable[[Session, MagicCell, Show], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Magic:
    """A command: how it is used, what it does."""

    name: str
    usage: str
    text: str
    action: Action

    @property
    def topic(self) -> Topic:
        return Topic(self.usage.split(maxsplit=1)[0], self.usage, self.text)


MAGICS: dict[str, Magic] = {}


def magic(usage: str, text: str, called: str = "") -> Callable[[Action], Action]:
    """Registers a function as the command that its usage names; one of `%` and `%%` with the same name is called
    otherwise."""

    def register(action: Action) -> Action:
        name = called or usage.split(maxsplit=1)[0].lstrip("%")
        MAGICS[name] = Magic(name, usage, text, action)
        return action

    return register


async def perform(session: Session, cell: MagicCell, show: Show) -> None:
    """Carries a command out. Raises CellFailed for one that does not exist or is used wrongly."""
    known = MAGICS.get(cell.name)
    if known is None:
        near = did_you_mean(cell.name, MAGICS)
        raise refused(
            f"there is no magic {cell.called}",
            cell,
            f"did you mean %{near}?" if near else "`%help` lists the magics",
        )
    if cell.argument and takes_nothing(known):
        raise refused(f"{cell.called} takes nothing behind it", cell, f"use: {known.usage}")
    await known.action(session, cell, show)


def takes_nothing(known: Magic) -> bool:
    """Whether a command has nothing behind its name; one with a body takes that on its line, too."""
    return " " not in known.usage and not known.usage.startswith("%%")


def refused(message: str, cell: MagicCell, hint: str) -> CellFailed:
    """The error of a command that cannot be carried out."""
    typed = cell.typed or f"%{cell.name} {cell.argument}".rstrip()
    caret = "^" * len(cell.called)
    quoted = (f"{cell.line:>3} | {typed}", f"      {caret}")
    return CellFailed(
        Failed("MagicError", message, (f"MagicError: {message}", *quoted, f"hint: {hint}"))
    )


def wanted(cell: MagicCell, what: str) -> str:
    """The command's argument. Raises CellFailed where it is missing."""
    if not cell.argument:
        raise refused(f"{cell.called} wants {what}", cell, f"use: {MAGICS[cell.name].usage}")
    return cell.argument


def number(cell: MagicCell, otherwise: int) -> int:
    """The command's argument as a count."""
    if cell.argument and not cell.argument.isdecimal():
        raise refused(
            f"{cell.called} wants a number, not {cell.argument!r}",
            cell,
            f"use: {MAGICS[cell.name].usage}",
        )
    return int(cell.argument) if cell.argument else otherwise
