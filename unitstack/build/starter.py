"""New projects: copies of a starter, which builds and runs as it is."""

from importlib.resources import files
from pathlib import Path

from unitstack.errors import Refused

LANGUAGES = ("lua", "c")


def copy_starter(language: str, folder: Path, *, force: bool = False) -> tuple[Path, ...]:
    """Copies the starter into the folder, which is made if it is missing. Raises Refused where a file is there already,
    unless it may be overwritten."""
    if language not in LANGUAGES:
        raise Refused(f"there is no starter in {language}: there are {' and '.join(LANGUAGES)}")
    starter = files(__package__) / "starters" / language
    made = {folder / entry.name: entry.read_bytes() for entry in starter.iterdir()}
    for path in sorted(made):
        if path.exists() and not force:
            raise Refused(f"{path} exists already; --force overwrites it")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for path, raw in made.items():
            path.write_bytes(raw)
    except OSError as error:
        raise Refused(f"{folder} cannot be written: {error.strerror}") from error
    return tuple(sorted(made))
