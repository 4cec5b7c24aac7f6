"""A value as ao shows it, read back: JSON, or what aos prints of a table. What is neither stays a text."""

import json
import re

from unitstack.wire.results import Json

TOKEN = re.compile(
    r'\s*(?:(?P<string>"[^"\n]*")|(?P<sign>[{},=])|(?P<word>[^\s{},="][^{},="]*))', re.DOTALL
)
WORDS: dict[str, Json] = {"true": True, "false": False, "nil": None, "null": None}
MEMBER = "."


class Unreadable(ValueError):
    """A text that is no value."""


def read(text: str) -> Json:
    """The value that a text shows."""
    try:
        value: Json = json.loads(text)
    except ValueError:
        return _shown(text)
    return value


def _shown(text: str) -> Json:
    if not text.lstrip().startswith("{"):
        return text
    try:
        value, rest = _value(_tokens(text))
    except Unreadable:
        return text
    return text if rest else value


def _tokens(text: str) -> list[str]:
    found, at = [], 0
    text = text.rstrip()
    while at < len(text):
        token = TOKEN.match(text, at)
        if token is None:
            raise Unreadable(text[at:])
        found.append(token.group().strip())
        at = token.end()
    return found


def _value(tokens: list[str]) -> tuple[Json, list[str]]:
    if not tokens:
        raise Unreadable("")
    first, rest = tokens[0], tokens[1:]
    if first == "{":
        return _table(rest)
    if first.startswith('"'):
        return first[1:-1], rest
    return _word(first), rest


def _word(word: str) -> Json:
    if word in WORDS:
        return WORDS[word]
    try:
        number: Json = json.loads(word)
    except ValueError:
        return word
    return number


def _table(tokens: list[str]) -> tuple[Json, list[str]]:
    items: list[Json] = []
    fields: dict[str, Json] = {}
    while tokens and tokens[0] != "}":
        if len(tokens) > 1 and tokens[1] == "=":
            fields[tokens[0]], tokens = _value(tokens[2:])
        else:
            item, tokens = _value(tokens)
            items.append(item)
        if tokens and tokens[0] == ",":
            tokens = tokens[1:]
    if not tokens:
        raise Unreadable("{")
    numbered: dict[str, Json] = {str(index): item for index, item in enumerate(items, 1)}
    return (items if not fields else {**numbered, **fields}), tokens[1:]


def shortfall_of(wanted: Json, found: Json, path: str = "") -> str | None:
    """Where a value lacks what is wanted of it, in words; None where it has all. Objects may have more fields."""
    here = path or "the value"
    if wanted in ([], {}) and found in ([], {}):
        return None  # in Lua nothing tells an empty list from an empty object
    if isinstance(wanted, dict) and isinstance(found, dict):
        return _of_fields(wanted, found, path)
    if isinstance(wanted, list) and isinstance(found, list):
        return _of_items(wanted, found, path)
    is_same = wanted == found and isinstance(wanted, bool) == isinstance(found, bool)
    return None if is_same else f"{here} is {_text(found)}, not {_text(wanted)}"


def _of_fields(wanted: dict[str, Json], found: dict[str, Json], path: str) -> str | None:
    for name, value in wanted.items():
        inner = f"{path}{MEMBER}{name}" if path else name
        if name not in found:
            return f"{inner} is missing"
        problem = shortfall_of(value, found[name], inner)
        if problem is not None:
            return problem
    return None


def _of_items(wanted: list[Json], found: list[Json], path: str) -> str | None:
    if len(wanted) != len(found):
        return f"{path or 'the list'} has {len(found)} items, not {len(wanted)}"
    problems = (
        shortfall_of(one, other, f"{path}[{index}]")
        for index, (one, other) in enumerate(zip(wanted, found, strict=True), 1)
    )
    return next((problem for problem in problems if problem is not None), None)


def _text(value: Json) -> str:
    return json.dumps(value, ensure_ascii=False)
