"""Whether what a cell did is as it was expected, and where it is not: a rule from values to words."""

import difflib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ao_kernel.teaching.expectations import (
    NONE,
    Expectation,
    Pattern,
    Subject,
    is_count,
    letter_of,
    message_of,
    pattern_of,
)
from ao_kernel.teaching.values import read, shortfall_of

ELLIPSIS = "..."
LONG = 12
"""Of a list, so many are shown."""


@dataclass(frozen=True, slots=True)
class Post:
    """A message or a letter by the names of those that it went between."""

    sender: str
    action: str
    receiver: str
    data: str

    @property
    def written(self) -> str:
        """As an expectation would be written that it fulfils."""
        data = f": {self.data}" if self.data.strip() else ""
        return f"{f'{self.sender} {self.action}'.rstrip()} -> {self.receiver}{data}"

    @property
    def received(self) -> str:
        """As an expectation of an inbox would be written."""
        data = f": {self.data}" if self.data.strip() else ""
        return f"{self.action} from {self.sender}{data}".lstrip()


@dataclass(frozen=True, slots=True)
class Seen:
    """What a cell did."""

    value: str | None = None
    stdout: str = ""
    error: str | None = None
    messages: tuple[Post, ...] = ()
    inbox: tuple[Post, ...] = ()


@dataclass(frozen=True, slots=True)
class Shortfall:
    """An expectation that does not hold, and what there was instead."""

    expectation: Expectation
    lines: tuple[str, ...]


def shortfalls(expectations: Iterable[Expectation], seen: Seen) -> tuple[Shortfall, ...]:
    """The expectations that do not hold. Messages, and letters, must have come in the order in which they are expected."""
    wanted = tuple(expectations)
    found = [_judged(each, wanted, seen) for each in wanted]
    return tuple(each for each in found if each is not None)


def expects_error(expectations: Iterable[Expectation]) -> bool:
    """Whether a cell may fail without being at fault."""
    return any(each.subject is Subject.ERROR and not each.is_denied for each in expectations)


def _judged(each: Expectation, wanted: tuple[Expectation, ...], seen: Seen) -> Shortfall | None:
    match each.subject:
        case Subject.VALUE:
            lines = _of_value(each.text, seen.value)
        case Subject.STDOUT:
            lines = _of_text(each.text, seen.stdout.rstrip("\n"))
        case Subject.ERROR:
            lines = _of_error(each.text, seen.error)
        case Subject.JSON:
            lines = _of_json(each.text, seen)
        case Subject.MESSAGES:
            posts = [(post, post.written) for post in seen.messages]
            lines = _of_posts(each, wanted, posts)
        case Subject.INBOX:
            posts = [(post, post.received) for post in seen.inbox]
            lines = _of_posts(each, wanted, posts)
    if each.is_denied:
        return None if lines else Shortfall(each, ("it is so, and should not be",))
    return Shortfall(each, lines) if lines else None


def fits(wanted: str, found: str) -> bool:
    """Whether a text is as wanted: like a pattern between strokes, or the same; three dots stand for anything."""
    pattern = pattern_of(wanted)
    if pattern is not None:
        return re.search(pattern, found, re.MULTILINE) is not None
    parts = [re.escape(part) for part in wanted.strip().split(ELLIPSIS)]
    return re.fullmatch(".*".join(parts), found.strip(), re.DOTALL) is not None


def _of_value(wanted: str, found: str | None) -> tuple[str, ...]:
    if found is None:
        return () if wanted == "nil" else compared(wanted, "no value: does the cell end with one?")
    unquoted = wanted[1:-1] if re.fullmatch(r"\"[^\"]*\"|'[^']*'", wanted) else wanted
    if fits(wanted, found) or fits(unquoted, found) or _is_same_number(wanted, found):
        return ()
    return compared(wanted, found)


def _is_same_number(wanted: str, found: str) -> bool:
    try:
        return float(wanted) == float(found)
    except ValueError:
        return False


def _of_text(wanted: str, found: str) -> tuple[str, ...]:
    return () if fits(wanted, found) else compared(wanted, found or "nothing was printed")


def _of_error(wanted: str, found: str | None) -> tuple[str, ...]:
    if found is None:
        return compared(wanted or "an error", "no error")
    is_part = pattern_of(wanted) is None and wanted in found
    return () if is_part or fits(wanted, found) else compared(wanted, found)


def _of_json(wanted: str, seen: Seen) -> tuple[str, ...]:
    text = seen.value if seen.value is not None else seen.stdout.strip()
    problem = shortfall_of(read(wanted), read(text))
    return (problem, f"found     {' '.join(text.split())}") if problem else ()


def _of_posts(
    each: Expectation, wanted: tuple[Expectation, ...], posts: Sequence[tuple[Post, str]]
) -> tuple[str, ...]:
    if is_count(each.text):
        count = 0 if each.text == NONE else int(each.text)
        return () if len(posts) == count else compared(each.text, *_listed(posts))
    if pattern_of(each.text) is not None:
        is_there = any(fits(each.text, written) for _, written in posts)
        return () if is_there else compared(each.text, *_listed(posts))
    same = [each] if each.is_denied else [w for w in wanted if _is_post(w, each.subject)]
    place = next(index for index, other in enumerate(same) if other is each)
    at = 0
    for other in same[: place + 1]:
        pattern = _pattern(other)
        at = next(
            (i + 1 for i, (post, _) in enumerate(posts[at:], at) if _is_like(post, pattern)), -1
        )
        if at < 0:
            return compared(each.text, *_listed(posts)) if other is each else ()
    return ()


def _is_post(other: Expectation, subject: Subject) -> bool:
    is_one = not is_count(other.text) and pattern_of(other.text) is None
    return other.subject is subject and not other.is_denied and is_one


def _pattern(each: Expectation) -> Pattern:
    pattern = message_of(each.text) if each.subject is Subject.MESSAGES else letter_of(each.text)
    assert pattern is not None, "what cannot be read is refused when the cell is"
    return pattern


def _is_like(post: Post, pattern: Pattern) -> bool:
    pairs = (
        (pattern.sender, post.sender),
        (pattern.action, post.action),
        (pattern.receiver, post.receiver),
        (pattern.data, post.data),
    )
    return all(wanted is None or fits(wanted, found) for wanted, found in pairs)


def _listed(posts: Sequence[tuple[Post, str]]) -> tuple[str, ...]:
    more = (f"and {len(posts) - LONG} more",) if len(posts) > LONG else ()
    return (*(written for _, written in posts[:LONG]), *more) or (NONE,)


def compared(wanted: str, *found: str) -> tuple[str, ...]:
    """What was expected beside what there was; texts of several lines as a diff."""
    text = "\n".join(found)
    if "\n" not in wanted and ("\n" not in text or len(found) > 1):
        first, *others = found
        return (
            f"expected  {wanted}",
            f"found     {first}",
            *(f"          {each}" for each in others),
        )
    lines = difflib.ndiff(wanted.split("\n"), text.split("\n"))
    return tuple(line.rstrip() for line in lines if not line.startswith("?"))
