"""The %commands: a table from names to functions on a Session."""

from ao_kernel.magics import (
    comparing,
    connecting,
    display,
    processes,
    python,
    seeing,
    settings,
    sources,
    teaching,
    time,
    timing,
    travel,
    widgets,
)
from ao_kernel.magics.explain import topic_of
from ao_kernel.magics.offering import arguments_of
from ao_kernel.magics.registry import MAGICS, perform

__all__ = [
    "MAGICS",
    "arguments_of",
    "comparing",
    "connecting",
    "display",
    "perform",
    "processes",
    "python",
    "seeing",
    "settings",
    "sources",
    "teaching",
    "time",
    "timing",
    "topic_of",
    "travel",
    "widgets",
]
