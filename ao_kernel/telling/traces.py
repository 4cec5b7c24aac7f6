"""What one message set off, on the screen: a picture and a table, which grow while late messages land."""

import asyncio
from contextlib import aclosing

from ao_kernel.outputs import Bundle, Show, Shown, Updated
from ao_kernel.pictures import plain, sequence
from ao_kernel.pictures.deliveries import Delivery, folded
from ao_kernel.session import Session
from ao_kernel.telling.summary import RESULT, TOLD, counted, result_json, trace_table
from unitstack.wire.ids import MessageId

SHARE = 5
"""For each second that is spent on drawing, so many go by without."""

PATIENCE = 1.0
"""Seconds after which a cell that is still busy shows what it has set off so far."""


def picture_of(deliveries: tuple[Delivery, ...]) -> Bundle:
    """The sequence diagram. It has no HTML form: JupyterLab would show that in its place, and drop the drawing from it."""
    return {
        "text/plain": plain.sequence(deliveries),
        "image/svg+xml": sequence.svg(deliveries, counted(len(deliveries))),
    }


def table_of(deliveries: tuple[Delivery, ...]) -> Bundle:
    """The same as a table."""
    table = trace_table(folded(deliveries, TOLD)[0])
    return {
        "text/plain": table.to_plain(),
        "text/html": table.to_html(),
        RESULT: result_json(deliveries, (), headline=counted(len(deliveries))),
    }


class Trace:
    """Shows a message with all that it set off. Until it is closed it follows what is still to come."""

    def __init__(self, session: Session, show: Show, root: MessageId | None = None) -> None:
        self._session = session
        self._show = show
        self._root = root
        self._before = session.last_sent
        self._turn = asyncio.Lock()
        self._drawn: tuple[Delivery, ...] = ()
        self._following: asyncio.Task[None] | None = None

    def follow(self, patience: float = PATIENCE) -> None:
        """Draws what is new as it comes, once so many seconds have gone by."""
        self._following = asyncio.create_task(self._follow(patience))

    def close(self) -> None:
        """Follows no more."""
        if self._following is not None:
            self._following.cancel()

    @property
    def is_closed(self) -> bool:
        """Whether it follows nothing, or will not for long."""
        return self._following is None or self._following.cancelling() > 0 or self._following.done()

    async def draw(self) -> bool:
        """Shows what there is by now, in the place of what was shown before; answers whether there is anything."""
        self._root = self._root or self._sent()
        if self._root is None:
            return False
        # What is read while the cell runs and what is read at its end must not overtake each other.
        async with self._turn:
            deliveries = await self._session.aftermath.deliveries(self._root)
            if deliveries != self._drawn:
                self._put("picture", picture_of(deliveries))
                self._put("table", table_of(deliveries))
                self._drawn = deliveries
        return bool(deliveries)

    def _put(self, part: str, bundle: Bundle) -> None:
        place = f"ao-trace-{part}-{self._root}"
        self._show(Updated(bundle, place) if self._drawn else Shown(bundle, display_id=place))

    def _sent(self) -> MessageId | None:
        """The message that the cell has sent by now."""
        sent = self._session.last_sent
        return None if sent is None or sent is self._before else sent.message

    async def _follow(self, patience: float) -> None:
        loop = asyncio.get_running_loop()
        await asyncio.sleep(patience)
        await self.draw()
        async with aclosing(self._session.chronicle.changes()) as changes:
            async for _ in changes:
                began = loop.time()
                await self.draw()
                # A storm is drawn less often the longer that takes, so that it does not hold up what it draws.
                await asyncio.sleep(SHARE * (loop.time() - began))
