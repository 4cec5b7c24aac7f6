"""What lies in a process's inbox, as a table, and the Lua by which the process answers it. The inbox keeps what is answered."""

from collections.abc import Callable, Iterable

from ao_kernel.chronicle.glance import Letter
from ao_kernel.pictures.labels import label
from ao_kernel.tables import Table

REPLY = """
local letter = Inbox[{number}]
if not letter or letter.From ~= {sender} then error("the inbox has changed since") end
letter.reply({{ Action = {action}, Data = {data} }})
"""


def letters_table(letters: Iterable[Letter], name_of: Callable[[str], str]) -> Table:
    """An inbox as a table."""
    rows = tuple(
        (
            str(letter.number),
            label(name_of(letter.sender), 40),
            label(letter.action, 40),
            label(letter.data, 60),
        )
        for letter in letters
    )
    return Table(("#", "from", "action", "data"), rows, "the inbox is empty")


def reply_source(letter: tuple[int, str], action: str, data: str) -> str:
    """Lua that answers the letter with that number, from that sender."""
    number, sender = letter
    return REPLY.format(
        number=number,
        sender=lua_string(sender),
        action=lua_string(action),
        data=lua_string(data),
    )


def lua_string(text: str) -> str:
    """The text as a literal of Lua: every byte that could mean something is written as its number."""
    return '"' + "".join(_escaped(byte) for byte in text_bytes(text)) + '"'


def text_bytes(text: str) -> bytes:
    """What a person typed, as it is sent: halves of characters, which keyboards and pages can give, are question marks."""
    return text.encode("utf-8", "replace")


def _escaped(byte: int) -> str:
    is_plain = 32 <= byte < 127 and byte not in b'"\\'
    return chr(byte) if is_plain else f"\\{byte:03d}"
