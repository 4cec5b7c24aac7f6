"""Tags, and the Avro form of them that is signed (ANS-104)."""

from collections.abc import Iterable
from typing import NamedTuple


class Tag(NamedTuple):
    """A name and a value; order and repetition matter."""

    name: str
    value: str


def find(tags: Iterable[Tag], name: str) -> str | None:
    """The value of the first tag of that exact name."""
    return next((tag.value for tag in tags if tag.name == name), None)


def find_all(tags: Iterable[Tag], name: str) -> tuple[str, ...]:
    """The values of every tag of that exact name, in order."""
    return tuple(tag.value for tag in tags if tag.name == name)


def without(tags: Iterable[Tag], *names: str) -> tuple[Tag, ...]:
    """The tags whose names are none of these, in order."""
    return tuple(tag for tag in tags if tag.name not in names)
