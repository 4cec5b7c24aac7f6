"""The side panel's half in the kernel: tells it what is new, and does what is asked there."""

from ao_kernel.panel.attaching import attach

__all__ = ["attach"]
