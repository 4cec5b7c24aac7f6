"""The %commands: a table from names to functions on a Session."""

from ao_kernel.magics import connecting, display, processes, settings, sources
from ao_kernel.magics.explain import arguments_of, topic_of
from ao_kernel.magics.registry import MAGICS, perform

__all__ = [
    "MAGICS",
    "arguments_of",
    "connecting",
    "display",
    "perform",
    "processes",
    "settings",
    "sources",
    "topic_of",
]
