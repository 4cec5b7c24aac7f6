import pytest

from tests.items import A_PROCESS, A_SCHEDULER, AN_ID, a_process
from unitstack.messenger.crank import (
    Assign,
    Dropped,
    Effect,
    Push,
    Spawn,
    effects_of,
    spawned_notice,
)
from unitstack.wire.ids import MessageId, ProcessId, TxId
from unitstack.wire.messages import read_process
from unitstack.wire.results import (
    Json,
    Outbox,
    OutgoingAssignment,
    OutgoingMessage,
    OutgoingSpawn,
    OutgoingTag,
)
from unitstack.wire.tags import find_all

SENDER = read_process(a_process())
ROOT = MessageId(TxId("R" * 42 + "A"))
ANCHOR = "1".zfill(32)


def tags(*pairs: tuple[str, Json]) -> tuple[OutgoingTag, ...]:
    return tuple(OutgoingTag(*pair) for pair in pairs)


def a_message(
    *pairs: tuple[str, Json],
    target: str | None = A_PROCESS,
    data: Json = "hello",
    anchor: str | None = ANCHOR,
) -> OutgoingMessage:
    return OutgoingMessage(target, tags(*pairs), data, anchor)


def a_spawn(
    *pairs: tuple[str, Json], data: Json = "code", anchor: str | None = ANCHOR
) -> OutgoingSpawn:
    return OutgoingSpawn(tags(("Module", AN_ID), *pairs), data, anchor)


def asked(
    *messages: OutgoingMessage,
    spawns: tuple[OutgoingSpawn, ...] = (),
    assignments: tuple[OutgoingAssignment, ...] = (),
    root: MessageId | None = ROOT,
) -> tuple[Effect | Dropped, ...]:
    return effects_of(Outbox(messages, spawns, assignments), SENDER, root)


def pushed(message: OutgoingMessage, root: MessageId | None = ROOT) -> Push:
    (effect,) = asked(message, root=root)
    assert isinstance(effect, Push)
    return effect


def spawned(spawn: OutgoingSpawn) -> Spawn:
    (effect,) = asked(spawns=(spawn,))
    assert isinstance(effect, Spawn)
    return effect


def why_dropped(message: OutgoingMessage) -> str:
    (effect,) = asked(message)
    assert isinstance(effect, Dropped)
    return str(effect)


def test_a_pushed_message_has_the_tags_of_aos_messengers_in_their_order() -> None:
    message = a_message(
        ("Data-Protocol", "ao"),
        ("Variant", "ao.TN.1"),
        ("Type", "Message"),
        ("Reference", "7"),
        ("From-Process", "forged"),
        ("From-Module", "forged"),
        ("Action", "Ping"),
    )

    assert pushed(message).draft.tags == (
        ("Variant", "ao.TN.1"),
        ("Reference", "7"),
        ("Action", "Ping"),
        ("Data-Protocol", "ao"),
        ("Type", "Message"),
        ("From-Process", SENDER.id),
        ("From-Module", AN_ID),
        ("Pushed-For", ROOT),
    )


def test_a_pushed_message_keeps_target_data_and_anchor() -> None:
    draft = pushed(a_message()).draft

    assert (draft.target, draft.data, draft.anchor) == (A_PROCESS, b"hello", ANCHOR.encode())


def test_a_variant_of_the_process_is_kept() -> None:
    draft = pushed(a_message(("Variant", "ao.N.1"))).draft

    assert find_all(draft.tags, "Variant") == ("ao.N.1",)


def test_a_message_without_variant_gets_one() -> None:
    assert find_all(pushed(a_message()).draft.tags, "Variant") == ("ao.TN.1",)


def test_what_no_message_set_off_is_pushed_for_none() -> None:
    assert find_all(pushed(a_message(), root=None).draft.tags, "Pushed-For") == ()


def test_a_message_without_data_carries_a_space() -> None:
    assert [pushed(a_message(data=data)).draft.data for data in (None, "", 0, False)] == [b" "] * 4


def test_a_tag_that_is_not_text_drops_the_message() -> None:
    reason = why_dropped(a_message(("Quantity", 5)))

    assert "its tag Quantity is the number 5, only text can be sent" in reason


@pytest.mark.parametrize(
    ("value", "shown"), [(["a"], "a table"), (True, "the boolean true"), (None, "nil")]
)
def test_what_a_tag_is_instead_of_text_is_told(value: Json, shown: str) -> None:
    assert f"its tag X is {shown}" in why_dropped(a_message(("X", value)))


def test_data_that_is_not_text_drops_the_message() -> None:
    assert "its Data is the number 42" in why_dropped(a_message(data=42))


def test_a_message_without_target_is_dropped() -> None:
    assert "it has no Target" in why_dropped(a_message(target=None))


def test_a_patch_for_a_node_is_no_message_and_nothing_is_said_of_it() -> None:
    patch = a_message(("device", "patch@1.0"), ("balances", {"alice": "1"}), target=None)

    assert asked(patch, a_message()) == asked(a_message())


def test_a_message_without_anchor_is_dropped() -> None:
    assert "it has no Anchor" in why_dropped(a_message(anchor=None))


def test_an_anchor_of_another_size_drops_the_message() -> None:
    assert "its Anchor has 2 bytes, 32 are needed" in why_dropped(a_message(anchor="12"))


def test_a_target_of_43_characters_that_is_no_id_drops_the_message() -> None:
    assert "is not an id" in why_dropped(a_message(target="R" * 43))


def test_a_name_that_nobody_has_drops_the_message() -> None:
    assert "'alice' is neither an id nor the name" in why_dropped(a_message(target="alice"))


def test_a_dropped_message_is_told_by_its_place_and_its_sender() -> None:
    *_, dropped = asked(a_message(), a_message(target=None))

    assert str(dropped).startswith(f"message 2 of 2 of process {SENDER.id} was dropped")


def test_a_name_is_sent_to_the_process_that_has_it() -> None:
    outbox = Outbox(messages=(a_message(target="alice"),))

    (effect,) = effects_of(outbox, SENDER, ROOT, {"alice": A_PROCESS}.get)

    assert isinstance(effect, Push)
    assert effect.draft.target == A_PROCESS


def test_one_dropped_message_does_not_hold_up_the_others() -> None:
    kinds = [type(effect) for effect in asked(a_message(), a_message(("X", 1)), a_message())]

    assert kinds == [Push, Dropped, Push]


def test_messages_come_before_spawns_and_these_before_assignments() -> None:
    assignment = OutgoingAssignment(AN_ID, (A_PROCESS,))

    effects = asked(a_message(), spawns=(a_spawn(),), assignments=(assignment,))

    assert [type(effect) for effect in effects] == [Push, Spawn, Assign]


def test_a_spawned_process_has_the_tags_of_aos_messengers_in_their_order() -> None:
    spawn = a_spawn(
        ("Data-Protocol", "ao"),
        ("Variant", "ao.TN.1"),
        ("Type", "Process"),
        ("From-Process", SENDER.id),
        ("From-Module", "forged"),
        ("Reference", "3"),
    )

    draft = spawned(spawn).draft

    assert draft.tags == (
        ("Module", AN_ID),
        ("Variant", "ao.TN.1"),
        ("From-Process", SENDER.id),
        ("From-Module", AN_ID),
        ("Reference", "3"),
        ("Variant", "ao.TN.1"),
        ("Data-Protocol", "ao"),
        ("Type", "Process"),
        ("From-Process", SENDER.id),
        ("Pushed-For", ROOT),
        ("Scheduler", A_SCHEDULER),
    )
    assert (draft.target, draft.anchor, draft.data) == ("", b"", b"code")


def test_a_spawn_that_names_a_scheduler_keeps_it() -> None:
    draft = spawned(a_spawn(("Scheduler", "elsewhere"))).draft

    assert find_all(draft.tags, "Scheduler") == ("elsewhere",)


def test_a_spawn_for_the_mainnet_says_so() -> None:
    draft = spawned(a_spawn(("Variant", "ao.N.1"))).draft

    assert find_all(draft.tags, "Variant") == ("ao.N.1", "ao.N.1")


def test_a_spawn_without_anchor_is_dropped() -> None:
    (effect,) = asked(spawns=(a_spawn(anchor=None),))

    assert "spawn 1 of 1" in str(effect)
    assert "it has no Anchor" in str(effect)


def test_a_spawn_without_module_is_dropped() -> None:
    (effect,) = asked(spawns=(OutgoingSpawn((), "code", ANCHOR),))

    assert "it has no Module tag" in str(effect)


def test_the_news_of_a_spawn_has_the_tags_that_were_asked_for_and_the_id() -> None:
    spawn = spawned(
        a_spawn(
            ("Data-Protocol", "ao"),
            ("Variant", "ao.TN.1"),
            ("Type", "Process"),
            ("From-Process", SENDER.id),
            ("Reference", "3"),
        )
    )
    process = a_process()

    notice = spawned_notice(spawn, process)

    assert notice.tags == (
        ("Module", AN_ID),
        ("From-Process", SENDER.id),
        ("Reference", "3"),
        ("Data-Protocol", "ao"),
        ("Type", "Message"),
        ("Process", process.id),
        ("Action", "Spawned"),
        ("Variant", "ao.TN.1"),
    )
    assert (notice.target, notice.data, notice.anchor) == (SENDER.id, b" ", b"")


def test_the_news_of_a_spawn_without_variant_has_one() -> None:
    notice = spawned_notice(spawned(a_spawn()), a_process())

    assert find_all(notice.tags, "Variant") == ("ao.TN.1",)


def test_an_assignment_to_many_is_one_for_each() -> None:
    other = ProcessId(AN_ID)
    assignment = OutgoingAssignment(AN_ID, (A_PROCESS, other), base_layer=True, exclude=("Data",))

    assert asked(assignments=(assignment,)) == (
        Assign(SENDER.id, A_PROCESS, AN_ID, ("Data",), base_layer=True),
        Assign(SENDER.id, other, AN_ID, ("Data",), base_layer=True),
    )


def test_an_assignment_of_what_is_no_id_is_dropped() -> None:
    (effect,) = asked(assignments=(OutgoingAssignment("nothing", (A_PROCESS,)),))

    assert "assignment of nothing 1 of 1" in str(effect)
