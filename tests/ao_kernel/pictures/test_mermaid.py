from ao_kernel.pictures.deliveries import Kind, Party
from ao_kernel.pictures.mermaid import MOST, fenced, sequence
from tests.ao_kernel.pictures.builders import (
    ALICE,
    BOB,
    YOU,
    a_failure,
    a_lost_message,
    a_message,
    a_ring,
)


def test_messages_are_arrows_between_participants() -> None:
    assert sequence((a_message(YOU, ALICE, "Eval", "x = 1", 3),)).split("\n") == [
        "sequenceDiagram",
        "actor p0 as you",
        "participant p1 as alice",
        "p0->>p1: Eval #35;3 x = 1",
    ]


def test_what_failed_or_was_lost_ends_in_a_cross_and_a_note() -> None:
    lines = sequence((a_failure(error="boom"), a_lost_message())).split("\n")

    assert "p0-xp1: Ping #35;1" in lines
    assert "Note over p1: error#58; boom" in lines
    assert "p0-xp2: Ping" in lines
    assert "Note over p2: not a process here" in lines


def test_spawns_and_assignments_are_dashed() -> None:
    kid = Party("k", "kid")

    lines = sequence(
        (a_message(BOB, kid, nonce=0, kind=Kind.SPAWN), a_message(BOB, kid, kind=Kind.ASSIGNMENT))
    ).split("\n")

    assert lines[-2:] == ["p0-->>p1: spawns #35;0", "p0-->>p1: assigns Ping #35;1 hello"]


def test_of_many_messages_the_first_are_written() -> None:
    assert sequence(a_ring(2, MOST + 7)).split("\n")[-1] == "Note over p0,p1: and 7 more"


def test_a_diagram_is_fenced_for_markdown() -> None:
    assert fenced("flowchart LR") == "```mermaid\nflowchart LR\n```"
