from dataclasses import replace

import pytest

from ao_kernel.pictures.deliveries import Delivery, Kind
from ao_kernel.pictures.timeline import COLUMNS, MOST, after, svg, to_plain, to_table
from tests.ao_kernel.pictures.builders import (
    ALICE,
    BOB,
    a_failure,
    a_lost_message,
    a_message,
    a_ring,
)
from tests.ao_kernel.pictures.drawing import boxes, elements, outside, overlapping, texts


def at(time: int, delivery: Delivery) -> Delivery:
    return replace(delivery, time=time, message=f"m{time}", cause=f"m{time - 5}")


TALK = (
    at(0, a_message(ALICE, BOB, nonce=0, kind=Kind.SPAWN)),
    at(5, a_message(BOB, ALICE, nonce=3)),
    at(2000, a_message(ALICE, BOB, "Eval", nonce=1)),
)


def test_each_process_is_a_line_and_each_message_a_column() -> None:
    assert to_plain(TALK).split("\n") == ["bob    0 . 1", "alice  . 3 ."]


def test_what_failed_has_a_mark_that_is_explained() -> None:
    assert to_plain((a_failure(),)).split("\n") == ["bob  1!", "! failed"]


def test_of_many_messages_the_last_are_shown() -> None:
    assert to_plain(a_ring(2, COLUMNS + 5)).split("\n")[-1] == "5 earlier messages are left out"
    assert texts(svg(a_ring(2, MOST + 5)))[-1].startswith("5 earlier ones are left out")
    assert to_table(a_ring(2, MOST + 5)).rows[0][0] == "and 5 more before"


def test_what_no_process_got_is_in_no_lane() -> None:
    assert to_plain((a_lost_message(),)) == "no messages"
    assert to_table((a_lost_message(),)).to_plain() == "no messages"


def test_the_table_tells_the_time_after_the_first_message() -> None:
    assert [row[:4] for row in to_table(TALK).rows] == [
        ("+0 ms", "bob", "0", "alice"),
        ("+5 ms", "alice", "3", "bob"),
        ("+2.0 s", "bob", "1", "alice"),
    ]


@pytest.mark.parametrize(
    ("milliseconds", "said"),
    [
        (999, "+999 ms"),
        (1500, "+1.5 s"),
        (180_000, "+3 min"),
        (3 * 3_600_000, "+3 h"),
        (96 * 3_600_000, "+4 d"),
    ],
)
def test_a_length_of_time_is_said_shortly(milliseconds: int, said: str) -> None:
    assert after(milliseconds) == said


def test_marks_differ_by_shape_and_hold_the_nonce() -> None:
    picture = svg(TALK)

    assert "polygon" in elements(picture)
    assert {"0", "3", "1", "bob", "alice"} <= set(texts(picture))


def test_what_came_of_a_cron_is_dashed() -> None:
    assert "stroke-dasharray" in svg((a_message(kind=Kind.CRON),))
    assert "stroke-dasharray" not in svg((a_message(),))


def test_an_effect_is_tied_to_its_cause() -> None:
    assert svg(TALK).count("<path") == 1


@pytest.mark.parametrize("parties", [2, 5, 12, 40])
@pytest.mark.parametrize("messages", [3, 30, 300])
def test_nothing_overlaps_and_nothing_stands_outside(parties: int, messages: int) -> None:
    picture = svg(a_ring(parties, messages))

    assert not overlapping(boxes(picture))
    assert not outside(picture)
