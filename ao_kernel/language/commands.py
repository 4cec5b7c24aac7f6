"""Names of commands that go by more than one: as the aos console calls them, or with one mark and with two."""

DOT_NAMES = {
    "load-blueprint": "blueprint",
    "load_blueprint": "blueprint",
    "pad": "editor",
}
"""The names that the aos console gives to what is called otherwise here."""

CELL_NAMES = {"time": "timing"}
"""Commands for a cell that are others than those of a line with the same name."""
