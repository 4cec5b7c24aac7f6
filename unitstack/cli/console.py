"""`ao lua`: a fresh process of the bundled environment, in memory, and lines of Lua that it evaluates."""

import asyncio
import contextlib
import json
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Annotated

import typer

from unitstack.cli.ctrl_c import CtrlC
from unitstack.cli.progress import waiting
from unitstack.cli.typed import HELP, source_of, typed
from unitstack.client.process import Process
from unitstack.errors import AoError, Interrupted
from unitstack.stack import EngineName, Stack, StackSettings, open_stack
from unitstack.units import Cascade
from unitstack.wire.data_item import SignatureType
from unitstack.wire.ids import MessageId
from unitstack.wire.keys import generate
from unitstack.wire.results import EvalResult, Json

# What the environment colours its texts with.
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")


@dataclass(frozen=True, slots=True)
class Lua:
    """Opens a console on a fresh process. It lives in a network of its own that is kept in memory: messages to itself
    arrive."""

    evaluate: Annotated[
        str | None, typer.Option("--eval", "-e", help="Evaluate this alone, and end.")
    ] = None
    engine: Annotated[EngineName, typer.Option(help="What runs the process.")] = EngineName.WASM
    as_json: Annotated[bool, typer.Option("--json", help="With --eval: answer in JSON.")] = False


@dataclass(frozen=True, slots=True)
class Said:
    """What one evaluation gave, and what it set off."""

    result: EvalResult
    cascade: Cascade


class Console:
    """The process, met from outside the loop that its network runs in."""

    def __init__(
        self, runner: asyncio.Runner, stack: Stack, process: Process, ctrl_c: CtrlC
    ) -> None:
        self._runner = runner
        self._stack = stack
        self._process = process
        self.ctrl_c = ctrl_c

    def evaluate(self, source: str) -> Said:
        """Waits until nothing is owed any more. Raises Interrupted where Ctrl+C ends it."""
        return self._runner.run(self._stoppable(source))

    async def _stoppable(self, source: str) -> Said:
        loop = asyncio.get_running_loop()
        sending = asyncio.ensure_future(self._process.begin_eval(source))
        evaluating = asyncio.ensure_future(self._evaluated(sending))
        with self.ctrl_c.stopping(lambda: loop.call_soon_threadsafe(evaluating.cancel)):
            try:
                return await evaluating
            except asyncio.CancelledError as error:
                await self._give_up(await sending)
                raise Interrupted("it was interrupted; the process is as it was before") from error

    async def _evaluated(self, sending: asyncio.Future[MessageId]) -> Said:
        message = await asyncio.shield(sending)
        result = await self._stack.compute.result(self._process.id, message)
        return Said(result, await self._stack.messenger.settled(message))

    async def _give_up(self, message: MessageId) -> None:
        """Whether it runs by now, or its turn is yet to come: later nobody could stop it."""
        self._stack.compute.withdraw(self._process.id, message)
        self._stack.compute.interrupt()
        await self._stack.messenger.halt(message, "interrupted")


def run(options: Lua) -> None:
    """Evaluates what was given, or what is typed until it ends."""
    if options.as_json and options.evaluate is None:
        raise typer.BadParameter("--json goes with --eval")
    with _opened(options.engine) as console, console.ctrl_c.heard():
        if options.evaluate is None:
            _converse(console)
            return
        said = console.evaluate(options.evaluate)
        _tell(said, as_json=options.as_json)
        if said.result.error is not None:
            raise typer.Exit(1)


@contextmanager
def _opened(engine: EngineName) -> Iterator[Console]:
    with asyncio.Runner() as runner:
        opening = open_stack(None, settings=StackSettings(engine=engine))
        with waiting("opening a network"):
            stack = runner.run(opening.__aenter__())
        try:
            client = stack.client(generate(SignatureType.ED25519))
            yield Console(runner, stack, runner.run(client.spawn("console")), CtrlC())
        finally:
            runner.run(opening.__aexit__(None, None, None))


def _converse(console: Console) -> None:
    if sys.stdin.isatty():
        # It gives `input` its editing and its history; some Pythons are made without it.
        with contextlib.suppress(ImportError):
            __import__("readline")
        typer.echo(HELP)
    for text in typed(console.ctrl_c):
        try:
            source = source_of(text)
            if source is not None:
                _tell(console.evaluate(source), as_json=False)
        except AoError as error:
            typer.secho(str(error), fg="red", err=True)


def _tell(said: Said, *, as_json: bool) -> None:
    """What went wrong goes to stderr, as everything does that is not the answer."""
    result = said.result
    if as_json:
        told = {"output": shown(result.output.data), "error": _error(result)}
        typer.echo(json.dumps({**told, "gas_used": result.gas_used, "notes": said.cascade.notes}))
        return
    for written in result.written:
        typer.echo(written.text, nl=False, err=written.stream == "stderr")
    if text := shown(result.output.data):
        typer.echo(text)
    for note in said.cascade.notes:
        typer.secho(f"note: {note}", fg="yellow", err=True)
    if result.error is not None:
        typer.secho(_error(result), fg="red", err=True)


def _error(result: EvalResult) -> str | None:
    return None if result.error is None else _COLOURS.sub("", shown(result.error)).strip()


def shown(data: Json) -> str:
    """Text as a console shows it; colours are for a terminal."""
    inner = data.get("output", data) if isinstance(data, dict) else data
    text = inner if isinstance(inner, str) else json.dumps(inner)
    return text if sys.stdout.isatty() else _COLOURS.sub("", text)
