"""How a node elsewhere is asked: with signed items, as ao's own mainnet client does it."""

from typing import Any
from urllib.parse import quote

import httpx

from unitstack.hyperbeam.answers import ITEM_MEDIA, JSON_MEDIA, Codec
from unitstack.web.asking import Site, expecting
from unitstack.wire import data_item, keys
from unitstack.wire.data_item import DataItem
from unitstack.wire.ids import ProcessId
from unitstack.wire.keys import Signer
from unitstack.wire.messages import Draft
from unitstack.wire.results import EvalResult, from_json
from unitstack.wire.tags import Tag

_ITEM = {"content-type": ITEM_MEDIA, "codec-device": Codec.ITEM.value}
_PUSHED = {**_ITEM, "require-codec": JSON_MEDIA, "accept": JSON_MEDIA}
_NEGOTIATION = (
    Tag("signing-format", "ans104"),
    Tag("accept-bundle", "true"),
    Tag("require-codec", JSON_MEDIA),
    Tag("Data-Protocol", "ao"),
    Tag("Type", "Message"),
    Tag("Variant", "ao.N.1"),
)


def path_to(process: ProcessId, rest: str) -> str:
    """What of a process is asked."""
    return f"/{process}~process@1.0/{rest}"


def quoted(text: str) -> str:
    """The text as a part of a path."""
    return quote(text, safe="")


class Asker:
    """Asks one node. The wallet signs what is asked."""

    def __init__(self, site: Site, wallet: Signer) -> None:
        self.site = site
        self.wallet = wallet

    async def info(self) -> dict[str, Any]:
        answer = await self.site.get("/~meta@1.0/info", headers={"accept": JSON_MEDIA})
        with expecting("what a node says of itself", self.site.url):
            told = dict(answer.json())
            assert isinstance(told["address"], str)
            return told

    async def send(self, path: str, item: DataItem) -> httpx.Response:
        """The item as it is."""
        return await self.site.post(path, content=data_item.encode(item), headers=_PUSHED)

    async def request(self, path: str, draft: Draft) -> httpx.Response:
        """Anything that a node is asked, with an item that says the draft's tags and how to answer."""
        own = {tag.name.lower() for tag in draft.tags}
        tags = (*draft.tags, *(tag for tag in _NEGOTIATION if tag.name.lower() not in own))
        item = keys.sign(self.wallet, Draft(draft.target, tags, draft.data, draft.anchor))
        return await self.site.post(path, content=data_item.encode(item), headers=_ITEM)

    async def result(self, path: str, draft: Draft) -> EvalResult:
        """What a path gives to which an item is sent that says no more than how to answer."""
        item = keys.sign(self.wallet, Draft(draft.target, _NEGOTIATION, draft.data, draft.anchor))
        answer = await self.site.post(
            path, content=data_item.encode(item), headers=_ITEM, again=True
        )
        with expecting("a result", self.site.url):
            return from_json(dict(answer.json()["raw"]))
