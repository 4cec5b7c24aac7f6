"""A scheduler in a program of its own, to be measured over HTTP: run as a module it serves until its input ends."""

import argparse
import asyncio
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.items import a_process
from unitstack.scheduler.http import scheduler_app
from unitstack.stack import Stack, StackSettings, open_stack
from unitstack.web.serving import serving
from unitstack.wire import keys
from unitstack.wire.data_item import SignatureType
from unitstack.wire.messages import Draft
from unitstack.wire.tags import Tag

Program = subprocess.Popen[str]
TAGS = (Tag("Data-Protocol", "ao"), Tag("Variant", "ao.TN.1"), Tag("Type", "Message"))


@contextmanager
def scheduler(home: Path, *, durable: bool, filled: int = 0) -> Iterator[Program]:
    """The program; its first line says where it is."""
    command = [sys.executable, "-m", "benchmarks.scheduler", str(home), "--filled", str(filled)]
    if durable:
        command.append("--durable")
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as program:
        yield program
        assert program.stdin is not None
        program.stdin.close()


def read_line(program: Program) -> str:
    assert program.stdout is not None
    return program.stdout.readline()


async def serve(home: Path, *, durable: bool, filled: int) -> None:
    async with open_stack(home / "home", settings=StackSettings(durable=durable)) as stack:
        process = await fill(stack, filled)
        async with serving(scheduler_app(stack.units.scheduler, stack.scheduler)) as url:
            told = {"url": url, "address": stack.scheduler, "process": process}
            sys.stdout.write(f"{json.dumps(told)}\n")
            sys.stdout.flush()
            await asyncio.to_thread(sys.stdin.read)


async def fill(stack: Stack, count: int) -> str:
    """A process whose log has that many messages, itself among them."""
    process = a_process((("Name", "long"),), scheduler=stack.scheduler)
    await stack.units.scheduler.schedule(process)
    wallet = keys.generate(SignatureType.ED25519)
    for number in range(1, count):
        draft = Draft(process.id, TAGS, b"hello", f"{number:032}".encode())
        await stack.units.scheduler.schedule(keys.sign(wallet, draft))
    return process.id


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("home", type=Path)
    parser.add_argument("--filled", type=int, default=0)
    parser.add_argument("--durable", action="store_true")
    given = parser.parse_args()
    asyncio.run(serve(given.home, durable=given.durable, filled=given.filled))
