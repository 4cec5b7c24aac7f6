"""Notebooks that end in a mistake: `errors/*.lua`, their cells divided by a line `-- next cell`, and beside each what its
last cell shows. `python -m tests.ao_kernel.error_cells` writes those texts anew, to be read before they are kept."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, chdir
from pathlib import Path
from tempfile import TemporaryDirectory

from ao_kernel.ansi import plain
from ao_kernel.host import Host, opener
from ao_kernel.outputs import CellOutput, Failed, Printed, Shown

FOLDER = Path(__file__).parent / "errors"
FILES = FOLDER / "files"
NOTEBOOKS = sorted(path.stem for path in FOLDER.glob("*.lua"))
DIVISION = "\n-- next cell\n"


def shown(outputs: list[CellOutput]) -> str:
    """Outputs as a reader sees them."""
    texts = []
    for output in outputs:
        match output:
            case Printed(text=text):
                texts.append(text.removesuffix("\n"))
            case Shown(data=data):
                texts.append(str(data["text/plain"]))
            case Failed(traceback=lines):
                texts.append("\n".join(lines))
            case _:
                texts.append(repr(output))
    return plain("\n".join(texts)) + "\n"


async def last_shown(host: Host, name: str, engine: str = "wasm") -> str:
    """What the last cell of a notebook shows, in a process that has run no other."""
    session = await host.session()
    session.network.engine, session.settings.summary = engine, False
    for process in session.world.names:
        session.world.forget(process)
    await session.spawn("alice")
    outputs: list[CellOutput] = []
    cells = (FOLDER / f"{name}.lua").read_text().removesuffix("\n").split(DIVISION)
    with chdir(FILES):
        for number, cell in enumerate(cells, 1):
            outputs.clear()
            await host.run(cell, outputs.append, number)
    return shown(outputs)


@asynccontextmanager
async def opened() -> AsyncIterator[Host]:
    """A host whose session is on a network of its own."""
    with TemporaryDirectory() as data:
        host = Host(opener(Path(data), None))
        host.open(lambda output: None)
        try:
            yield host
        finally:
            await host.close()


async def main() -> None:
    async with opened() as host:
        for name in NOTEBOOKS:
            text = await last_shown(host, name)
            (FOLDER / f"{name}.txt").write_text(text)


if __name__ == "__main__":
    asyncio.run(main())
