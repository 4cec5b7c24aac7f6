"""Every module format runs here as in the reference's loader: the same results, the same memory, the same gas."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.field.dialect_modules import in_format
from tests.field.golden_cases import Record, eval_message
from tests.field.reference import ENV, FIRST, Pair, install, pair
from unitstack.wire.messages import ModuleFormat

FORMATS = [each for each in ModuleFormat if each != ModuleFormat.LUA]
SOURCES = """1 + 1
X = {1, 2, 3}
error('x')
0/0
os.time()
os.date('!%c', 1e9)
os.date('*t', 1e9).yday
os.getenv('HOME')
select(2, pcall(error, 'caught'))
string.format('%.14g %q', 1/3, 'a')
(function() local n = 0 for i = 1, 2000 do n = n + i % 7 end return n end)()
(function() local n = 0 for i = 1, 50 do if not pcall(error, i) then n = n + 1 end end return n end)()
require('json').encode({a = {1, 2, {b = 'c'}}})
('x'):rep(3000000):len()
#Inbox""".splitlines()


@pytest.fixture(scope="module", autouse=True)
def installed() -> None:
    install()


def told() -> Iterator[Record]:
    yield FIRST
    for number, source in enumerate(SOURCES, 1):
        yield eval_message(source, number, ENV)


def replay(both: Pair) -> None:
    for message in told():
        both.tell(message, thoroughly=message is FIRST)


@pytest.mark.parametrize("format", FORMATS)
def test_a_module_of_each_format_answers_the_same(format: ModuleFormat, tmp_path: Path) -> None:
    module = tmp_path / "module.wasm"
    module.write_bytes(in_format(format))

    with pair(module, format) as both:
        replay(both)
