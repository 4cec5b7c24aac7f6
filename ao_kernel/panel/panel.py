"""One panel's conversation: it is told what is new, as soon as it has shown what it was told before."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from ao_kernel.chronicle import Chronicle
from ao_kernel.panel.acting import answer
from ao_kernel.panel.messages import Ask, FromKernel, FromPanel, Inbox, News, Opening
from ao_kernel.panel.reading import Reading
from ao_kernel.session import Session
from unitstack.errors import AoError, Interrupted
from unitstack.wire.ids import ProcessId

AHEAD = 20
"""Pieces of news that a panel may not have shown yet. One that has gone without a word is told no more than that."""

PULSE = 0.5
"""Seconds between two looks at what tells nobody that it has changed, such as which process cells go to."""

PACE = 0.08

GRACE = 0.03
"""Seconds that an inbox is waited for, so that it comes along with what else is new."""

Say = Callable[[FromKernel], None]
Pace = Callable[[], Awaitable[None]]
"""Returns when it is time for the next piece of news."""


async def ten_times_a_second() -> None:
    """As often as a person sees, counting the time that it takes to find what is new."""
    await asyncio.sleep(PACE)


class Panel:
    """Tells a panel what is new in a session, and does what it asks."""

    def __init__(
        self, session: Session, opening: Opening, say: Say, pace: Pace = ten_times_a_second
    ) -> None:
        self._session = session
        self._say = say
        self._pace = pace
        self._reading = Reading(session)
        self._looked = (opening["process"], opening["letters"])
        self._inbox: Inbox | None = None
        self._changed: set[ProcessId] = set()
        self._is_whole = True
        self._wants_inbox = True
        self._number = self._seen = 0
        self._bell = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        self._asking: asyncio.Task[None] | None = None

    async def run(self) -> None:
        """Tells what is new until it is cancelled."""
        try:
            await self._follow()
        finally:
            for task in self._tasks:
                task.cancel()

    def hear(self, message: FromPanel) -> None:
        """Takes what the panel says; nothing is waited for."""
        match message["kind"]:
            case "seen":
                self._seen = message["number"]
            case "whole":
                self._seen, self._is_whole = self._number, True
            case "look":
                self._looked = (message["process"], message["letters"])
                self._wants_inbox = True
            case _:
                self._begin(self._answer(message))
        self._bell.set()

    async def _answer(self, ask: Ask) -> None:
        self._say(await answer(self._session, ask))

    def _begin(self, work: Awaitable[None]) -> asyncio.Task[None]:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _follow(self) -> None:
        """Tells of one network after the other, as the session goes from one to the next."""
        while True:
            chronicle = self._session.chronicle
            self._reading, self._is_whole = Reading(self._session), True
            watching = self._begin(self._watch(chronicle))
            while self._session.chronicle is chronicle:
                if self._number - self._seen < AHEAD:
                    await self._tell()
                await self._pace()
                await self._rest()
            watching.cancel()

    async def _watch(self, chronicle: Chronicle) -> None:
        async for changed in chronicle.changes():
            self._changed |= changed
            self._wants_inbox |= self._looked[0] in changed
            self._bell.set()

    async def _rest(self) -> None:
        try:
            await asyncio.wait_for(self._bell.wait(), PULSE)
        except TimeoutError:
            return
        self._bell.clear()

    async def _tell(self) -> None:
        await self._read_inbox()
        try:
            news = await self._news()
        except AoError:
            # A unit elsewhere is away. What was told last still stands; all is told anew when it is back.
            self._is_whole = True
            return
        if news["whole"] or any(news[part] for part in ("session", "processes", "traces", "inbox")):
            self._number = news["number"] = self._number + 1
            self._say(news)

    async def _news(self) -> News:
        if await self._reading.is_outdated(self._changed):
            self._reading, self._is_whole = Reading(self._session), True
        whole, self._is_whole = self._is_whole, False
        if whole:
            self._reading.forget()
        changed = self._changed | (await self._reading.everything() if whole else frozenset())
        self._changed = set()
        traces = await self._reading.traces(changed)
        news: News = {
            "kind": "news",
            "number": 0,
            "whole": whole,
            "session": await self._reading.session(),
            "processes": await self._reading.processes(changed),
            "traces": self._reading.all_traces if whole else traces,
            "inbox": self._inbox,
        }
        self._inbox = None
        return news

    async def _read_inbox(self) -> None:
        """An inbox is read aside: its process may be busy, and the others' news does not wait for that."""
        if self._wants_inbox and (self._asking is None or self._asking.done()):
            self._wants_inbox = False
            self._asking = self._begin(self._ask_inbox(*self._looked))
            await asyncio.wait({self._asking}, timeout=GRACE)

    async def _ask_inbox(self, process: str, letters: int) -> None:
        if not process:
            return
        try:
            self._inbox = await self._reading.inbox(process, letters)
        except Interrupted:
            # Stop ended the look along with the cell.
            self._wants_inbox = True
        self._bell.set()


def heard(data: Any) -> FromPanel:
    """A message of the panel's, as it came. Its two sides are built together, so its form is not looked at again."""
    message: FromPanel = data
    return message
