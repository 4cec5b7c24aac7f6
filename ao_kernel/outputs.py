"""What a cell shows, as values: text for a stream, something rich, help, an error."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from ao_kernel.ansi import coloured, colours_only, plain
from ao_kernel.tables import Table

Bundle = Mapping[str, object]
"""Contents by MIME type; `text/plain` is always there."""

CYAN = 36


@dataclass(frozen=True, slots=True)
class Printed:
    """Text for a stream, `stdout` or `stderr`."""

    text: str
    stream: str = "stdout"


@dataclass(frozen=True, slots=True)
class Shown:
    """Something rich: the cell's result, or shown along the way. With an id it can be updated. The prompt is what the aos
    console would show behind a result."""

    data: Bundle
    is_result: bool = False
    display_id: str | None = None
    prompt: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Updated:
    """Something rich that takes the place of all that was shown under its id."""

    data: Bundle
    display_id: str


@dataclass(frozen=True, slots=True)
class Paged:
    """Text that a front end shows beside the notebook, such as help."""

    data: Bundle


@dataclass(frozen=True, slots=True)
class Cleared:
    """What the cell has shown so far goes."""


@dataclass(frozen=True, slots=True)
class Failed:
    """The cell ends here with an error."""

    name: str
    message: str
    traceback: tuple[str, ...]


class CellFailed(Exception):
    """Ends a cell with an error that has its final form."""

    def __init__(self, failure: Failed) -> None:
        super().__init__(failure.message)
        self.failure = failure


CellOutput = Printed | Shown | Updated | Paged | Cleared | Failed
Show = Callable[[CellOutput], None]
"""Takes a cell's outputs, one by one."""

Ask = Callable[[str], Awaitable[str]]
"""Shows a prompt, and answers with the line that the person typed."""


def table_bundle(table: Table) -> Bundle:
    """A table in both of its forms."""
    return {"text/plain": table.to_plain(), "text/html": table.to_html()}


def labelled(process: str, text: str) -> str:
    """Text that another process printed, with its name before each line."""
    label = coloured(f"{plain(process)}:", CYAN)
    return "".join(f"{label} {colours_only(line)}\n" for line in text.split("\n"))
