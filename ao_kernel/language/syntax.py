"""Asks Lua's own compiler about a text. Nothing is run."""

import re
from collections.abc import Callable
from functools import cache

from lupa.lua53 import LuaRuntime  # type: ignore[import-untyped]

CHUNK = "aos"
COMPILER = (
    f'function(source) local _, message = load(source, "{CHUNK}", "t", {{}}) return message end'
)


@cache
def _compiler() -> Callable[[bytes], bytes | None]:
    compiler: Callable[[bytes], bytes | None] = LuaRuntime(encoding=None).eval(COMPILER)
    return compiler


def check(source: str) -> str | None:
    """The compiler's message, or None where the text compiles."""
    message = _compiler()(source.encode("utf-8", "replace"))
    return None if message is None else message.decode("utf-8", "replace")


def is_expression(source: str) -> bool:
    """Whether the text is one expression, so that evaluating it gives a value."""
    return check(f"return {source}") is None


def as_statement(source: str) -> str:
    """An assertion as a statement. As an expression it would give its condition and its message, and in ao a second value
    is an error: the message of an assertion that holds."""
    is_assertion = re.match(r"\s*assert\s*\(", source) is not None and is_expression(source)
    return f";{source}" if is_assertion else source
