import json

import pytest

from tests.items import A_PROCESS
from unitstack.client.process import InboxMessage, Process
from unitstack.errors import Refused
from unitstack.wire.ids import Address
from unitstack.wire.results import EvalResult, Json, Output

LETTER = {
    "id": "an id",
    "sender": "someone",
    "action": "Greet",
    "data": "hello",
    "timestamp": "1000",
    "tags": [["Action", "Greet"]],
}


class Mirror:
    """Plays a client whose process shows what it is told to."""

    def __init__(self, data: Json = "", error: Json = None) -> None:
        self._result = EvalResult(Output(data), error=error)

    async def dry_run(self, *_: object, **__: object) -> EvalResult:
        return self._result


def a_process(data: Json = "", error: Json = None) -> Process:
    return Process(Mirror(data, error), A_PROCESS)  # type: ignore[arg-type]  # an inbox asks for a dry run alone


async def test_an_inbox_is_read_as_messages() -> None:
    (message,) = await a_process(json.dumps({"kept": [LETTER]})).inbox()

    tags = (("Action", "Greet"),)
    assert message == InboxMessage("an id", Address("someone"), "Greet", "hello", "1000", tags)  # type: ignore[arg-type]  # a pair is as good as a tag


async def test_an_empty_inbox_has_no_messages() -> None:
    assert await a_process('{"kept":[]}').inbox() == ()


async def test_an_inbox_of_an_older_environment_is_read_too() -> None:
    assert await a_process({"output": '{"kept":[]}', "prompt": ""}).inbox() == ()


async def test_a_process_that_does_not_show_its_inbox_is_told_of() -> None:
    with pytest.raises(Refused, match="does not show its inbox: no such global"):
        await a_process(error="no such global").inbox()


async def test_a_process_that_answers_a_dry_run_with_nothing_shows_no_inbox() -> None:
    with pytest.raises(Refused, match="does not show its inbox"):
        await a_process("").inbox()
