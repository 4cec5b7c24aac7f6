"""What a person sees while something takes its time: on stderr, and on a terminal alone."""

from contextlib import AbstractContextManager

from rich.console import Console


def waiting(text: str) -> AbstractContextManager[object]:
    """Shows that it goes on, for as long as it does."""
    return Console(stderr=True).status(text)
