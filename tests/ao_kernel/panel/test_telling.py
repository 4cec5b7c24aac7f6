from ao_kernel.chronicle import Facts, Letter
from ao_kernel.panel.messages import Hop, Inbox, ProcessNow
from ao_kernel.panel.telling import LINE, TEXT, has_failed, hop, inbox_now, outcome, process_now
from tests.ao_kernel.panel.builders import ALICE, Names, an_event, name_of
from tests.ao_kernel.panel.forms import fits
from unitstack.wire.results import EvalResult

FACTS = Facts(
    process=ALICE,
    name="alice",
    owner="you",
    module="m" * 43,
    crons=("1-minute",),
    nonce=7,
    evaluated=5,
    errors=1,
    gas=9,
    waiting=1,
    inbox=None,
    handlers=("ping",),
)


def test_a_process_is_told_of_with_what_it_has_yet_to_evaluate() -> None:
    now = process_now(FACTS)

    assert fits(now, ProcessNow)
    assert (now["nonce"], now["queue"], now["inbox"]) == (7, 2, None)


def test_a_message_of_a_trace_calls_processes_by_their_names() -> None:
    told = hop(an_event(), Names())

    assert fits(told, Hop)
    assert (told["sender"], told["receiver"], told["data"]) == ("you", "alice", "for bob")


def test_how_a_message_went_is_told_in_a_few_words() -> None:
    events = [
        an_event(),
        an_event(result=None),
        an_event(result=None, problem="out of gas"),
        an_event(result=EvalResult(error="boom")),
    ]

    assert [outcome(event) for event in events] == [
        "ok",
        "not evaluated yet",
        "out of gas",
        "error: boom",
    ]
    assert [has_failed(event) for event in events] == [False, False, True, True]


def test_long_texts_are_cut_and_their_length_is_told() -> None:
    letter = Letter(1, "b" * 43, "A" * 10_000, "d" * 1_000_000)

    told = inbox_now(ALICE, [letter], name_of)

    assert fits(told, Inbox)
    assert [len(told["letters"][0][part]) for part in ("action", "data")] == [LINE, TEXT]
    assert told["letters"][0]["length"] == 1_000_000
