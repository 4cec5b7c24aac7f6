"""A notebook on a network of its own, and its outputs as text, for tests of what moves the world."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from ao_kernel.ansi import plain
from ao_kernel.host import Host, opener
from ao_kernel.outputs import CellOutput, Failed, Paged, Printed, Shown, Updated

TICK = """Handlers.add("tick", "Tick", function(msg)
  N = (N or 0) + 1
  if N % 10 == 0 then print("tick " .. N) end
end)"""
CLOCK = "%spawn clock Cron-Interval=1-hour Cron-Tag-Action=Tick"


def text_of(output: CellOutput) -> str:
    match output:
        case Printed(text=text):
            return plain(text)
        case Shown(data=data) | Updated(data=data) | Paged(data=data):
            return plain(f"{data['text/plain']}\n")
        case Failed(traceback=lines):
            return plain("\n".join(lines)) + "\n"
        case _:
            return ""


class Notebook:
    """Runs cells; answers with what they show, live output included, as one text."""

    def __init__(self, host: Host) -> None:
        self.host = host
        self.shown: list[CellOutput] = []
        host.open(self.shown.append)

    async def run(self, code: str) -> str:
        self.shown.clear()
        await self.host.run(code, self.shown.append)
        return "".join(map(text_of, self.shown))


@asynccontextmanager
async def a_notebook(
    data: Path, home: Path | None = None, seed: str | None = "1", engine: str = "lua"
) -> AsyncIterator[Notebook]:
    notebook = Notebook(Host(opener(data, home, seed)))
    await notebook.run(f"%engine {engine}")
    try:
        yield notebook
    finally:
        await notebook.host.close()
