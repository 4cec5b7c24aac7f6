import pytest

from ao_kernel.pictures.deliveries import Kind, Party
from ao_kernel.pictures.sequence import MOST, svg
from tests.ao_kernel.pictures.builders import (
    ALICE,
    BOB,
    CAROL,
    YOU,
    a_failure,
    a_lost_message,
    a_message,
    a_ring,
)
from tests.ao_kernel.pictures.drawing import (
    boxes,
    drawn,
    elements,
    outside,
    overlapping,
    size,
    texts,
)


def test_a_message_stands_between_its_parties_with_action_data_and_nonce() -> None:
    written = texts(svg((a_message(ALICE, BOB, "Ping", "hello", 7),)))

    assert {"alice", "bob", "Ping hello", "7"} <= set(written)


def test_messages_are_numbered_in_their_order() -> None:
    written = texts(svg((a_message(), a_message(BOB, ALICE, "Pong"))))

    assert written.index("1") < written.index("2")


@pytest.mark.parametrize("parties", [2, 5, 12, 40])
@pytest.mark.parametrize("messages", [3, 30, 300])
def test_nothing_overlaps_and_nothing_stands_outside(parties: int, messages: int) -> None:
    picture = svg(a_ring(parties, messages))

    assert not overlapping(boxes(picture))
    assert not outside(picture)
    assert size(picture)[0] <= 1240


def test_of_a_storm_the_first_are_drawn_and_the_others_counted() -> None:
    written = texts(svg(a_ring(3, 188 + MOST)))

    assert "and 188 more" in written
    assert str(MOST) in written
    assert str(MOST + 1) not in written


def test_of_a_crowd_the_last_stand_as_one() -> None:
    written = texts(svg(a_ring(20, 40)))

    assert written.count("9 others") == 2


def test_a_failure_is_marked_by_a_sign_and_says_why() -> None:
    assert "✕ error: boom" in texts(svg((a_failure(error="boom"),)))


def test_what_nobody_got_ends_in_a_cross_and_has_no_nonce() -> None:
    picture = svg((a_lost_message(),))

    assert "✕ not a process here" in texts(picture)
    assert len(boxes(picture)) == 2


def test_who_waits_is_said() -> None:
    assert "… waits for 2 messages" in texts(svg((a_message(waits=2),)))


def test_a_message_to_oneself_returns_to_its_lane() -> None:
    picture = svg((a_message(ALICE, ALICE, "Tick"),))

    assert texts(picture).count("alice") == 1
    assert "Tick hello" in texts(picture)


def test_a_spawn_is_dashed_and_says_so() -> None:
    picture = svg((a_message(BOB, Party("k", "kid"), "Process", "NODATA", 0, kind=Kind.SPAWN),))

    assert "spawns" in texts(picture)
    assert drawn(picture).findall(".//{*}line")[-1].attrib["stroke-dasharray"] == "6 4"


def test_an_assignment_is_dotted_and_says_what() -> None:
    picture = svg((a_message(BOB, CAROL, "Transfer", "", 3, kind=Kind.ASSIGNMENT),))

    assert "assigns Transfer" in texts(picture)


def test_people_are_drawn_in_another_shape_than_processes() -> None:
    you, alice = drawn(svg((a_message(YOU, ALICE),))).findall("{*}rect")[1:3]

    assert float(you.attrib["rx"]) > float(alice.attrib["rx"])


def test_a_screen_reader_is_told_all_of_it() -> None:
    title, description = drawn(svg((a_message(), a_failure(BOB, CAROL, "boom")), "Two"))[:2]

    assert title.text == "Two"
    assert description.text == "alice to bob: Ping; bob to carol: Ping, error: boom"


def test_under_the_mouse_a_message_is_told_whole() -> None:
    picture = drawn(svg((a_message(ALICE, BOB, "Ping", "x" * 300, 7),)))

    (told,) = [group[0].text for group in picture.findall(".//{*}g")]
    assert told == f"alice → bob #7: Ping\n{'x' * 300}\nok"


def test_the_same_messages_are_the_same_picture() -> None:
    assert svg(a_ring(5, 30)) == svg(a_ring(5, 30))


def test_a_picture_without_messages_is_still_one() -> None:
    assert elements(svg(())) == {"svg", "title", "desc", "rect"}
