from tests.items import A_PROCESS, AN_ID, a_message, a_process
from unitstack.messenger.owed import Birth, Delivery, Follow, Handover
from unitstack.messenger.traces import Asked, Traces, TraceType
from unitstack.wire.ids import MessageId, ProcessId

LETTER = a_message()
CHILD = a_process()


def at_noon() -> int:
    return 12


def test_each_kind_of_work_is_traced_as_what_it_is() -> None:
    traces = Traces(at_noon)
    traces.begin(Delivery(CHILD), "alice")
    notice = a_message(data=b"spawned")
    works = (Delivery(LETTER), Birth(CHILD, notice), Handover(A_PROCESS, AN_ID))

    traces.follow(Delivery(CHILD), works)

    found = traces.find(Asked(), 0, 10)
    assert [(each.type, each.message, each.process) for each in found] == [
        (TraceType.ASSIGN, AN_ID, A_PROCESS),
        (TraceType.SPAWN, CHILD.id, CHILD.id),
        (TraceType.MESSAGE, LETTER.id, A_PROCESS),
        (TraceType.SPAWN, CHILD.id, CHILD.id),
    ]
    assert {each.wallet for each in found} == {"alice"}
    assert {each.timestamp for each in found} == {12}


def test_what_a_clock_sets_off_comes_from_no_message() -> None:
    traces = Traces(at_noon)

    traces.follow(None, (Delivery(LETTER),))

    (found,) = traces.find(Asked(process=A_PROCESS), 0, 10)
    assert (found.parent, found.wallet) == ("", "")


def test_what_is_only_followed_is_not_traced_again() -> None:
    traces = Traces(at_noon)
    traces.begin(Delivery(CHILD), "alice")

    traces.follow(Delivery(CHILD), (Follow(ProcessId(CHILD.id), MessageId(CHILD.id)),))

    assert len(traces.find(Asked(), 0, 10)) == 1


def test_the_oldest_are_forgotten() -> None:
    traces = Traces(at_noon, remembered=2)
    letters = [a_message(data=text.encode()) for text in "abc"]

    for letter in letters:
        traces.begin(Delivery(letter), "alice")

    found = [each.message for each in traces.find(Asked(), 0, 10)]
    assert found == [letters[2].id, letters[1].id]
    traces.follow(Delivery(letters[0]), (Delivery(LETTER),))
    assert traces.find(Asked(), 0, 1)[0].wallet == ""
