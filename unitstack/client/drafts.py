"""What a client signs: messages, processes and dry runs, with the tags that ao asks for."""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from unitstack.wire.ids import ID_BYTES, Address, ModuleId
from unitstack.wire.messages import Draft
from unitstack.wire.seeds import Anchor
from unitstack.wire.tags import Tag, find

VARIANT = "ao.TN.1"
NO_DATA = b" "

Tags = Mapping[str, str] | Iterable[tuple[str, str]]
Data = str | bytes


@dataclass(frozen=True, slots=True)
class Defaults:
    """What a new process gets where its maker does not say: its code, its scheduler, and the messengers that it trusts."""

    module: ModuleId
    scheduler: Address
    authorities: tuple[Address, ...] = ()


def tags_of(given: Tags) -> tuple[Tag, ...]:
    """Tags as they were given, in order."""
    pairs = given.items() if isinstance(given, Mapping) else given
    return tuple(Tag(name, value) for name, value in pairs)


def data_of(given: Data) -> bytes:
    """The data as bytes."""
    return given.encode() if isinstance(given, str) else given


def random_anchor() -> bytes:
    """Text that nobody else has."""
    return secrets.token_hex(ID_BYTES // 2).encode()


def message(draft: Draft, anchor: Anchor = random_anchor) -> Draft:
    """The draft as a message: what it lacks of ao's tags comes last, as other clients have it. An item without data is
    not accepted everywhere, so that none is a space."""
    return replace(_sendable(draft, anchor), tags=(*draft.tags, *_lacking(draft, "Message")))


def process(draft: Draft, defaults: Defaults, anchor: Anchor = random_anchor) -> Draft:
    """The draft as a process."""
    named = (Tag("Module", defaults.module), Tag("Scheduler", defaults.scheduler))
    trusted = tuple(Tag("Authority", address) for address in defaults.authorities)
    tags = (
        *draft.tags,
        *(() if find(draft.tags, "Authority") else trusted),
        *_lacking(draft, "Process"),
        *(tag for tag in named if not find(draft.tags, tag.name)),
    )
    return replace(_sendable(draft, anchor), tags=tags)


def _sendable(draft: Draft, anchor: Anchor) -> Draft:
    # A signature that has no randomness of its own would give two equal messages one id, and the second is refused.
    return replace(draft, anchor=draft.anchor or anchor(), data=draft.data or NO_DATA)


def _lacking(draft: Draft, type: str) -> tuple[Tag, ...]:
    own = (Tag("Data-Protocol", "ao"), Tag("Variant", VARIANT), Tag("Type", type))
    return tuple(tag for tag in own if not find(draft.tags, tag.name))
