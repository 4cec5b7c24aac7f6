"""Where a person's wallet and history are kept."""

from pathlib import Path

from platformdirs import user_data_path


def data_folder(asked: str | None = None) -> Path:
    """The folder that was asked for, or the one that the system has for such things."""
    return Path(asked) if asked else user_data_path("ao-jupyter", appauthor=False)
