from dataclasses import replace

from ao_kernel.pictures.deliveries import LOST, UNKNOWN, Kind, Party
from ao_kernel.telling.tracing import ENOUGH, TEXT, deliveries_of, delivery_of, outcome_of
from tests.ao_kernel.events import (
    ALICE,
    BOB,
    KID,
    YOU,
    Known,
    an_event,
    assigning,
    message_id,
    sending,
    spawning,
)
from unitstack.wire.results import EvalResult, Outbox, OutgoingMessage, OutgoingTag, Output

KNOWN = {ALICE, BOB, KID}


def test_an_event_is_a_delivery_between_named_parties() -> None:
    delivery = delivery_of(an_event(BOB, 4, ALICE, data="hi", result=EvalResult()), Known())

    assert (delivery.sender, delivery.receiver) == (Party(ALICE, "alice"), Party(BOB, "bob"))
    assert (delivery.action, delivery.data, delivery.nonce) == ("Ping", "hi", 4)
    assert (delivery.outcome, delivery.kind) == ("ok", Kind.MESSAGE)


def test_a_person_is_no_process() -> None:
    assert delivery_of(an_event(BOB, 4, YOU), Known()).sender == Party(YOU, "you", is_process=False)


def test_texts_call_processes_by_their_names_and_are_not_kept_whole() -> None:
    result = EvalResult(error=f"no balance of {ALICE}")
    event = an_event(BOB, 4, data=f"for {ALICE}" + "x" * TEXT, result=result)

    delivery = delivery_of(event, Known())

    assert delivery.data.startswith("for alicexxx")
    assert len(delivery.data) < TEXT
    assert delivery.outcome == "error: no balance of alice"


def test_a_failure_is_kept_with_what_it_failed_with() -> None:
    failed = delivery_of(an_event(BOB, 1, result=EvalResult(error="boom")), Known())
    broken = delivery_of(an_event(BOB, 1, problem="the unit is away"), Known())

    assert failed.failed is not None
    assert failed.failed.error == "boom"
    assert (broken.outcome, broken.has_failed) == ("the unit is away", True)


def test_what_is_not_evaluated_yet_says_so_and_has_not_failed() -> None:
    delivery = delivery_of(an_event(BOB, 1), Known())

    assert (delivery.outcome, delivery.has_failed) == (UNKNOWN, False)


def test_a_process_is_its_own_first_message_and_that_is_its_spawn() -> None:
    assert delivery_of(an_event(KID, 0, ALICE), Known()).kind is Kind.SPAWN


def test_what_a_process_sent_by_itself_came_of_its_clock() -> None:
    event = an_event(BOB, 1, ALICE, root=message_id("bob-1"))

    assert delivery_of(event, Known()).kind is Kind.CRON
    assert delivery_of(replace(event, action="Spawned"), Known()).kind is Kind.MESSAGE


def test_an_outcome_counts_what_was_asked_for() -> None:
    assert outcome_of(EvalResult()) == "ok"
    assert outcome_of(sending("1", "2")) == "sent 2"
    assert outcome_of(spawning("3")) == "spawned 1"


def test_a_message_to_no_process_is_told_after_the_one_that_sent_it() -> None:
    result = sending("1", target="z" * 43)

    _, lost = deliveries_of((an_event(BOB, 1, result=result),), Known(), KNOWN)

    assert (lost.sender.name, lost.receiver.name, lost.outcome) == ("bob", "zzzzzz…", LOST)
    assert (lost.is_lost, lost.nonce, lost.receiver.is_process) == (True, None, False)


def test_a_message_to_nobody_is_told_as_such() -> None:
    nobody = OutgoingMessage(None, (OutgoingTag("Action", "Ping"),), "hi", None)
    result = EvalResult(outbox=Outbox(messages=(nobody,)))

    _, lost = deliveries_of((an_event(BOB, 1, result=result),), Known(), KNOWN)

    assert (lost.receiver.name, lost.action, lost.data) == ("nobody", "Ping", "hi")


def test_a_patch_for_a_node_is_no_message() -> None:
    patch = OutgoingMessage(None, (OutgoingTag("device", "patch@1.0"),), "", None)
    result = EvalResult(outbox=Outbox(messages=(patch,)))

    (delivery,) = deliveries_of((an_event(BOB, 1, result=result),), Known(), KNOWN)

    assert delivery.outcome == "ok"


def test_what_was_assigned_is_told_after_the_one_that_assigned_it() -> None:
    asked = an_event(BOB, 1, result=assigning("m", ALICE, "nobody"))
    assigned = {(str(ALICE), "m"): an_event(ALICE, 6, YOU, action="Transfer")}

    _, told = deliveries_of((asked,), Known(), KNOWN, assigned)

    assert (told.kind, told.sender.name, told.receiver.name) == (Kind.ASSIGNMENT, "bob", "alice")
    assert (told.action, told.nonce) == ("Transfer", 6)


def test_that_a_process_waits_is_told_once() -> None:
    waiting, done = EvalResult(Output(waiting=1)), EvalResult()
    events = [an_event(BOB, nonce, result=waiting) for nonce in (1, 2)]
    events += [an_event(BOB, 3, result=done), an_event(BOB, 4, result=waiting)]

    told = deliveries_of(events, Known(), KNOWN)

    assert [delivery.waits for delivery in told] == [1, 0, 0, 1]


def test_of_a_storm_to_nobody_a_part_is_told() -> None:
    result = sending(*map(str, range(ENOUGH + 5)), target="z" * 43)

    assert len(deliveries_of((an_event(BOB, 1, result=result),), Known(), KNOWN)) == 1 + ENOUGH
