"""The names that a process has, kept for completion and hints; looked at again when cells may have changed them."""

import asyncio
from collections.abc import Awaitable, Callable

from ao_kernel.completion import NAMES_SOURCE, parse_names
from ao_kernel.language.help import static_names
from ao_kernel.rendering import text_of
from unitstack.errors import AoError
from unitstack.program.tokens import Kind, tokens_of
from unitstack.wire.results import EvalResult

LOOK_AFTER = 0.03
"""Seconds of rest before a look in the background, so that cells that follow one another are not slowed down."""

DryRun = Callable[[str], Awaitable[EvalResult]]


class Names:
    """What a process has, as of the last look at it; and what cells have named since."""

    def __init__(self, dry_run: DryRun) -> None:
        self._dry_run = dry_run
        self._is_fresh = False
        self._looking: asyncio.Task[None] | None = None
        self._typed: set[str] = set()
        self.kinds = static_names()
        self.handlers: tuple[str, ...] = ()

    @property
    def actions(self) -> tuple[str, ...]:
        """What handlers are called by: as a rule the Action that they match."""
        own = (name[:1].upper() + name[1:] for name in self.handlers if not name.startswith("_"))
        return tuple(own)

    @property
    def offered(self) -> dict[str, str]:
        """Every name with its kind."""
        return {**dict.fromkeys(self._typed, "instance"), **self.kinds}

    def before(self, source: str) -> None:
        """A cell is about to be evaluated: nothing else may be asked meanwhile, and its names may come to be."""
        if self._looking is not None:
            self._looking.cancel()
        self._is_fresh = False
        self._typed |= {token.text for token in tokens_of(source) if token.kind is Kind.NAME}

    def after(self) -> None:
        """A cell was evaluated: its names are looked at as soon as there is rest."""
        self._looking = asyncio.create_task(self._look_later())

    async def _look_later(self) -> None:
        await asyncio.sleep(LOOK_AFTER)
        await self.look()

    async def look(self) -> None:
        """Makes the names those that the process has now."""
        if self._is_fresh:
            return
        try:
            result = await self._dry_run(NAMES_SOURCE)
        except AoError:
            # Stopped, or a unit is away: what was known before is better than no completion.
            return
        if result.error is None:
            self.kinds, self.handlers = parse_names(text_of(result.output.data))
            self._typed.clear()
        self._is_fresh = True

    def close(self) -> None:
        """Looks no more."""
        if self._looking is not None:
            self._looking.cancel()
