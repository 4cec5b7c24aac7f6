from dataclasses import replace

from tests.unitstack.compute.fakes import FakeScheduler, a_message
from unitstack.compute.duplicates import assigned_id, pushed_key
from unitstack.wire.assignments import ScheduledMessage
from unitstack.wire.ids import MessageId, ProcessId, TxId
from unitstack.wire.tags import Tag

PROCESS = ProcessId(TxId("P" * 42 + "A"))
PUSHED = Tag("From-Process", "F" * 43)


def sent(data: str, *tags: Tag, owner: str = "messenger") -> ScheduledMessage:
    scheduler = FakeScheduler()
    scheduler.put(a_message(PROCESS, data, *tags, owner=owner))
    return scheduler.logs[PROCESS][0]


def test_a_push_is_known_by_its_content_whoever_signed_it() -> None:
    assert pushed_key(sent("x", PUSHED, owner="one")) == pushed_key(
        sent("x", PUSHED, owner="other")
    )


def test_another_content_is_another_push() -> None:
    assert pushed_key(sent("x", PUSHED)) != pushed_key(sent("y", PUSHED))
    assert pushed_key(sent("x", PUSHED)) != pushed_key(sent("x", PUSHED, Tag("Pushed-For", "z")))


def test_the_order_of_tags_is_content() -> None:
    a, b = Tag("A", "1"), Tag("B", "2")

    assert pushed_key(sent("x", PUSHED, a, b)) != pushed_key(sent("x", PUSHED, b, a))


def test_what_a_person_sends_is_never_known_as_a_push() -> None:
    assert pushed_key(sent("x")) is None


def test_only_an_assignment_of_an_existing_item_is_known_by_that_item() -> None:
    message = sent("x")

    assert assigned_id(message) is None
    assert assigned_id(replace(message, message=None)) == MessageId(message.assignment.message)
