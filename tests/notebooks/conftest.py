"""The kernel as programs without a screen find it."""

from tests.kernel.conftest import environment

__all__ = ["environment"]
