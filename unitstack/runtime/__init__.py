"""The runtime that aos programs live in, in our own Lua."""

from unitstack.runtime.sources import blueprint, blueprints, bundle, sources

__all__ = ["blueprint", "blueprints", "bundle", "sources"]
