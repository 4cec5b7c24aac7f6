"""A program to be killed: sends messages that set off chains between two processes, and says which were acknowledged."""

import asyncio
import sys
from pathlib import Path

from tests.items import a_wallet
from unitstack.client.client import Client
from unitstack.client.process import Process
from unitstack.stack import open_stack
from unitstack.units import Search
from unitstack.wire.ids import ProcessId

CHAIN_LENGTH = 10
PING = """
Handlers.add("ping", "Ping", function (msg)
  local left = tonumber(msg.Left)
  if left > 0 then Send({ Target = msg.From, Action = "Ping", Left = tostring(left - 1) }) end
end)
"""


async def process_named(client: Client, name: str) -> Process:
    """The process of that name, made when there is none."""
    page = await client.units.gateway.search(Search(tags=(("Name", (name,)),)))
    if page.items:
        return client.process(ProcessId(page.items[0].id), name)
    return await client.spawn(name)


async def main(home: Path) -> None:
    async with open_stack(home) as stack:
        client = stack.client(a_wallet())
        alice, bob = [await process_named(client, name) for name in ("alice", "bob")]
        for process in (alice, bob):
            await process.eval(PING)
        left = CHAIN_LENGTH - 1
        while True:
            source = f'Send({{ Target = "{bob.id}", Action = "Ping", Left = "{left}" }})'
            root = await alice.begin_eval(source)
            sys.stdout.write(f"{root}\n")
            sys.stdout.flush()
            await client.result(alice.id, root)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
