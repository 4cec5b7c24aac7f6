"""A node in front of a whole network, in memory, whose units have one key."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx

from tests.asgi import client_of
from tests.items import Pairs, a_draft, a_wallet
from unitstack.hyperbeam.http import node_app
from unitstack.stack import EngineName, Keys, Stack, StackSettings, open_stack
from unitstack.wire import data_item
from unitstack.wire.data_item import DataItem
from unitstack.wire.ids import ProcessId, TxId
from unitstack.wire.keys import Wallet, sign

PERSON = a_wallet("ethereum")
ITEM = {"content-type": "application/ans104", "codec-device": "ans104@1.0"}
JSON = ("require-codec", "application/json")
AO = (("Data-Protocol", "ao"), ("Variant", "ao.N.1"))


@dataclass(frozen=True)
class Node:
    """A node, whom to ask, and what is behind it."""

    client: httpx.AsyncClient
    stack: Stack
    wallet: Wallet

    async def spawned(self, *tags: tuple[str, str]) -> ProcessId:
        """A process of the person's, that trusts the node."""
        answer = await self.push(self.a_process(*tags))
        return ProcessId(TxId(answer.headers["process"]))

    def a_process(self, *tags: tuple[str, str], scheduler: str = "") -> DataItem:
        address = self.wallet.address
        named = (("Module", self.stack.module), ("Scheduler", scheduler or address))
        own = (*AO, ("Type", "Process"), *named, ("Authority", address))
        return an_item_of_the_persons((*tags, *own), b"1984")

    async def push(self, item: DataItem, process: str = "") -> httpx.Response:
        path = f"/{process}~process@1.0/push" if process else "/push"
        return await self.client.post(path, content=data_item.encode(item), headers=ITEM)

    async def evaluated(self, process: str, source: str, *tags: tuple[str, str]) -> httpx.Response:
        return await self.push(an_eval(process, source, *tags), process)

    async def ask(self, path: str, *tags: tuple[str, str], data: bytes = b"") -> httpx.Response:
        """As clients ask: with an item that says how to answer, and no more."""
        item = an_item_of_the_persons((*tags, ("Type", "Message"), *AO), data)
        return await self.client.post(path, content=data_item.encode(item), headers=ITEM)


@asynccontextmanager
async def a_node(wallet: str = "ed25519", *, any_scheduler: bool = False) -> AsyncIterator[Node]:
    """Whose network runs processes on Lua."""
    key = a_wallet(wallet)
    settings = StackSettings(engine=EngineName.LUA, any_scheduler=any_scheduler)
    async with open_stack(None, keys=Keys(key, key), settings=settings) as stack:
        yield Node(client_of(node_app(stack.units, key)), stack, key)


def an_eval(process: str, source: str, *tags: tuple[str, str]) -> DataItem:
    """A message that evaluates, and asks for JSON."""
    own = (("Action", "Eval"), *tags, JSON, *AO, ("Type", "Message"))
    return an_item_of_the_persons(own, source.encode(), process)


def an_item_of_the_persons(tags: Pairs, data: bytes = b"", target: str = "") -> DataItem:
    return sign(PERSON, a_draft(tags, data, target))
