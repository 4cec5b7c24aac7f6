"""Commands that evaluate Lua from elsewhere, or otherwise than a cell does: dry runs, files, blueprints."""

from pathlib import Path

from ao_kernel.cells import MagicCell
from ao_kernel.errors.hints import did_you_mean
from ao_kernel.magics.registry import magic, refused, wanted
from ao_kernel.outputs import Printed, Show
from ao_kernel.rendering import cell_lines
from ao_kernel.session import Session
from unitstack.errors import Refused
from unitstack.program.bundle import bundle
from unitstack.program.files import reader
from unitstack.runtime.sources import blueprint, blueprints


@magic(
    "%dryrun [LUA]",
    "Evaluates Lua without leaving a trace; %%dryrun does so with a whole cell. Alone it turns dry runs of all cells on or off.",
)
async def _dryrun(session: Session, cell: MagicCell, show: Show) -> None:
    source = cell.argument if cell.body is None else cell.body
    if cell.body is not None and not cell.body.strip():
        raise refused("%%dryrun wants Lua below it", cell, "`%dryrun LUA` is for one line")
    if not source.strip():
        session.settings.dry = not session.settings.dry
        state = (
            "on: cells are evaluated, and nothing is kept"
            if session.settings.dry
            else "off: cells count again"
        )
        show(Printed(f"dry runs are {state}\n"))
        return
    line = cell.line if cell.body is None else cell.line + 1
    await session.rehearse(session.source(source, cell_lines(line)), show)


@magic("%load FILE.lua", "Sends a file with every file that it requires, as one message.")
async def _load(session: Session, cell: MagicCell, show: Show) -> None:
    path = Path(wanted(cell, "a file").strip("\"'"))
    if path.suffix != ".lua":
        raise refused(
            f"{cell.called} wants a .lua file, {path.name} is none", cell, "use: %load FILE.lua"
        )
    try:
        bundled = bundle(path.name, reader(path.parent))
    except FileNotFoundError:
        raise refused(
            f"there is no file {path}",
            cell,
            f"paths start at {Path.cwd().name}, the folder of the notebook",
        ) from None
    except Refused as error:
        raise refused(str(error), cell, "Lua files are text in UTF-8") from None
    source = session.source(bundled.source, lambda line: "{}:{}".format(*bundled.place(line)))
    await session.evaluate(source, show)
    files = sorted({part.file for part in bundled.parts})
    show(Printed(f"loaded {', '.join(files)}\n"))


@magic("%blueprint NAME", "Sends a ready-made program of ao's, such as token or chatroom.")
async def _blueprint(session: Session, cell: MagicCell, show: Show) -> None:
    name = wanted(cell, f"a name, one of {', '.join(blueprints())}")
    if name not in blueprints():
        near = did_you_mean(name, blueprints())
        hint = f"did you mean {near}?" if near else f"there are {', '.join(blueprints())}"
        raise refused(f"there is no blueprint {name}", cell, hint)
    await session.evaluate(session.source(blueprint(name), cell_lines(1)), show)
    show(Printed(f"loaded blueprint {name}\n"))
