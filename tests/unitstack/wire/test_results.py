import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unitstack.wire.results import (
    MOST_NESTED,
    Display,
    EvalResult,
    Json,
    Outbox,
    OutgoingAssignment,
    OutgoingMessage,
    OutgoingSpawn,
    OutgoingTag,
    Output,
    from_json,
    to_json,
)

texts = st.text(max_size=5)
values: st.SearchStrategy[Json] = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | texts,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(texts, inner, max_size=2),
    max_leaves=4,
)
tags = st.lists(st.builds(OutgoingTag, texts, values), max_size=2).map(tuple)
some_texts = st.lists(texts, max_size=2).map(tuple)
told = st.one_of(
    st.builds(Output, values, texts, st.booleans()),
    st.builds(Output, values, texts, st.booleans(), some_texts, st.integers(0, 9)),
    st.builds(Output, values, trace=st.text(min_size=1, max_size=5), handler=texts),
)
outboxes = st.builds(
    Outbox,
    st.lists(
        st.builds(OutgoingMessage, st.none() | texts, tags, values, st.none() | texts), max_size=2
    ).map(tuple),
    st.lists(st.builds(OutgoingSpawn, tags, values, st.none() | texts), max_size=2).map(tuple),
    st.lists(
        st.builds(OutgoingAssignment, texts, some_texts, st.booleans(), some_texts), max_size=2
    ).map(tuple),
)
floats = st.sampled_from([0.5, 1e300, float("inf"), float("-inf"), float("nan")])
results = st.builds(EvalResult, told, outboxes, values, st.integers(0, 9))


@given(results)
def test_a_result_comes_back_from_its_json_as_it_was(result: EvalResult) -> None:
    assert from_json(json.loads(json.dumps(to_json(result)))) == result


@given(
    st.dictionaries(
        st.sampled_from(["Messages", "Spawns", "Assignments", "Output", "GasUsed", "Written"]),
        values | floats | st.lists(st.dictionaries(texts, floats)),
    )
)
def test_whatever_a_process_writes_can_be_read(written: dict[str, Json]) -> None:
    read = to_json(from_json(written))

    assert json.dumps(to_json(from_json(read))) == json.dumps(read)


def test_what_was_written_goes_to_one_of_the_two_streams() -> None:
    written: Json = [{"stream": name, "text": "x"} for name in ("stdout", "stderr", "evil", 7)]

    streams = [each.stream for each in from_json({"Written": written}).written]

    assert streams == ["stdout", "stderr", "stdout", "stdout"]


@pytest.mark.parametrize("gas", [float("inf"), float("-inf"), float("nan"), "7", None])
def test_gas_that_is_no_number_is_none(gas: Json) -> None:
    assert from_json({"GasUsed": gas}).gas_used == 0


@pytest.mark.parametrize("field", ["Messages", "Output", "Error", "GasUsed", "unknown"])
def test_a_result_that_is_nested_too_deep_is_an_error_of_the_process(field: str) -> None:
    deep: Json = "x"
    for _ in range(MOST_NESTED):
        deep = {"a": deep}

    result = from_json({field: deep})

    assert result == EvalResult(error="the result is nested more than 500 levels deep")


def test_what_is_nested_as_deep_as_may_be_is_kept() -> None:
    deep: Json = "x"
    for _ in range(MOST_NESTED - 2):
        deep = [deep]

    assert from_json({"Output": {"data": deep}}).output.data == deep


def test_an_empty_result_has_every_list() -> None:
    assert to_json(EvalResult()) == {
        "Messages": [],
        "Assignments": [],
        "Spawns": [],
        "Output": {"data": ""},
    }


def test_a_message_is_written_as_processes_write_it() -> None:
    message = OutgoingMessage("to", (OutgoingTag("Action", "Ping"),), "hi", "0001")

    written = to_json(EvalResult(outbox=Outbox(messages=(message,))))

    assert written["Messages"] == [
        {
            "Target": "to",
            "Anchor": "0001",
            "Data": "hi",
            "Tags": [{"name": "Action", "value": "Ping"}],
        }
    ]


@pytest.mark.parametrize(
    ("written", "data"),
    [("text", "text"), (5, "5"), (None, ""), ({"data": {"a": 1}}, {"a": 1}), (True, True)],
)
def test_output_is_an_object_a_text_or_a_number(written: Json, data: Json) -> None:
    assert from_json({"Output": written}).output.data == data


def test_a_tag_value_that_is_no_text_is_kept_as_it_is() -> None:
    written: Json = [{"Target": "to", "Tags": [{"name": "Quantity", "value": 5}]}]

    (message,) = from_json({"Messages": written}).outbox.messages

    assert message.tags == (OutgoingTag("Quantity", 5),)


def test_what_an_eval_displayed_goes_there_and_back() -> None:
    shown = Display("update", 7, {"text/html": "<b>x</b>", "text/plain": "x"}, "spot")
    result = EvalResult(output=Output(data="printed", values=(), displays=(shown,)))

    assert from_json(to_json(result)) == result


def test_what_is_no_display_is_passed_over() -> None:
    displays: list[Json] = [7, {"data": 1}, {"data": {}}]
    test: dict[str, Json] = {"values": [], "displays": displays}
    written: dict[str, Json] = {"Output": {"data": "", "test": test}}

    assert from_json(written).output.displays == (Display("show", 0, {}),)
