"""Commands whose options are the fields of a value, so that what was chosen stays one thing."""

import inspect
from collections.abc import Callable
from typing import Any, TypeVar, get_type_hints

from rich.markup import escape

T = TypeVar("T")


def command_of(options: type[T], run: Callable[[T], None]) -> Callable[..., None]:
    """A function that Typer can read: each field is an option, the docstring is the help."""

    def command(**chosen: Any) -> None:  # Typer calls it by the signature below
        run(options(**chosen))

    command.__doc__ = options.__doc__
    command.__annotations__ = get_type_hints(options, include_extras=True)
    vars(command)["__signature__"] = inspect.signature(options)
    return command


def help_of(described: object) -> str:
    """What its docstring says: the first sentence by itself, as lists of commands show it, then the rest."""
    first, _, rest = escape(" ".join((inspect.getdoc(described) or "").split())).partition(". ")
    return f"{first.removesuffix('.')}.\n\n{rest}".strip()
