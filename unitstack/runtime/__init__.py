"""The runtime that aos programs live in, in our own Lua."""

from unitstack.runtime.sources import ENTRY, blueprint, blueprints, bundle, sources

__all__ = ["ENTRY", "blueprint", "blueprints", "bundle", "sources"]
