"""What a request to a node says: the item in it, who signed it, and what is wished for, wherever clients put that."""

from dataclasses import dataclass
from urllib.parse import unquote

from starlette.requests import Request

from unitstack.errors import InvalidItem, Refused
from unitstack.hyperbeam import paths, signatures
from unitstack.hyperbeam.answers import ITEM_MEDIA, Codec
from unitstack.hyperbeam.signatures import Commitment, fields_of, find_commitment
from unitstack.hyperbeam.vouching import AS_ITEM, signed_data, signed_tags, vouched_draft
from unitstack.web.application import body_of
from unitstack.wire import data_item, keys
from unitstack.wire.addresses import process_address
from unitstack.wire.data_item import DataItem
from unitstack.wire.ids import Address, ProcessId
from unitstack.wire.keys import Signer
from unitstack.wire.messages import Draft

NOBODY = Address("1234")
"""Who a dry run that no one signed is from, as for ao's compute units."""

_WISHES = ("require-codec", "accept-codec", "accept", "slot", "from", "to", "target", "push-mode")


@dataclass(frozen=True, slots=True)
class Told:
    """A request. `item` is None where its body is none; names of wishes are in lower case."""

    path: str
    method: str
    url: str
    fields: dict[str, str]
    wishes: dict[str, str]
    item: DataItem | None
    body: bytes

    def commitment(self) -> Commitment | None:
        """Who signed the request itself. Raises InvalidItem for a signature that does not hold."""
        return find_commitment(signatures.Request(self.method, self.url, self.fields))

    def message(self, process: ProcessId | None, node: Signer) -> DataItem:
        """What is to be scheduled. Raises InvalidItem, Refused."""
        if self.item is not None:
            return _for_process(self.item, process)
        commitment = self.commitment()
        if commitment is None:
            raise Refused(f"the message is not signed; {AS_ITEM}")
        if process is None:
            raise Refused(f"a process must be its owner's own item; {AS_ITEM}")
        return keys.sign(node, vouched_draft(process, commitment, self.fields, self.body))

    def trial(self, draft: Draft) -> tuple[Draft, Address]:
        """The draft with what the request adds to it, and who it is from. Raises InvalidItem."""
        if self.item is not None:
            keys.verify(self.item)
            sender = process_address(self.item.owner)
            return Draft(draft.target, draft.tags, self.item.data, self.item.anchor), sender
        commitment = self.commitment()
        if commitment is None:
            return draft, NOBODY
        tags = (*draft.tags, *signed_tags(commitment, self.fields))
        data = signed_data(commitment, self.fields, self.body)
        return Draft(draft.target, tags, data), commitment.signer


async def read(request: Request) -> Told:
    """Raises InvalidItem for a body that should be an item and is none."""
    path = request.scope.get("raw_path", request.url.path.encode()).decode("latin-1")
    fields = fields_of(request.headers.items())
    body = await body_of(request)
    item = data_item.decode(body) if body and _holds_item(fields) else None
    tags = {} if item is None else {paths.untyped(name): value for name, value in item.tags}
    query = {paths.untyped(name): value for name, value in request.query_params.items()}
    headers = {paths.untyped(name): unquote(value) for name, value in fields.items()}
    said = {**headers, **query, **paths.wishes_of(path), **tags}
    wishes = {name: said[name] for name in _WISHES if name in said}
    return Told(path, request.method, str(request.url), fields, wishes, item, body)


def _holds_item(fields: dict[str, str]) -> bool:
    media, codec = fields.get("content-type", ""), fields.get("codec-device", "")
    return media.startswith((ITEM_MEDIA, "application/octet-stream")) or codec == Codec.ITEM


def _for_process(item: DataItem, process: ProcessId | None) -> DataItem:
    if process is not None and item.target_id != process:
        raise InvalidItem(
            f"item {item.id} is for {item.target_id or 'no process'}, the path is for {process}"
        )
    return item
