import pytest

from ao_kernel.pictures.deliveries import Party
from ao_kernel.pictures.graph import MOST, WORDS, svg
from ao_kernel.pictures.topology import Edge, Node, Topology, edges_of
from tests.ao_kernel.pictures.builders import ALICE, BOB, CAROL, YOU, a_message, a_ring
from tests.ao_kernel.pictures.drawing import boxes, drawn, outside, overlapping, size, texts


def a_topology(parties: int, messages: int) -> Topology:
    edges = edges_of(a_ring(parties, messages))
    found = dict.fromkeys(party for edge in edges for party in (edge.sender, edge.receiver))
    return Topology(tuple(Node(party, 3, waiting=1, crons=("1-day",)) for party in found), edges)


PAIR = Topology((Node(YOU), Node(ALICE, messages=2)), (Edge(YOU, ALICE, 2, actions=("2 Eval",)),))


def test_who_wrote_to_whom_is_counted_in_the_order_of_the_first_message() -> None:
    edges = edges_of(
        (
            a_message(ALICE, BOB),
            a_message(BOB, CAROL, "Pong"),
            a_message(ALICE, BOB, "Tick"),
            a_message(ALICE, BOB),
        )
    )

    assert [(edge.sender.name, edge.receiver.name, edge.count) for edge in edges] == [
        ("alice", "bob", 3),
        ("bob", "carol", 1),
    ]
    assert [edge.said for edge in edges] == ["2 Ping, Tick", "Pong"]


def test_of_many_actions_the_commonest_are_named() -> None:
    edge = Edge(ALICE, BOB, 9, actions=("4 A", "2 B", "2 C", "D"))

    assert edge.said == "4 A, 2 B, 2 C, and 1 more"


def test_a_process_tells_what_is_there_to_be_told() -> None:
    node = Node(ALICE, 5, queue=2, waiting=1, errors=3, crons=("10-minutes",))

    assert node.lines == (
        "5 messages",
        "2 in the queue",
        "waits in receive(): 1",
        "cron: 10-minutes",
        "✕ 3 failed",
    )
    assert Node(BOB, 1).lines == ("1 message",)
    assert Node(YOU).lines == ()


def test_processes_are_tied_to_those_who_spawned_them_and_to_those_they_trust() -> None:
    nodes = (Node(ALICE, owner=YOU), Node(BOB, owner=ALICE, trusts=(ALICE, CAROL, BOB)))

    ties = Topology(nodes, ()).ties

    assert [(tie.sender, tie.receiver, tie.kind) for tie in ties] == [
        (ALICE, BOB, "spawned"),
        (BOB, ALICE, "trusts"),
    ]


def test_of_a_crowd_the_busiest_are_kept_in_their_order() -> None:
    topology = Topology(
        (Node(ALICE), Node(BOB), Node(CAROL)), (Edge(CAROL, ALICE, 3), Edge(BOB, ALICE, 1))
    )

    few, more = topology.busiest(2)

    assert [node.party for node in few.nodes] == [ALICE, CAROL]
    assert (few.edges, more) == ((Edge(CAROL, ALICE, 3),), 1)


def test_as_text_each_process_is_a_line_with_those_it_wrote_to_below() -> None:
    nodes = (Node(YOU), Node(ALICE, 2, queue=1), Node(BOB, 1, owner=ALICE))

    assert Topology(nodes, PAIR.edges).to_plain().split("\n") == [
        "you",
        "  -> alice: 2 Eval",
        "alice: 2 messages, 1 in the queue",
        "bob: 1 message, spawned by alice",
    ]
    assert Topology((), ()).to_plain() == "no processes"


def test_as_tables_processes_and_ways_are_apart() -> None:
    topology = Topology((Node(YOU), Node(BOB, 1, owner=YOU, trusts=(ALICE,))), PAIR.edges)

    assert topology.to_table().rows == (("you", "alice", "2", "2 Eval"),)
    assert topology.nodes_table().rows == (("bob", "1", "0", "0", "0", "", "you", "alice"),)


def test_as_mermaid_people_are_round_and_ties_dashed() -> None:
    topology = Topology((*PAIR.nodes, Node(BOB, 1, owner=ALICE)), PAIR.edges)

    assert topology.to_mermaid().split("\n") == [
        "flowchart LR",
        'p0(["you"])',
        'p1["alice<br/>2 messages"]',
        'p2["bob<br/>1 message"]',
        "p0 -->|2| p1",
        "p1 -.->|spawned| p2",
    ]
    assert a_topology(6, 30).to_mermaid(4).split("\n")[-1] == "more[and 2 more]"


@pytest.mark.parametrize("parties", [1, 2, 3, 5, 12, 30])
@pytest.mark.parametrize("messages", [3, 30, 300])
def test_nothing_overlaps_and_nothing_stands_outside(parties: int, messages: int) -> None:
    picture = svg(a_topology(parties, messages))

    assert not overlapping(boxes(picture))
    assert not outside(picture)
    assert size(picture)[0] <= 1150


def test_a_few_arrows_say_what_they_carry_and_many_how_much() -> None:
    assert "2 Eval" in texts(svg(PAIR))
    many = svg(a_topology(WORDS + 1, 300))
    assert not any("Ping" in text for text in texts(many))


def test_what_is_dashed_and_dotted_is_explained_where_it_is_drawn() -> None:
    tied = Topology((Node(ALICE), Node(BOB, owner=ALICE, trusts=(ALICE,))), ())

    assert texts(svg(tied))[-1] == "on the arrows: messages · dashed: spawned · dotted: trusts"
    assert texts(svg(PAIR))[-1] == "on the arrows: messages"


def test_of_a_crowd_the_busiest_are_drawn_and_the_others_counted() -> None:
    picture = svg(a_topology(MOST + 4, 300))

    assert len(boxes(picture)) == MOST
    assert texts(picture)[-1].endswith("and 4 more that wrote less")


def test_a_screen_reader_is_told_all_of_it() -> None:
    title, description = drawn(svg(PAIR))[:2]

    assert title.text == "Processes"
    assert description.text == "you;   -> alice: 2 Eval; alice: 2 messages"


def test_those_who_wrote_to_each_other_stand_side_by_side() -> None:
    strangers = [Party(f"s{number}", f"s{number}") for number in range(4)]
    nodes = tuple(Node(party) for party in (ALICE, *strangers, BOB, CAROL))
    friends = (Edge(strangers[0], BOB, 9), Edge(BOB, strangers[3], 9))

    written = texts(svg(Topology(nodes, friends)))

    places = {name: written.index(name) for name in ("s0", "bob", "s3")}
    assert abs(places["bob"] - places["s0"]) <= 2
    assert abs(places["bob"] - places["s3"]) <= 2


def test_an_empty_world_is_still_a_picture() -> None:
    assert boxes(svg(Topology((), ()))) == []
