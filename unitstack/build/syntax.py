"""Whether a text is Lua, as Lua 5.3 itself sees it; nothing of it runs."""

from functools import cache
from typing import Any

from lupa import lua53  # type: ignore[import-untyped]  # lupa ships no types

_LOAD = b"function(text, name) return select(2, load(text, name, 't')) end"


def problem(source: str, name: str) -> str | None:
    """What is wrong with the text, with the line; None where it is Lua."""
    told = _load()(source.encode("utf-8", "surrogateescape"), f"={name}".encode())
    return None if told is None else bytes(told).decode("utf-8", "replace")


@cache
def _load() -> Any:
    # Texts as bytes: they may hold any, and messages quote parts of them.
    return lua53.LuaRuntime(register_eval=False, register_builtins=False, encoding=None).eval(_LOAD)
