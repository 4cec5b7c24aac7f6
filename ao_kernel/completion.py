"""What could stand at the cursor: read from the text before it and from the names that a process has. Nothing is asked of
the process here."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from ao_kernel.language.commands import CELL_NAMES
from ao_kernel.language.owners import MESSAGE, SENT, SPAWNED, TAGS, TEXT, expecting, owner_of
from unitstack.program.tokens import KEYWORDS, Kind, Token, tokens_of

NAMES_SOURCE = """
local out = {}
local function walk(fields, prefix, depth)
  local count = 0
  for key, value in next, fields do
    if type(key) == "string" and key:find("^[%a_][%w_]*$") then
      count = count + 1
      if count > 400 or #out > 4000 then return end
      out[#out + 1] = prefix .. key .. "\\t" .. type(value)
      if type(value) == "table" and depth > 0 and value ~= _G and value ~= package then
        walk(value, prefix .. key .. ".", depth - 1)
      end
    end
  end
end
walk(_G, "", 2)
for _, handler in ipairs(Handlers and Handlers.list or {}) do
  out[#out + 1] = "\\"" .. tostring(handler.name) .. "\\thandler"
end
return table.concat(out, "\\n")
"""
"""Lua that answers with every name in a process, and what it is; evaluated as a dry run."""

MESSAGE_FIELDS = {
    **dict.fromkeys(("reply", "forward"), "function"),
    **dict.fromkeys(
        ("Id", "From", "Owner", "Target", "Action", "Data", "Anchor", "Module", "Reference"),
        "string",
    ),
    **dict.fromkeys(("Timestamp", "Nonce", "Epoch"), "number"),
    **dict.fromkeys(("Tags", "TagArray"), "table"),
}
"""What a handler's argument has; it is a local, so no process can be asked for it."""

RECEIVED = {"receive": "function", "output": "string"}
FIELDS_OF: Mapping[str, Mapping[str, str]] = {
    MESSAGE: MESSAGE_FIELDS,
    SENT: {**RECEIVED, "onReply": "function"},
    SPAWNED: {**RECEIVED, "after": "function"},
}
"""What values have that no process can be asked for."""

KEYS_OF = {
    "message": ("Target", "Action", "Data", "Tags", "Anchor"),
    "pattern": ("Action", "From", "Data", "X-Reference"),
}
"""What is written in the tables that Send and Receive take."""

NAMES_PROCESS = frozenset(("Target", "From", "Recipient"))
HANDLER_CALLS = frozenset(("remove", "before", "after", "add", "append", "prepend", "once"))
PATH = re.compile(r"(?P<path>(?:[A-Za-z_]\w*\s*[.:]\s*)*)(?P<prefix>[A-Za-z_]\w*)?\Z", re.ASCII)
DOTTED = re.compile(r"%{0,2}[A-Za-z_]\w*(?:[.:][A-Za-z_]\w*)*", re.ASCII)
MAGIC_WORD = re.compile(r"(?P<mark>%%|%|\.)(?P<name>[\w-]*)(?:[ \t]+(?P<argument>.*))?\Z")


class Place(StrEnum):
    """What kind of thing stands at the cursor."""

    NOTHING = "nothing"
    MAGIC = "magic"
    ARGUMENT = "argument"
    NAME = "name"
    FIELD = "field"
    METHOD = "method"
    HANDLER = "handler"
    PROCESS = "process"
    ACTION = "action"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is being typed: the kind of place, what it belongs to (a path, a magic), and the part that is there."""

    place: Place
    prefix: str
    owner: str = ""
    like: str = ""
    """What the owner is, where the text tells: a message, a text, a module; for a name, whose table it is in."""


@dataclass(frozen=True, slots=True)
class Known:
    """The names of a process, of the network and of the kernel that can be offered."""

    names: Mapping[str, str] = field(default_factory=dict)
    handlers: tuple[str, ...] = ()
    processes: tuple[str, ...] = ()
    magics: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    actions: tuple[str, ...] = ()
    arguments: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Completion:
    """One text that could stand at the cursor, and what it is."""

    text: str
    kind: str


def parse_names(listing: str) -> tuple[dict[str, str], tuple[str, ...]]:
    """What NAMES_SOURCE answered: kinds by path, and the handlers' names in their order."""
    rows = [line.partition("\t") for line in listing.split("\n") if "\t" in line]
    names = {path: kind for path, _, kind in rows if not path.startswith('"')}
    return names, tuple(path[1:] for path, _, _ in rows if path.startswith('"'))


def wanted_at(code: str, cursor: int) -> Wanted:
    """What is being typed where the cursor is. The cursor counts characters, as Jupyter's does."""
    before = code[:cursor]
    line = before.rsplit("\n", 1)[-1]
    magic = MAGIC_WORD.fullmatch(line.lstrip())
    if magic is not None and not _is_lua(before[: len(before) - len(line)]):
        return _wanted_magic(magic)
    tokens = list(tokens_of(before))
    last = tokens[-1] if tokens else None
    if (
        last is not None
        and last.kind in (Kind.STRING, Kind.COMMENT)
        and last.end == len(before)
        and last.is_open
    ):
        return _wanted_string(tokens) if last.kind is Kind.STRING else Wanted(Place.NOTHING, "")
    return _wanted_name(before, tokens)


def _is_lua(above: str) -> bool:
    return any(
        line.strip() and not line.lstrip().startswith(("%", ".", "--"))
        for line in above.split("\n")
    )


def _wanted_magic(magic: re.Match[str]) -> Wanted:
    if magic["argument"] is None:
        return Wanted(Place.MAGIC, magic["name"], magic["mark"])
    name = CELL_NAMES.get(magic["name"], magic["name"]) if magic["mark"] == "%%" else magic["name"]
    # Of several arguments the one at the cursor is being typed.
    return Wanted(Place.ARGUMENT, re.split(r"\s", magic["argument"])[-1], name)


def _wanted_string(tokens: list[Token]) -> Wanted:
    prefix = tokens[-1].text[1:]
    behind = [token.text for token in tokens[:-1]][-4:]
    if (
        len(behind) == 4
        and behind[0] == "Handlers"
        and behind[2] in HANDLER_CALLS
        and behind[3] == "("
    ):
        return Wanted(Place.HANDLER, prefix)
    if behind[-1:] in (["="], ["=="]) and behind[-2:-1] and behind[-2] in NAMES_PROCESS:
        return Wanted(Place.PROCESS, prefix)
    if behind[-2:] in (["Action", "="], ["Action", "=="]):
        return Wanted(Place.ACTION, prefix)
    return Wanted(Place.NOTHING, prefix)


def _wanted_name(before: str, tokens: list[Token]) -> Wanted:
    found = PATH.search(before)
    prefix, path = (found["prefix"] or "", re.sub(r"\s", "", found["path"])) if found else ("", "")
    start = len(before) - len(prefix)
    code = [token for token in tokens if token.end <= start and token.kind is not Kind.COMMENT]
    dot = code[-1].text if code else ""
    if dot not in (".", ":"):
        return Wanted(Place.NAME, prefix, like=expecting(code))
    # Something that is no name may stand before the dot; what it is, its tokens may tell.
    place = Place.METHOD if dot == ":" else Place.FIELD
    return Wanted(place, prefix, path[:-1].replace(":", "."), owner_of(code[:-1]))


def completions(wanted: Wanted, known: Known, cell: str = "") -> tuple[Completion, ...]:
    """What fits, in the order that it is offered: exact case before other case, then by name."""
    offered = list(_offered(wanted, known, cell))
    exact = [c for c in offered if c.text.startswith(wanted.prefix)]
    near = exact or [c for c in offered if c.text.lower().startswith(wanted.prefix.lower())]
    return tuple(
        sorted({c.text: c for c in reversed(near)}.values(), key=lambda c: (c.text.lower(), c.text))
    )


def _offered(wanted: Wanted, known: Known, cell: str) -> Iterable[Completion]:
    match wanted.place:
        case Place.NAME:
            keys = (Completion(key, "property") for key in KEYS_OF.get(wanted.like, ()))
            return (*keys, *_fields("", known.names), *_words(cell, known.names))
        case Place.FIELD:
            return _fields_of(wanted, known)
        case Place.METHOD:
            return _methods(wanted, known)
        case _:
            return _texts(wanted, known)


def _fields_of(wanted: Wanted, known: Known) -> list[Completion]:
    if wanted.like == TAGS:
        return [Completion(tag, "string") for tag in known.tags if tag.isidentifier()]
    own = _fields(f"{wanted.owner}.", known.names) if wanted.owner else []
    return own or _fields(f"{wanted.like}.", known.names) or _virtual(wanted.like)


def _virtual(like: str) -> list[Completion]:
    return [Completion(name, kind) for name, kind in FIELDS_OF.get(like, {}).items()]


def _methods(wanted: Wanted, known: Known) -> list[Completion]:
    kind = known.names.get(wanted.owner)
    own = _fields_of(wanted, known)
    # A local is in no process: of those that are called with a colon, most are texts.
    is_text = wanted.like == TEXT or kind == "string" or (kind is None and not own)
    is_local = wanted.like or "." not in wanted.owner
    fields = _fields("string.", known.names) if is_text and is_local else own
    return [c for c in fields if c.kind == "function"]


def _texts(wanted: Wanted, known: Known) -> Iterable[Completion]:
    kinds = {Place.MAGIC: "magic", Place.PROCESS: "instance"}
    texts = {
        Place.MAGIC: known.magics,
        Place.HANDLER: known.handlers,
        Place.PROCESS: known.processes,
        Place.ACTION: known.actions,
        Place.ARGUMENT: known.arguments.get(wanted.owner, ()),
    }
    kind = kinds.get(wanted.place, "text")
    return (Completion(text, kind) for text in texts.get(wanted.place, ()))


def _fields(owner: str, names: Mapping[str, str]) -> list[Completion]:
    inner = ((path[len(owner) :], kind) for path, kind in names.items() if path.startswith(owner))
    return [Completion(name, kind) for name, kind in inner if "." not in name]


def _words(cell: str, names: Mapping[str, str]) -> Iterable[Completion]:
    # Locals and names that the cell is about to define are in no process yet.
    words = {token.text for token in tokens_of(cell) if token.kind is Kind.NAME}
    return (
        *(Completion(word, "keyword") for word in sorted(KEYWORDS)),
        *(Completion(word, "instance") for word in sorted(words - names.keys())),
    )


def name_at(code: str, cursor: int) -> str:
    """The dotted name that the cursor is in or behind, or else that of the call whose brackets it is in; empty where there
    is none."""
    for found in DOTTED.finditer(code):
        if found.start() <= cursor <= found.end():
            # Of `a.b.c` with the cursor in b, `a.b` is meant.
            rest = re.match(r"\w*", code[cursor : found.end()], re.ASCII)
            return code[found.start() : cursor + (rest.end() if rest else 0)].replace(":", ".")
    return _calling(tuple(tokens_of(code[:cursor])), code)


def _calling(tokens: tuple[Token, ...], code: str) -> str:
    depth = 0
    for index in range(len(tokens) - 1, 0, -1):
        depth += (tokens[index].text in (")", "}")) - (tokens[index].text in ("(", "{"))
        if depth < 0 and tokens[index - 1].kind is Kind.NAME:
            named = re.search(r"[A-Za-z_][\w.:]*\Z", code[: tokens[index - 1].end], re.ASCII)
            return named.group().replace(":", ".") if named else ""
    return ""
