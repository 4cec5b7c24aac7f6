"""What a process has, as a tree of texts, and what is different between two of them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

Tree = dict[str, "Tree | str"]
"""A table's values by their keys as Lua writes them behind the table's name (`.alice`, `[3]`, `["x y"]`): other tables, or
texts that Lua would read. At the top, keys are names."""

SHOWN = 3
# What tells a message from others.
FIRST = (".Action", ".From", ".Data", ".name")
_NUMBER = re.compile(r"\[(-?\d+)\]")


@dataclass(frozen=True, slots=True)
class Change:
    """A value that is another, or is new (`before` is empty), or is gone (`after` is empty)."""

    path: str
    before: str
    after: str


def differences(before: Tree, after: Tree) -> tuple[Change, ...]:
    """All that changed, in the order of the paths; a table that is new or gone is one change."""
    return tuple(_changes("", before, after))


def brief(value: Tree | str) -> str:
    """A value on one line; of a table what tells most."""
    if isinstance(value, str):
        return value
    keys = sorted(value, key=_telling)
    leaves = [key for key in keys if isinstance(value[key], str)][:SHOWN]
    shown = [f"{_named(key)} = {value[key]}" for key in leaves]
    more = len(value) - len(shown)
    if more:
        shown.append(f"… {more} more" if shown else f"{more} entries")
    return "{ " + ", ".join(shown) + " }" if shown else "{}"


def _changes(path: str, before: Tree, after: Tree) -> Iterator[Change]:
    for key in sorted(before.keys() | after.keys(), key=_order):
        old, new, place = before.get(key), after.get(key), path + key
        if isinstance(old, dict) and isinstance(new, dict):
            yield from _changes(place, old, new)
        elif old != new:
            yield Change(
                place, "" if old is None else brief(old), "" if new is None else brief(new)
            )


def _order(key: str) -> tuple[int, int, str]:
    number = _NUMBER.fullmatch(key)
    return (0, int(number[1]), "") if number else (1, 0, key)


def _telling(key: str) -> tuple[int, tuple[int, int, str]]:
    return (FIRST.index(key) if key in FIRST else len(FIRST), _order(key))


def _named(key: str) -> str:
    return key.removeprefix(".")
