"""Hypothesis strategies for what processes are sent. Needs hypothesis, which is installed beside pytest."""

from collections.abc import Iterable
from typing import TypedDict

from hypothesis import strategies as st

from unitstack.wire.ids import ID_BYTES, encode

QUANTITIES = 10**30
"""Beyond what a double or a 64-bit integer holds: tokens count in big integers."""


class Sending(TypedDict):
    """A message for `Actor.send`: `actor.send(message["data"], **message["tags"])`."""

    data: str
    tags: dict[str, str]


def ids() -> st.SearchStrategy[str]:
    """Ids of processes and wallets that are not there."""
    return st.binary(min_size=ID_BYTES, max_size=ID_BYTES).map(encode)


def quantities(most: int = QUANTITIES) -> st.SearchStrategy[str]:
    """What a Quantity tag may say: mostly amounts, and also what is none."""
    amounts = st.integers(0, most).map(str)
    return amounts | st.sampled_from(("", "-1", "0.5", "1e3", "ten", "0x10"))


def texts(most: int = 64) -> st.SearchStrategy[str]:
    """Text that an item can carry, of any script, empty too."""
    return st.text(st.characters(exclude_categories=["Cs"]), max_size=most)


def messages(
    actions: Iterable[str], tags: dict[str, st.SearchStrategy[str]] | None = None
) -> st.SearchStrategy[Sending]:
    """Messages with one of those actions and all of those tags."""
    named = {"Action": st.sampled_from(tuple(actions)), **(tags or {})}
    sending: st.SearchStrategy[Sending] = st.builds(
        Sending, data=texts(), tags=st.fixed_dictionaries(named)
    )
    return sending


def message_sequences(
    actions: Iterable[str],
    tags: dict[str, st.SearchStrategy[str]] | None = None,
    most: int = 20,
) -> st.SearchStrategy[list[Sending]]:
    """What a process is sent one after the other."""
    return st.lists(messages(actions, tags), max_size=most)
