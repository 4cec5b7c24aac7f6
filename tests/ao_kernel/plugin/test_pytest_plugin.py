"""The fixtures as a person's own tests have them, and the strategies."""

from pathlib import Path

import pytest
from hypothesis import given, settings

from unitstack.testing import Actor, LuaFailed, Network, Sent
from unitstack.testing.strategies import Sending, ids, message_sequences, quantities
from unitstack.wire.ids import tx_id

COUNTER = Path(__file__).with_name("counter.lua")


def test_a_process_evaluates_lua(process: Actor) -> None:
    assert process.eval("return 6 * 7").value == "42"


def test_lua_that_fails_fails_the_test_with_its_error(process: Actor) -> None:
    with pytest.raises(LuaFailed, match="boom"):
        process.eval('error("boom")')


@pytest.mark.ao(file="counter.lua")
def test_a_marker_loads_a_file(process: Actor) -> None:
    answer = process.send(Action="Add", Quantity="5")

    assert process.get("Count") == 5
    assert answer.messages[0].action == "Added"
    assert answer.messages[0].data == "5"
    assert answer.messages[0].target == process.inbox()[0].sender


@pytest.mark.ao(file="counter.lua")
def test_a_message_that_fails_is_told_of_and_changes_nothing(process: Actor) -> None:
    answer = process.send(Action="Add", Quantity="ten")

    assert "no amount: ten" in str(answer.error)
    assert process.get("Count") == 0


def test_a_file_comes_with_what_it_requires(process: Actor, tmp_path: Path) -> None:
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib" / "sums.lua").write_text("return { add = function (a, b) return a + b end }")
    (tmp_path / "main.lua").write_text('local sums = require("lib.sums")\nTotal = sums.add(1, 2)')

    process.load(tmp_path / "main.lua")

    assert process.get("Total") == 3


def test_an_error_names_the_file_and_its_line(process: Actor, tmp_path: Path) -> None:
    (tmp_path / "broken.lua").write_text('\n\nerror("boom")\nreturn 1')
    (tmp_path / "main.lua").write_text('x = 1\nrequire("broken")')

    with pytest.raises(LuaFailed, match=r"broken\.lua:3: boom"):
        process.load(tmp_path / "main.lua")


def test_an_answer_is_told_as_json_has_it(process: Actor) -> None:
    answer = process.eval('Send({ Target = ao.id, Action = "Note", Data = "x" }) return 1')

    told = answer.to_dict()

    assert told["value"] == "1"
    assert [(each["action"], each["data"]) for each in told["messages"]] == [("Note", "x")]
    assert isinstance(answer.messages[0], Sent)


def test_a_dry_run_leaves_no_trace(process: Actor) -> None:
    process.eval("x = 1")

    assert process.dry_run("x = 2 return x", Action="Eval").value == "2"
    assert process.get("x") == 1


def test_another_wallet_is_a_stranger(ao_stack: Network, process: Actor) -> None:
    seen = ao_stack.as_seen_by(ao_stack.stranger(), process)

    seen.send("x = 2", Action="Eval")

    assert process.get("x") is None


@given(sequence=message_sequences(("Add",), {"Quantity": quantities(1000)}, most=5))
@settings(max_examples=10, deadline=None)
def test_a_counter_counts_what_is_an_amount(ao_stack: Network, sequence: list[Sending]) -> None:
    counter = ao_stack.spawn("counter")
    counter.load(COUNTER)

    answers = [counter.send(each["data"], **each["tags"]) for each in sequence]

    counted = sum(
        float.fromhex(quantity) if quantity.startswith("0x") else float(quantity)
        for quantity, answer in zip(
            (each["tags"]["Quantity"] for each in sequence), answers, strict=True
        )
        if answer.error is None
    )
    assert counter.get("Count") == counted


@given(text=ids())
@settings(max_examples=20)
def test_an_id_of_the_strategy_is_one(text: str) -> None:
    assert tx_id(text) == text


def test_a_file_that_is_not_there_is_said_to_be_missing(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import pytest

        @pytest.mark.ao(file="nowhere.lua")
        def test_it(process):
            pass
        """
    )

    told = pytester.runpytest_subprocess("--ao-engine=lua")

    told.assert_outcomes(errors=1)
    told.stdout.fnmatch_lines(["*there is no file nowhere.lua*"])
