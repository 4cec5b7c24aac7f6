"""Lua source as tokens: enough of the language to find names, blocks, strings and comments. It never fails: text that is
not Lua, or not yet, becomes tokens too."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

KEYWORDS = frozenset(
    (
        *("and", "break", "do", "else", "elseif", "end", "false", "for", "function", "goto", "if"),
        *("in", "local", "nil", "not", "or", "repeat", "return", "then", "true", "until", "while"),
    )
)
OPENERS = frozenset(("function", "do", "then", "else", "repeat", "(", "{", "["))
CLOSERS = frozenset(("end", "until", "elseif", "else", ")", "}", "]"))

LEXEMES = re.compile(
    r"""
    (?P<space>\s+)
  | (?P<comment>--\[(?P<c>=*)\[.*?(?:\](?P=c)\]|\Z) | --[^\n]*)
  | (?P<string>\[(?P<s>=*)\[.*?(?:\](?P=s)\]|\Z) | "(?:\\.|[^"\\\n])*"? | '(?:\\.|[^'\\\n])*'?)
  | (?P<number>0[xX][0-9a-fA-F.]+(?:[pP][+-]?\d+)? | (?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)
  | (?P<word>[A-Za-z_]\w*)
  | (?P<symbol>\.\.\.|\.\.|==|~=|<=|>=|//|::|<<|>>|.)
    """,
    re.VERBOSE | re.DOTALL | re.ASCII,
)


class Kind(StrEnum):
    """What a token is."""

    COMMENT = "comment"
    STRING = "string"
    NUMBER = "number"
    NAME = "name"
    KEYWORD = "keyword"
    SYMBOL = "symbol"


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of source with its place (characters from the start)."""

    kind: Kind
    text: str
    start: int

    @property
    def end(self) -> int:
        return self.start + len(self.text)

    @property
    def is_open(self) -> bool:
        """Whether the cursor right behind this token is still inside it: a string or comment that has not ended."""
        if self.kind is Kind.COMMENT:
            return not self._is_long or not self._is_closed_long(self.text[2:])
        if self._is_long:
            return not self._is_closed_long(self.text)
        return len(self.text) == 1 or not self.text.endswith(self.text[0])

    @property
    def _is_long(self) -> bool:
        return re.match(r"(?:--)?\[=*\[", self.text) is not None

    @staticmethod
    def _is_closed_long(text: str) -> bool:
        level = len(text) - len(text[1:].lstrip("=")) - 1
        return text.endswith("]" + "=" * level + "]") and len(text) >= 2 * (level + 2)


def tokens_of(source: str) -> Iterator[Token]:
    """The tokens in order; white space is left out."""
    for found in LEXEMES.finditer(source):
        name, text = found.lastgroup, found.group()
        if name in ("space", None):
            continue
        if found.group("word") is not None:
            yield Token(Kind.KEYWORD if text in KEYWORDS else Kind.NAME, text, found.start())
        else:
            yield Token(_kind(found), text, found.start())


def _kind(found: re.Match[str]) -> Kind:
    # `lastgroup` may name the brackets' own group, so each is asked for by name.
    kinds = (Kind.COMMENT, Kind.STRING, Kind.NUMBER)
    return next((kind for kind in kinds if found.group(kind.value) is not None), Kind.SYMBOL)


def code_of(source: str) -> tuple[Token, ...]:
    """The tokens that mean something to Lua: all but comments."""
    return tuple(token for token in tokens_of(source) if token.kind is not Kind.COMMENT)


def depth_of(tokens: Iterable[Token]) -> int:
    """How many blocks and brackets are open behind these tokens, not counting what they close of those before them."""
    depth = 0
    for token in tokens:
        if token.kind in (Kind.KEYWORD, Kind.SYMBOL):
            depth = max(0, depth - (token.text in CLOSERS)) + (token.text in OPENERS)
    return depth


def string_value(token: Token) -> str:
    """A string token's content, without its quotes; escapes stay as they are written."""
    opening = re.match(r"\[=*\[|[\"']", token.text)
    width = len(opening.group()) if opening else 0
    return token.text[width:] if token.is_open else token.text[width : len(token.text) - width]
