"""Whatever a program or a message does, the answer is a result or a clear error, and the next message works."""

from typing import Any

import pytest

from unitstack.engines.engine import Instance
from unitstack.engines.envelope import Envelope
from unitstack.engines.lua import LuaEngine
from unitstack.runtime import bundle
from unitstack.wire.results import EvalResult, Json

ENV: dict[str, Json] = {
    "Process": {
        "Id": "PROCESS",
        "Owner": "OWNER",
        "Tags": [{"name": "Module", "value": "MODULE"}, {"name": "Name", "value": "test"}],
    }
}
BUNDLE = bundle()
MEGABYTE = 1024 * 1024


def a_message(tags: dict[str, Json] | None = None, **fields: Any) -> dict[str, Json]:
    listed: list[Json] = [{"name": name, "value": value} for name, value in (tags or {}).items()]
    message: dict[str, Json] = {
        "Id": "MSG", "Target": "PROCESS", "Owner": "OWNER", "From": "OWNER", "Data": "",
        "Tags": listed, "Nonce": 1, "Timestamp": 1000, "Block-Height": 100, "Module": "MODULE",
    }  # fmt: skip
    return message | fields


@pytest.fixture
def instance() -> Instance:
    made = LuaEngine().instantiate(
        BUNDLE, memory=None, memory_limit=256 * MEGABYTE, compute_limit=10**10
    )
    made.handle(Envelope(a_message({"Type": "Process"}, Id="PROCESS"), ENV))
    return made


def evaluate(instance: Instance, source: str) -> EvalResult:
    return instance.handle(Envelope(a_message({"Action": "Eval"}, Data=source), ENV))


HOSTILE = {
    "a table that holds itself, sent as data": "local t = {} t.t = t Send({Target='T', Data=t})",
    "a table that holds itself, sent as a tag": "local t = {} t.t = t Send({Target='T', Tag=t})",
    "a table that holds itself, as the error": "local t = {} t.t = t return nil, t",
    "a table that holds itself, raised": "local t = {} t.t = t error(t)",
    "a table that holds itself, as a pattern": "local t = {} t[1] = t Handlers.add('h', {Action=t}, print) "
    "Handlers.evaluate({Action='x', Tags={}}, {})",
    "not a number, sent": "Send({Target='T', Data=0/0})",
    "a function in a list, sent": "Send({Target='T', Tag={print}})",
    "a list with holes, sent": "Send({Target='T', Tag={1, nil, 3}})",
    "a thread, sent": "Send({Target='T', Data=coroutine.create(print)})",
    "endless recursion": "local function f() return 1 + f() end return f()",
    "endless recursion in a printer": "return setmetatable({}, {__tostring=function(t) return tostring(t) end}) .. ''",
    "very deep tables, shown": "local t = {} for i = 1, 300000 do t = {t} end return t",
    "very deep tables, sent": "local t = {} for i = 1, 300000 do t = {t} end Send({Target='T', Tag=t})",
    "very deep tables, copied": "local t = {} for i = 1, 300000 do t = {t} end return ao.clone(t)",
    "very deep JSON": "return require('json').decode(('['):rep(1000000))",
    "a broken prompt": "Prompt = nil",
    "a name that is none": "Name = {}",
    "no handlers": "Handlers = nil return Handlers.list.x",
    "no inbox": "Inbox = 5",
    "an outbox of another shape": "ao.outbox = 5",
    "logs of another shape": "HANDLER_PRINT_LOGS = 5",
    "no process module": "package.loaded['.process'] = 5 error('x')",
    "an error of nothing": "error()",
}


@pytest.mark.parametrize("source", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_program_is_an_error_and_the_next_message_works(
    instance: Instance, source: str
) -> None:
    result = evaluate(instance, source)

    assert result.error
    assert evaluate(instance, "1 + 1").output.data == "2"


STRANGE: dict[str, dict[str, Json]] = {
    "no tags": a_message() | {"Tags": None},
    "tags that are an object": a_message() | {"Tags": {"Action": "X"}},
    "tags that are a text": a_message() | {"Tags": "Action"},
    "a tag without a name": a_message() | {"Tags": [{"value": "x"}]},
    "a tag that is a number": a_message() | {"Tags": [5]},
    "names that are numbers": a_message() | {"Tags": [{"name": 5, "value": 5}]},
    "values of all types": a_message(
        {"Action": 5, "N": 1.5, "B": True, "O": {"a": [1, {"b": None}]}, "From-Process": []}
    ),
    "an action that is an object": a_message({"Action": {"a": 1}}),
    "data that is an object": a_message() | {"Data": {"a": 1}},
    "no data": a_message() | {"Data": None},
    "no sender": a_message() | {"From": None},
    "nobody": a_message() | {"From": None, "Owner": None},
    "a sender that is a number": a_message() | {"From": 5, "Owner": 5},
    "JSON data that is none": a_message({"Content-Type": "application/json"}) | {"Data": "{"},
    "JSON data that is a number": a_message({"Content-Type": "application/json"}) | {"Data": "5"},
    "nothing at all": {},
    "ten megabytes": a_message() | {"Data": "x" * 10 * MEGABYTE},
    "ten megabytes of JSON": a_message({"Content-Type": "application/json"})
    | {"Data": "[" + "1," * 1_000_000 + "1]"},
    "ten megabytes of brackets": a_message({"Content-Type": "application/json"})
    | {"Data": "[" * 10 * MEGABYTE},
    "text that is no UTF-8 for Lua": a_message() | {"Data": "\ud800"},
}


@pytest.mark.parametrize("message", STRANGE.values(), ids=STRANGE.keys())
def test_after_a_strange_message_the_next_one_works(
    instance: Instance, message: dict[str, Json]
) -> None:
    instance.handle(Envelope(message, ENV))

    assert evaluate(instance, "1 + 1").output.data == "2"


def test_ten_megabytes_come_back_whole(instance: Instance) -> None:
    evaluate(instance, 'Handlers.add("h", "Echo", function(m) m.reply({Data = m.Data}) end)')
    data = "é" * 5 * MEGABYTE

    result = instance.handle(Envelope(a_message({"Action": "Echo"}, Data=data), ENV))

    assert result.outbox.messages[0].data == data


def test_what_was_printed_before_an_error_is_in_the_error(instance: Instance) -> None:
    result = evaluate(instance, 'print("before") error("boom")')

    assert isinstance(result.error, str)
    assert result.error.startswith("before\n\n")
    assert "boom" in result.error
