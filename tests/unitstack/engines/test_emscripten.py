"""What a module's host answers."""

import ctypes
import struct

import pytest

from unitstack.engines.dialects import DIALECTS
from unitstack.engines.emscripten import Host, ProcessExit
from unitstack.engines.files import Drive, no_drive
from unitstack.errors import EngineError
from unitstack.wire.messages import ModuleFormat


class Guest:
    """A host with a memory of its own to write into."""

    def __init__(self, format: ModuleFormat, drive: Drive = no_drive) -> None:
        self.host = Host(DIALECTS[format], drive)
        self._raw = ctypes.create_string_buffer(4096)
        self.host.memory.attach(ctypes.addressof(self._raw), 4096)
        self.memory = self.host.memory

    def call(self, name: str, *arguments: int) -> int | float | None:
        return self.host.functions()[name](*arguments)

    def ints(self, at: int, count: int) -> tuple[int, ...]:
        return struct.unpack(f"<{count}i", self.memory.get(at, 4 * count))

    def put_text(self, at: int, text: bytes) -> int:
        self.memory.put(at, text + b"\0")
        return at


@pytest.fixture
def narrow() -> Guest:
    return Guest(ModuleFormat.WASM32_4)


@pytest.fixture
def wide() -> Guest:
    return Guest(ModuleFormat.WASM64)


def test_the_clock_goes_on_with_each_look_and_begins_anew_with_each_message(narrow: Guest) -> None:
    looks = [narrow.call("emscripten_date_now") for _ in range(3)]
    narrow.host.begin()

    assert looks == [10_000.0, 10_001.0, 10_002.0]
    assert narrow.call("emscripten_date_now") == 10_000.0


def test_the_oldest_formats_clock_stands_still() -> None:
    assert Guest(ModuleFormat.WASM32).call("_emscripten_date_now") == 0.0


def test_a_moment_is_split_on_both_widths(narrow: Guest, wide: Guest) -> None:
    narrow.call("_gmtime_js", 951_782_400, 0, 64)
    wide.call("_gmtime_js", 951_782_400, 64)

    expected = (0, 0, 0, 29, 1, 100, 2, 59, 0)
    assert narrow.ints(64, 9) == wide.ints(64, 9) == expected


def test_the_older_loaders_take_a_moment_by_its_address() -> None:
    guest = Guest(ModuleFormat.WASM32_2)
    guest.memory.put(16, struct.pack("<i", 86_400))

    guest.call("_localtime_js", 16, 64)

    assert guest.ints(64, 6) == (0, 0, 0, 2, 0, 70)


def test_a_date_that_is_none_is_carried_over(wide: Guest) -> None:
    wide.memory.put(64, struct.pack("<9i", 0, 0, 12, 30, 1, 120, 0, 0, 0))

    seconds = wide.call("_mktime_js", 64)

    assert seconds == 1_583_064_000
    assert wide.ints(64, 6) == (0, 0, 12, 1, 2, 120)


def test_a_format_of_formats_is_expanded(wide: Guest) -> None:
    wide.call("_gmtime_js", 0, 64)
    wide.put_text(200, b"%c|%F %T")

    size = wide.call("strftime", 300, 100, 200, 64)

    assert wide.memory.text(300, 100) == b"Thu Jan 01 00:00:00 1970|1970-01-01 00:00:00"
    assert size == 44
    assert wide.call("strftime", 300, 5, 200, 64) == 0


def test_streams_are_kept_in_order_and_up_to_a_limit(wide: Guest) -> None:
    wide.put_text(100, b"hello")
    wide.memory.put(200, struct.pack("<QQQQ", 100, 5, 100, 2))

    wide.call("fd_write", 1, 200, 2, 300)
    wide.call("fd_write", 2, 200, 1, 300)
    wide.call("fd_write", 0, 200, 1, 300)

    assert wide.host.written() == (("stdout", "hellohe"), ("stderr", "hello"))
    assert wide.memory.get_pointer(300) == 5


def test_a_file_that_is_not_there_is_absent(narrow: Guest) -> None:
    narrow.put_text(100, b"/no/such")

    assert narrow.call("__syscall_openat", -100, 100, 0, 0) == -44
    assert narrow.call("fd_read", 0, 0, 0, 300) == 0


def test_the_oldest_loader_has_no_files_and_says_that_all_went_well() -> None:
    old = Guest(ModuleFormat.WASM32)

    assert old.call("__syscall_openat", 0, 0, 0, 0) == 0
    assert old.call("fd_read", 3, 0, 0, 0) == 52


def test_only_the_older_formats_have_an_environment(narrow: Guest) -> None:
    old = Guest(ModuleFormat.WASM32_2)

    narrow.call("environ_sizes_get", 16, 20)
    old.call("environ_sizes_get", 16, 20)
    old.call("environ_get", 100, 200)

    assert narrow.ints(16, 2) == (0, 0)
    assert old.ints(16, 1) == (7,)
    assert old.memory.text(old.memory.get_pointer(100), 50) == b"USER=web_user"


def test_an_absent_drive_opens_nothing(wide: Guest) -> None:
    wide.put_text(100, b"/data/x")

    assert wide.call("__asyncjs__weavedrive_open", 100, 0) == 0
    assert wide.call("__asyncjs__weavedrive_read", 0, 200, 10) == 0
    assert wide.call("__asyncjs__weavedrive_close", 0) == 0


def test_a_drive_is_asked_once_for_what_is_opened_twice() -> None:
    asked: list[str] = []

    def drive(path: str) -> bytes:
        asked.append(path)
        return b"the data"

    guest = Guest(ModuleFormat.WASM64, drive)
    guest.put_text(100, b"/data/x")

    descriptors = [guest.call("__asyncjs__weavedrive_open", 100, 0) for _ in range(2)]
    size = guest.call("__asyncjs__weavedrive_read", 3, 200, 100)

    assert descriptors == [3, 4]
    assert asked == ["/data/x"]
    assert (size, guest.memory.get(200, 8)) == (8, b"the data")
    assert guest.call("__asyncjs__weavedrive_read", 3, 200, 100) == 0


@pytest.mark.parametrize("name", ["abort", "_abort_js", "__cxa_throw"])
def test_an_abort_ends_the_message(narrow: Guest, name: str) -> None:
    with pytest.raises(ProcessExit, match="aborted"):
        narrow.call(name)


def test_an_address_outside_of_the_memory_is_refused(narrow: Guest) -> None:
    with pytest.raises(EngineError, match="address 5000 for 8 bytes; its memory has 4096"):
        narrow.call("fd_write", 1, 5000, 1, 0)
