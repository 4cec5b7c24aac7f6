"""Names are read from objects that are written here byte by byte."""

import pytest

from unitstack.build.linked_symbols import defined_functions
from unitstack.engines.wasm_code.sections import MAGIC, unsigned
from unitstack.errors import EngineError

FUNCTION, DATA, GLOBAL, SECTION = range(4)
LOCAL, UNDEFINED, NAMED = 0x02, 0x10, 0x40


def text(name: str) -> bytes:
    return unsigned(len(name)) + name.encode()


def an_object(*symbols: bytes) -> bytes:
    table = unsigned(len(symbols)) + b"".join(symbols)
    other, known = b"\x05\x01x", b"\x08" + unsigned(len(table)) + table
    linking = text("linking") + b"\x02" + other + known
    unrelated = b"\0" + unsigned(5) + text("name")
    return MAGIC + unrelated + b"\0" + unsigned(len(linking)) + linking


def a_function(name: str, flags: int = 0) -> bytes:
    named = not flags & UNDEFINED or flags & NAMED
    return bytes([FUNCTION]) + unsigned(flags) + b"\x01" + (text(name) if named else b"")


def a_member(raw: bytes, size: str = "") -> bytes:
    header = b"name/".ljust(48) + (size or str(len(raw))).encode().ljust(10) + b"`\n"
    return header + raw + b"\n" * (len(raw) % 2)


OTHERS = (
    bytes([DATA]) + b"\0" + text("numbers") + b"\0\0\4",
    bytes([DATA]) + bytes([UNDEFINED]) + text("elsewhere"),
    bytes([GLOBAL]) + bytes([UNDEFINED]) + b"\0",
    bytes([SECTION]) + b"\2\1",
)


def test_functions_that_others_may_call_are_found() -> None:
    raw = an_object(a_function("a"), *OTHERS, a_function("b"))

    assert defined_functions(raw) == ("a", "b")


def test_what_is_local_or_defined_elsewhere_is_not() -> None:
    hidden = (
        a_function("a", LOCAL),
        a_function("b", UNDEFINED),
        a_function("c", UNDEFINED | NAMED),
    )

    assert defined_functions(an_object(*hidden, a_function("d"))) == ("d",)


def test_an_archive_gives_what_its_objects_give() -> None:
    members = (a_member(b"names"), *(a_member(an_object(a_function(each))) for each in "ab"))

    assert defined_functions(b"!<arch>\n" + b"".join(members)) == ("a", "b")


def test_a_module_without_symbols_gives_nothing() -> None:
    assert defined_functions(MAGIC) == ()


def test_what_is_neither_is_refused() -> None:
    with pytest.raises(EngineError, match="not a wasm module"):
        defined_functions(b"\x7fELF")
    with pytest.raises(EngineError, match="without a size at byte 8"):
        defined_functions(b"!<arch>\n" + a_member(b"", "many"))
