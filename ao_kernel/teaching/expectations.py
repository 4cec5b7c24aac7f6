"""What is expected of a cell, as a teacher writes it: lines such as `value: 42` above the Lua."""

import json
import re
from dataclasses import dataclass
from enum import StrEnum


class Subject(StrEnum):
    """What an expectation is about."""

    VALUE = "value"
    STDOUT = "stdout"
    ERROR = "error"
    JSON = "json"
    MESSAGES = "messages"
    INBOX = "inbox"


LINE = re.compile(rf"(?P<not>not )?(?P<subject>{'|'.join(Subject)}):(?:[ \t]+(?P<text>.*?))?[ \t]*")
ALIKE = re.compile(r"(?P<word>not )?(?P<subject>[a-z]+):[ \t]+\S.*")
DIVISION = re.compile(r"---[ \t]*(?P<title>.*?)[ \t]*")
NONE = "none"


class Unclear(Exception):
    """Something in a cell that cannot be meant as it stands, and the line of the cell's body that it is in."""

    def __init__(self, problem: str, line: int) -> None:
        super().__init__(problem)
        self.line = line


@dataclass(frozen=True, slots=True)
class Expectation:
    """One thing that is expected; `line` is where it stands in its cell."""

    subject: Subject
    text: str
    line: int = 1
    is_denied: bool = False

    @property
    def written(self) -> str:
        """How it is written, on one line."""
        denied = "not " if self.is_denied else ""
        return f"{denied}{self.subject}: {self.text}".rstrip().replace("\n", "⏎")


@dataclass(frozen=True, slots=True)
class Expected:
    """What a cell's text asks for: the expectations, and the Lua below them with the line that it begins on."""

    expectations: tuple[Expectation, ...]
    source: str
    line: int


def parse(argument: str, body: str, line: int = 1) -> Expected:
    """Reads the expectations on a magic's own line, which is the line of that number, and those below it. Raises
    Unclear."""
    found = [_expectation(argument, line)] if argument else []
    lines = body.split("\n")
    at = 0
    while at < len(lines) and (not lines[at].strip() or _begins(lines[at], line + at + 1)):
        text, at_next = _block(lines, at)
        if text is not None:
            found.append(_expectation(text, line + at + 1))
        at = at_next
    if at < len(lines) and DIVISION.fullmatch(lines[at]):
        at += 1
    return Expected(tuple(found), "\n".join(lines[at:]), line + at + 1)


def _begins(text: str, line: int) -> bool:
    if LINE.fullmatch(text):
        return True
    alike = ALIKE.fullmatch(text)
    if alike is not None and "(" not in alike["subject"] and _is_no_call(text):
        raise Unclear(_unknown(alike["subject"]), line)
    return False


def _is_no_call(text: str) -> bool:
    # `value: method()` would be Lua, however oddly written.
    return re.fullmatch(r"[a-z]+:\s*\w+\s*[({\"'].*", text) is None


def _unknown(subject: str) -> str:
    return f"{subject} is nothing to expect; there are {', '.join(Subject)}"


def _block(lines: list[str], at: int) -> tuple[str | None, int]:
    """A line with the indented ones below it that are its text, and where the next begins."""
    if not lines[at].strip():
        return None, at + 1
    end = at + 1
    inner: list[str] = []
    if lines[at].rstrip().endswith(":"):
        while end < len(lines) and (lines[end].startswith("  ") or not lines[end].strip()):
            inner.append(lines[end][2:])
            end += 1
    text = "\n".join(inner).rstrip()
    return (f"{lines[at].rstrip()} {text}" if text else lines[at]), end


def _expectation(text: str, line: int) -> Expectation:
    found = re.fullmatch(LINE.pattern, text, re.DOTALL)
    if found is None:
        raise Unclear(f"{text!r} is no expectation: it is written value: 42", line)
    subject, wanted = Subject(found["subject"]), found["text"] or ""
    problem = _problem(subject, wanted)
    if problem:
        raise Unclear(problem, line)
    return Expectation(subject, wanted, line, found["not"] is not None)


def _problem(subject: Subject, wanted: str) -> str:
    pattern = pattern_of(wanted)
    if pattern is not None:
        return _compiles(pattern)
    if subject is Subject.JSON:
        return _parses(wanted)
    if subject is Subject.MESSAGES and not is_count(wanted) and message_of(wanted) is None:
        return f"a message is written alice Ping -> bob, or bob -> alice: pong, not {wanted!r}"
    if subject is Subject.INBOX and not is_count(wanted) and letter_of(wanted) is None:
        return f"a letter is written Ping from bob: hello, not {wanted!r}"
    return ""


def _compiles(pattern: str) -> str:
    try:
        re.compile(pattern)
    except re.error as error:
        return f"/{pattern}/ is no regular expression: {error}"
    return ""


def _parses(wanted: str) -> str:
    try:
        json.loads(wanted)
    except ValueError as error:
        return f"what is expected as json is none: {error}"
    return ""


def pattern_of(text: str) -> str | None:
    """The regular expression of a text between strokes, `/nil value/`; None where it is none."""
    is_pattern = len(text) > 1 and text.startswith("/") and text.endswith("/")
    return text[1:-1] if is_pattern else None


def is_count(text: str) -> bool:
    """Whether a text says how many, `none` or a number, and not which."""
    return text == NONE or text.isdecimal()


@dataclass(frozen=True, slots=True)
class Pattern:
    """What a message must be like; None where that does not matter."""

    sender: str | None = None
    action: str | None = None
    receiver: str | None = None
    data: str | None = None


MESSAGE = re.compile(
    r"(?P<sender>\S+)(?:\s+(?P<action>\S+))?\s*->\s*(?P<receiver>[^\s:]+)(?::\s*(?P<data>.*))?",
    re.DOTALL,
)
LETTER = re.compile(
    r"(?:(?P<action>\S+)\s+)?from\s+(?P<sender>[^\s:]+)(?::\s*(?P<data>.*))?", re.DOTALL
)


def message_of(text: str) -> Pattern | None:
    """`alice Ping -> bob: hello`, read; a star stands for anything."""
    found = MESSAGE.fullmatch(text)
    if found is None:
        return None
    return Pattern(*(_or_any(found[part]) for part in ("sender", "action", "receiver", "data")))


def letter_of(text: str) -> Pattern | None:
    """`Ping from bob: hello`, read."""
    found = LETTER.fullmatch(text)
    if found is None:
        return None
    sender, action, data = (_or_any(found[part]) for part in ("sender", "action", "data"))
    return Pattern(sender, action, None, data)


def _or_any(text: str | None) -> str | None:
    return None if text in (None, "*") else text
