import json
from pathlib import Path

from ao_kernel.pictures.deliveries import Party
from ao_kernel.telling.summary import (
    RESULT,
    ROWS,
    TEXT,
    TOLD,
    headline_of,
    result_json,
    summary_bundle,
    trace_table,
)
from tests.ao_kernel.pictures.builders import ALICE, BOB, a_failure, a_message, a_message_of

EXAMPLE = Path(__file__).parents[1] / "examples" / "result.json"


def test_a_summary_counts_and_lists_what_was_set_off() -> None:
    bundle = summary_bundle((a_message(),), ("kid",))

    assert str(bundle["text/plain"]).split("\n") == [
        "set off: 1 message, spawned kid",
        "from   to   action  data   outcome",
        "alice  bob  Ping    hello  ok",
    ]


def test_a_summary_is_one_line_that_unfolds_to_a_table_and_a_drawing() -> None:
    html = str(summary_bundle((a_message(),), ())["text/html"])

    assert html.startswith("<details><summary>set off: 1 message</summary><table>")
    assert "Ping" in html.partition("<pre>")[2]


def test_of_many_messages_the_first_are_listed() -> None:
    bundle = summary_bundle((a_message(),) * (ROWS + 3), ())

    assert str(bundle["text/plain"]).split("\n")[-1] == "and 3 more"


def test_a_spawn_alone_has_no_table() -> None:
    bundle = summary_bundle((), ("kid",))

    assert bundle["text/plain"] == "set off: spawned kid"
    assert bundle["text/html"] == "<div>set off: spawned kid</div>"


def test_the_headline_counts_what_failed() -> None:
    assert headline_of((a_message(), a_failure()), ()) == "set off: 2 messages, 1 failed"


def test_a_summary_tells_the_same_as_values_without_ids_and_times() -> None:
    bundle = summary_bundle((a_message(nonce=3), a_failure(error="boom")), ("kid",))

    told = bundle[RESULT]
    assert isinstance(told, dict)
    assert told["headline"] == bundle["text/plain"].split("\n")[0]  # type: ignore[attr-defined]  # it is a text
    assert told["messages"][0] == {
        "id": "",
        "process": "",
        "nonce": 3,
        "from": {"id": "", "name": "alice"},
        "to": {"id": "", "name": "bob"},
        "action": "Ping",
        "data": "hello",
        "outcome": "ok",
        "error": "",
        "kind": "message",
        "waits": 0,
    }
    assert told["messages"][1]["error"] == "boom"
    assert ALICE.id not in json.dumps(told)


def test_the_values_have_the_fields_that_the_lab_extension_reads() -> None:
    example = json.loads(EXAMPLE.read_text(encoding="utf-8"))

    told = result_json((a_message(),), ("kid",), ALICE)

    assert example.keys() <= told.keys()
    assert example["messages"][0].keys() <= dict(told["messages"][0]).keys()
    assert type(example["messages"][0]["from"]) is dict


def test_of_a_storm_and_of_a_long_text_the_values_tell_a_part() -> None:
    told = result_json((a_message_of("x" * 1_000_000),) * (TOLD + 5), ())

    assert (len(told["messages"]), told["more"]) == (TOLD, 5)
    assert len(told["messages"][0]["data"]) == TEXT


def test_the_table_of_a_trace_is_numbered_and_tells_nonces() -> None:
    table = trace_table((a_message(nonce=3), a_message(BOB, Party("c", "c"), nonce=None)))

    assert [row[:4] for row in table.rows] == [("1", "alice", "bob", "3"), ("2", "bob", "c", "")]
