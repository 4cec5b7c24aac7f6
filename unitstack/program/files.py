"""The files of a program, read where it stands."""

from pathlib import Path

from unitstack.errors import Refused
from unitstack.program.bundle import Read


def reader(folder: Path) -> Read:
    """Reads files below a folder by their paths. What it gives raises Refused for a file that is no text in UTF-8."""

    def read(file: str) -> str | None:
        path = folder / file
        try:
            return path.read_text(encoding="utf-8") if path.is_file() else None
        except UnicodeDecodeError as error:
            byte = f"byte {error.start + 1} is 0x{error.object[error.start]:02x}"
            raise Refused(f"{path} is not UTF-8: {byte}") from error

    return read
