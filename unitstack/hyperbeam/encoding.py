"""Messages as HTTP fields and a body (HyperBEAM's `httpsig@1.0`): written for answers, read from what clients send."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from urllib.parse import quote

import http_sf

from unitstack.errors import InvalidItem
from unitstack.wire import ids
from unitstack.wire.results import Json

MAX_FIELD = 4096
BODY = "body"
_TYPES = "ao-types"
_MULTIPART = "multipart/form-data"
_BOUNDARY = re.compile('boundary="?([^";]+)"?')
_NAME = re.compile(rb'name="([^"]*)"')
# What a field may hold: the text must come out as it went in, and end no line.
_FIELD = re.compile("(?:[!-~](?:[ -~]*[!-~])?)?")
_KEY_CHARACTERS = "!#$&'*+.^_`|~"

Message = Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class Encoded:
    """A message as it goes over the wire."""

    fields: dict[str, str]
    body: bytes


@dataclass(slots=True)
class _Leaves:
    """What of a message is no message itself: what goes in fields, the body, and texts that fit in no field."""

    fields: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    texts: dict[str, str] = field(default_factory=dict)


def encode(message: Message) -> Encoded:
    """What fits in fields, in fields; the rest in parts of the body. What is None is left out."""
    top = _leaves(message)
    parts = [*_texts("", top), *(part for each in _nested(message) for part in _parts(*each))]
    if not parts:
        return Encoded(top.fields, top.body)
    if top.body:
        parts.insert(0, _part(BODY, {}, top.body))
    inside = b"\r\n".join(parts)
    boundary = ids.encode(sha256(inside).digest())
    mark = boundary.encode()
    body = b"".join(b"--%b\r\n%b\r\n" % (mark, part) for part in parts) + b"--%b--" % mark
    kind = {"content-type": f'{_MULTIPART}; boundary="{boundary}"'}
    return Encoded({**top.fields, **kind}, body)


def body_values(fields: Mapping[str, str], body: bytes) -> dict[str, bytes]:
    """What of a message its body holds, by key. Messages within the message are left out."""
    kind = fields.get("content-type", "")
    if not kind.startswith(_MULTIPART):
        return {fields.get("inline-body-key", BODY): body} if body else {}
    boundary = _BOUNDARY.search(kind)
    if boundary is None:
        raise InvalidItem("the body is said to have parts, and not what is between them")
    mark = b"--" + boundary[1].encode("latin-1")
    sections = (b"\r\n" + body).split(b"\r\n" + mark)[1:-1]
    read = (_read_part(section.removeprefix(b"\r\n")) for section in sections)
    return {key: value for key, value in read if key}


def is_field(text: str) -> bool:
    """Whether a field can hold the text as it is."""
    return len(text) <= MAX_FIELD and _FIELD.fullmatch(text) is not None


def is_scalar(value: Json) -> bool:
    """Whether it is one text, number or truth."""
    return value is not None and not isinstance(value, (dict, list))


def text_of(value: Json) -> str:
    """A scalar as fields have it."""
    return f"{value}".lower() if isinstance(value, bool) else f"{value}"


def _leaves(message: Message) -> _Leaves:
    leaves = _Leaves()
    types: dict[str, str] = {}
    for key, value in _leaf_items(message):
        name, text = _key(key), _text(value)
        if kind := _type(value):
            types[name] = kind
        if name == BODY:
            leaves.body = _bytes(text)
        elif is_field(text):
            leaves.fields[name] = text
        else:
            leaves.texts[name] = text
    if types:
        written = ", ".join(f'{_sf_key(name)}="{kind}"' for name, kind in types.items())
        leaves.fields[_TYPES] = written
    return leaves


def _leaf_items(message: Message) -> Iterator[tuple[str, Json]]:
    return (
        (key, value)
        for key, value in message.items()
        if value is not None and not _is_message(value)
    )


def _nested(message: Message) -> Iterator[tuple[str, Message]]:
    for key, value in message.items():
        if isinstance(value, dict):
            yield _key(key), value
        elif isinstance(value, list) and _is_message(value):
            yield _key(key), {str(number): each for number, each in enumerate(value, 1)}


def _parts(path: str, message: Message) -> Iterator[bytes]:
    """A message within a message. What is within that stands beside it, under its whole path."""
    leaves = _leaves(message)
    yield _part(path, leaves.fields, leaves.body)
    yield from _texts(f"{path}/", leaves)
    for key, nested in _nested(message):
        yield from _parts(f"{path}/{key}", nested)


def _texts(prefix: str, leaves: _Leaves) -> Iterator[bytes]:
    return (_part(prefix + name, {}, _bytes(text)) for name, text in leaves.texts.items())


def _is_message(value: Json) -> bool:
    return isinstance(value, dict) or (
        isinstance(value, list) and any(isinstance(each, (dict, list)) for each in value)
    )


def _part(path: str, fields: Mapping[str, str], body: bytes) -> bytes:
    lines = [f'content-disposition: form-data; name="{path}"']
    lines += [f"{name}: {value}" for name, value in fields.items()]
    head = "\r\n".join(lines).encode()
    return head + b"\r\n\r\n" + body if body else head


def _bytes(text: str) -> bytes:
    # What a process made may hold half a character.
    return text.encode("utf-8", "replace")


def _read_part(section: bytes) -> tuple[str, bytes]:
    """The key and the value; no key where it is a message of its own."""
    head, _, value = section.partition(b"\r\n\r\n")
    lines = head.split(b"\r\n")
    name = _NAME.search(lines[0])
    if name is None or len(lines) > 1:
        return "", b""
    return name[1].decode("utf-8", "replace"), value


def _text(value: Json) -> str:
    if isinstance(value, list):
        return ", ".join(str(http_sf.ser((_typed(each), {}))) for each in value)
    return text_of(value)


def _typed(value: Json) -> str:
    return f"(ao-type-{_type(value) or 'binary'}) {quote(text_of(value), _LIST_SAFE, errors='replace')}"


def _type(value: Json) -> str:
    """The name of its type; none for a text."""
    match value:
        case bool():
            return "atom"
        case int():
            return "integer"
        case float():
            return "float"
        case list():
            return "list" if value else "empty-list"
        case _:
            return ""


# A structured text is ASCII.
_LIST_SAFE = "".join(map(chr, range(32, 127)))


def _key(key: str) -> str:
    return quote(key.lower(), _KEY_CHARACTERS, errors="replace")


def _sf_key(name: str) -> str:
    """Dictionaries' keys begin with a letter."""
    return name if re.fullmatch(r"[a-z*][a-z0-9_.*-]*", name) else f"*{quote(name, safe='')}"
