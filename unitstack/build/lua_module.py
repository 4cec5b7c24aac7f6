"""A wasm module of Lua sources: a program that loads each by the name that `require` knows it by, put into a template."""

from collections.abc import Mapping
from importlib.resources import files
from typing import Literal

from unitstack.build.inject import Sizes, inject

Target = Literal[32, 64]
MEGABYTE = 1024 * 1024
PRESETS = {
    "xs": Sizes(16 * MEGABYTE, 20 * MEGABYTE, 128 * MEGABYTE),
    "sm": Sizes(32 * MEGABYTE, 36 * MEGABYTE, 256 * MEGABYTE),
    "md": Sizes(64 * MEGABYTE, 68 * MEGABYTE, 512 * MEGABYTE),
    "lg": Sizes(96 * MEGABYTE, 100 * MEGABYTE, 1024 * MEGABYTE),
    "xl": Sizes(128 * MEGABYTE, 132 * MEGABYTE, 8192 * MEGABYTE),
    "xxl": Sizes(512 * MEGABYTE, 518 * MEGABYTE, 16384 * MEGABYTE),
}


def lua_module(
    sources: Mapping[str, str], entry: str, *, target: Target = 32, sizes: Sizes
) -> bytes:
    """The module whose `handle` is what the entry leaves as the global `handle`, taking and giving JSON texts."""
    return inject(template(target), program(sources, entry).encode("utf-8"), sizes)


def template(target: Target) -> bytes:
    """The prebuilt Lua of that pointer width."""
    return (files(__package__) / "templates" / f"lua{target}.wasm").read_bytes()


def program(sources: Mapping[str, str], entry: str) -> str:
    """One Lua text: the sources as long strings, a searcher that finds them, and the entry, required."""
    table = "\n".join(
        f"[ {quoted(name)} ] = {quoted(source)}," for name, source in sorted(sources.items())
    )
    prelude = (files(__package__) / "prelude.lua").read_text(encoding="utf-8")
    return f"load({quoted(prelude)}, 'prelude', 't')({{\n{table}\n}})\nrequire({quoted(entry)})\n"


def quoted(text: str) -> str:
    """A Lua long string of any text; its level is the first that the text does not close."""
    level = 0
    while f"]{'=' * level}]" in text or text.endswith(f"]{'=' * level}"):
        level += 1
    bar = "=" * level
    return f"[{bar}[\n{text}]{bar}]"
