"""Schedules messages until it is killed, and says of each which nonce was acknowledged."""

import asyncio
import itertools
import os
import sys
from pathlib import Path

from tests.unitstack.scheduler.builders import Network, a_message_to, a_process_here
from unitstack.errors import Duplicate


async def main(home: Path) -> None:
    network = Network(home)
    process = a_process_here()
    try:
        await network.scheduler.schedule(process)
    except Duplicate as duplicate:
        print(duplicate, file=sys.stderr)  # noqa: T201  # a run after the first
    for number in itertools.count():
        item = a_message_to(process, f"{os.getpid()} {number}")
        assignment = await network.scheduler.schedule(item)
        print(assignment.nonce, item.id, assignment.id, flush=True)  # noqa: T201  # what the test reads


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
