from ao_kernel.panel.traces import KEPT, Traces
from tests.ao_kernel.panel.builders import an_event, id_of, name_of
from unitstack.wire.results import EvalResult


def test_a_trace_counts_its_root_and_all_that_it_set_off() -> None:
    traces = Traces(name_of)

    changed = traces.take([an_event("r"), an_event("s", root="r"), an_event("t", root="r")])

    assert [(trace["root"], trace["messages"]) for trace in changed] == [(id_of("r"), 3)]


def test_a_trace_is_called_by_its_root_even_if_that_comes_last() -> None:
    traces = Traces(name_of)

    traces.take([an_event("s", root="r", action="Pong", time=2)])
    traces.take([an_event("r", action="Eval", time=1)])

    assert [(trace["action"], trace["messages"]) for trace in traces.all] == [("Eval", 2)]
    assert (traces.all[0]["sender"], traces.all[0]["receiver"]) == ("you", "alice")


def test_errors_and_what_could_not_be_evaluated_are_counted() -> None:
    traces = Traces(name_of)

    traces.take(
        [
            an_event("r"),
            an_event("s", root="r", result=EvalResult(error="boom")),
            an_event("t", root="r", result=None, problem="out of gas"),
        ]
    )

    assert traces.all[0]["errors"] == 2


def test_only_the_traces_that_have_changed_are_told_of() -> None:
    traces = Traces(name_of)
    traces.take([an_event("q"), an_event("r", time=2)])

    changed = traces.take([an_event("s", root="r", time=3)])

    assert [trace["root"] for trace in changed] == [id_of("r")]


def test_only_the_latest_traces_are_kept() -> None:
    traces = Traces(name_of)
    letters = [chr(ord("A") + number) for number in range(KEPT + 5)]

    changed = traces.take([an_event(each, time=number) for number, each in enumerate(letters)])

    assert [trace["root"][0] for trace in traces.all] == letters[5:]
    assert len(changed) == KEPT
