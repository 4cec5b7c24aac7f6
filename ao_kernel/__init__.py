"""A Jupyter kernel for ao: each cell is a signed message to a process. `%load_ext ao_kernel` gives `%ao` in Python notebooks."""

from typing import TYPE_CHECKING

from ao_kernel.version import __version__

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

__all__ = ["__version__", "load_ipython_extension", "unload_ipython_extension"]


def _jupyter_labextension_paths() -> list[dict[str, str]]:
    """Where the lab extension is, and what it is called: `jupyter labextension develop` asks for it by this name."""
    return [{"src": "labextension", "dest": "ao-jupyter"}]


def load_ipython_extension(shell: "InteractiveShell") -> None:
    """Gives a Python notebook `%ao` and `%%ao`."""
    from ao_kernel.ipython import load  # noqa: PLC0415  the kernel imports this package too, and has no use for it

    load(shell)


def unload_ipython_extension(shell: "InteractiveShell") -> None:
    """Takes them away again, and closes the session."""
    from ao_kernel.ipython import unload  # noqa: PLC0415  as above

    unload(shell)
