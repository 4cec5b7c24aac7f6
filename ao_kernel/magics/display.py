"""Commands that show something rich, or clear what was shown."""

from ao_kernel.cells import MagicCell
from ao_kernel.magics.registry import magic
from ao_kernel.outputs import Cleared, Show, Shown
from ao_kernel.session import Session


@magic("%%html", "Shows the text as HTML.")
async def _html(session: Session, cell: MagicCell, show: Show) -> None:
    show(Shown({"text/plain": text(cell), "text/html": text(cell)}))


@magic("%%markdown", "Shows the text as Markdown.")
async def _markdown(session: Session, cell: MagicCell, show: Show) -> None:
    show(Shown({"text/plain": text(cell), "text/markdown": text(cell)}))


@magic("%%svg", "Shows the text as a picture in SVG.")
async def _svg(session: Session, cell: MagicCell, show: Show) -> None:
    show(Shown({"text/plain": text(cell), "image/svg+xml": text(cell)}))


def text(cell: MagicCell) -> str:
    """What was given to a command, on its line or below it."""
    return cell.argument if cell.body is None else cell.body


@magic("%clear", "Clears what the cell has shown so far.")
async def _clear(session: Session, cell: MagicCell, show: Show) -> None:
    show(Cleared())
