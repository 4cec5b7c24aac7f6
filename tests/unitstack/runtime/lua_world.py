"""The runtime's Lua modules in a bare Lua, where strings are bytes."""

from typing import Any

from lupa import lua53  # type: ignore[import-untyped]  # lupa ships no types

from unitstack.runtime import sources

SEARCHER = b"""
local sources = ...
table.insert(package.searchers, 2, function(name)
  local found = sources[name] and name or name .. ".init"
  return sources[found] and load(sources[found], found) or "no module " .. name
end)
"""


class LuaWorld:
    """A Lua state in which `require` finds the runtime's files."""

    def __init__(self) -> None:
        self._runtime: Any = lua53.LuaRuntime(encoding=None, unpack_returned_tuples=True)
        files = {name.encode(): text.encode() for name, text in sources().items()}
        self._runtime.execute(SEARCHER, self._runtime.table_from(files))

    def run(self, source: str, *arguments: Any) -> Any:
        """What a chunk of Lua returns; the arguments are its `...`."""
        return self._runtime.execute(source.encode(), *arguments)
