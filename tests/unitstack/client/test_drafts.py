from tests.items import A_PROCESS, A_SCHEDULER, AN_ID
from unitstack.client.drafts import Defaults, data_of, message, process, tags_of
from unitstack.wire.ids import Address, ModuleId, TxId
from unitstack.wire.messages import Draft
from unitstack.wire.tags import Tag, find_all

OTHER = TxId("B" * 42 + "A")
DEFAULTS = Defaults(ModuleId(AN_ID), Address(A_SCHEDULER), (Address("mu"), Address("other mu")))


def test_a_message_has_aos_tags_after_its_own() -> None:
    draft = message(Draft(A_PROCESS, (Tag("Action", "Ping"),)))

    assert draft.tags == (
        ("Action", "Ping"),
        ("Data-Protocol", "ao"),
        ("Variant", "ao.TN.1"),
        ("Type", "Message"),
    )


def test_tags_of_aos_that_are_given_are_kept() -> None:
    draft = message(Draft(A_PROCESS, (Tag("Variant", "ao.N.1"),)))

    assert find_all(draft.tags, "Variant") == ("ao.N.1",)


def test_a_process_names_its_code_its_scheduler_and_whom_it_trusts() -> None:
    draft = process(Draft(tags=(Tag("Name", "alice"),)), DEFAULTS)

    assert draft.tags == (
        ("Name", "alice"),
        ("Authority", "mu"),
        ("Authority", "other mu"),
        ("Data-Protocol", "ao"),
        ("Variant", "ao.TN.1"),
        ("Type", "Process"),
        ("Module", AN_ID),
        ("Scheduler", A_SCHEDULER),
    )


def test_what_a_process_is_given_stands_before_the_defaults() -> None:
    own = (Tag("Module", OTHER), Tag("Scheduler", OTHER), Tag("Authority", OTHER))

    draft = process(Draft(tags=own), DEFAULTS)

    found = [find_all(draft.tags, name) for name in ("Module", "Scheduler", "Authority")]
    assert found == [(OTHER,)] * 3


def test_two_equal_messages_are_two() -> None:
    first, second = message(Draft(A_PROCESS)), message(Draft(A_PROCESS))

    assert len(first.anchor) == len(second.anchor) == 32
    assert first.anchor != second.anchor


def test_an_anchor_that_is_given_is_kept() -> None:
    assert message(Draft(A_PROCESS, anchor=b"a" * 32)).anchor == b"a" * 32


def test_no_data_is_sent_as_a_space() -> None:
    assert message(Draft(A_PROCESS)).data == b" "


def test_data_is_text_or_bytes() -> None:
    assert [data_of("é"), data_of(b"\0")] == [b"\xc3\xa9", b"\0"]


def test_tags_are_pairs_or_a_mapping() -> None:
    pairs = (("A", "1"), ("A", "2"))

    assert tags_of(pairs) == pairs
    assert tags_of({"A": "1"}) == (("A", "1"),)
