import pytest

from tests.items import A_PROCESS, AN_ID, a_message, an_item
from unitstack.messenger.owed import Birth, Delivery, Follow, Handover, Undone, Work, is_undone
from unitstack.wire.ids import MessageId, Nonce, ProcessId, TxId

ANCHOR = b"a" * 32
OTHER = ProcessId(TxId("O" * 43))
FROM = (("From-Process", A_PROCESS),)
SENT = a_message()


def undone(
    messages: frozenset[str] = frozenset(),
    anchors: frozenset[bytes] = frozenset(),
    assigned: frozenset[tuple[str, str]] = frozenset(),
) -> Undone:
    return Undone(A_PROCESS, Nonce(3), messages, anchors, assigned)


@pytest.mark.parametrize(
    ("work", "what"),
    [
        (Delivery(SENT), undone(messages=frozenset((SENT.id,)))),
        (Follow(A_PROCESS, MessageId(SENT.id)), undone(messages=frozenset((SENT.id,)))),
        (Delivery(a_message(FROM, anchor=ANCHOR)), undone(anchors=frozenset((ANCHOR,)))),
        (Birth(an_item(FROM, anchor=ANCHOR), SENT), undone(anchors=frozenset((ANCHOR,)))),
        (Handover(OTHER, AN_ID), undone(assigned=frozenset(((AN_ID, OTHER),)))),
    ],
)
def test_what_a_process_that_went_back_was_sent_or_asked_for_is_undone(
    work: Work, what: Undone
) -> None:
    assert is_undone(work, what)


@pytest.mark.parametrize(
    ("work", "what"),
    [
        (Delivery(SENT), undone()),
        (Follow(OTHER, MessageId(SENT.id)), undone(messages=frozenset((SENT.id,)))),
        (Delivery(a_message(anchor=ANCHOR)), undone(anchors=frozenset((ANCHOR,)))),
        (Handover(A_PROCESS, AN_ID), undone(assigned=frozenset(((AN_ID, OTHER),)))),
    ],
)
def test_what_others_are_owed_is_not(work: Work, what: Undone) -> None:
    assert not is_undone(work, what)
