from ao_kernel.pictures.deliveries import Kind, Party
from ao_kernel.pictures.plain import MOST, sentences, sequence
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


def test_a_few_messages_are_drawn_with_arrows_between_columns() -> None:
    messages = (
        a_message(YOU, BOB, "Eval", nonce=3),
        a_message(BOB, ALICE, "Ping", nonce=1),
        a_message(ALICE, BOB, "Pong", nonce=4),
    )

    assert sequence(messages).split("\n") == [
        "you       bob      alice",
        " |-- Eval >|         |  #3",
        " |         |-- Ping >|  #1",
        " |         |<- Pong -|  #4",
    ]


def test_what_is_out_of_the_ordinary_stands_beside_the_arrow() -> None:
    messages = (a_failure(error="boom"), a_lost_message(), a_message(waits=1))

    _, failed, lost, waiting = sequence(messages).split("\n")

    assert failed.endswith("#1  error: boom")
    assert lost.endswith("- Ping ----x|  not a process here")
    assert waiting.endswith("#1  waits for a message")


def test_spawns_and_assignments_have_arrows_of_their_own() -> None:
    kid = Party("k", "kid")
    messages = (
        a_message(BOB, kid, nonce=0, kind=Kind.SPAWN),
        a_message(BOB, kid, "Ping", kind=Kind.ASSIGNMENT),
    )

    _, spawn, assignment = sequence(messages).split("\n")

    assert "== spawns ===" in spawn
    assert ".. assigns Ping >" in assignment


def test_a_message_to_oneself_bends_back() -> None:
    assert sequence((a_message(ALICE, ALICE, "Tick"),)).split("\n")[1] == "  |--. Tick  #1"


def test_too_many_columns_for_a_terminal_become_a_list() -> None:
    first = sequence(a_ring(12, 12)).split("\n")[0]

    assert first == "  1  process0 -> process3: Ping  #1"


def test_of_many_messages_the_first_are_written() -> None:
    assert sequence(a_ring(2, MOST + 7)).split("\n")[-1] == "and 7 more"


def test_there_are_no_ids_in_it() -> None:
    assert ALICE.id not in sequence((a_message(),))


def test_no_messages_are_said_to_be_none() -> None:
    assert sequence(()) == sentences(()) == "no messages"


def test_in_words_a_message_is_a_sentence() -> None:
    assert sentences((a_message(), a_failure(BOB, CAROL))) == (
        "alice to bob: Ping; bob to carol: Ping, error: boom"
    )
