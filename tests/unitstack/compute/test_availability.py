"""What a process may read of the weave follows from its own tags and its module's."""

import pytest

from tests.items import AN_ID, an_item
from unitstack.compute.availability import Mode, Terms, extensions, has_drive, terms_of, vouchers
from unitstack.errors import EngineError
from unitstack.units import Search
from unitstack.wire.ids import Address
from unitstack.wire.messages import Module, ModuleFormat, Process, read_module, read_process

ATTESTOR, OTHER, SCHEDULER = (Address(letter * 43) for letter in "ABS")


def a_module(*tags: tuple[str, str], format: str = ModuleFormat.WASM32_4) -> Module:
    needed = (
        ("Data-Protocol", "ao"),
        ("Type", "Module"),
        ("Module-Format", format),
        ("Input-Encoding", "JSON-1"),
        ("Output-Encoding", "JSON-1"),
    )
    return read_module(an_item((*needed, *tags)))


def a_process(*tags: tuple[str, str]) -> Process:
    needed = (
        ("Data-Protocol", "ao"),
        ("Type", "Process"),
        ("Variant", "ao.TN.1"),
        ("Module", AN_ID),
        ("Scheduler", SCHEDULER),
    )
    return read_process(an_item((*needed, *tags)))


def terms(mode: str) -> Terms:
    return Terms(True, mode, (ATTESTOR,), None)


def test_modules_of_one_format_and_those_that_ask_for_it_are_given_a_drive() -> None:
    asking = a_module(("Extension", "WeaveDrive"), ("Extension", "Other"))

    assert extensions(asking) == ("WeaveDrive", "Other")
    assert has_drive(asking)
    assert has_drive(a_module(format=ModuleFormat.WASM64))
    assert not has_drive(a_module())


def test_without_any_tags_nothing_was_asked_for() -> None:
    assert terms_of(a_process(), a_module()) == Terms(False, "Assignments", (SCHEDULER,), None)


def test_a_processs_own_tags_go_before_its_modules() -> None:
    module = a_module(("Extension", "WeaveDrive"), ("Availability-Type", "Library"))
    process = a_process(
        ("Availability-Type", "Individual"),
        ("Attestor", ATTESTOR),
        ("Attestor", OTHER),
        ("On-Boot", "first"),
        ("On-Boot", "last"),
    )

    found = terms_of(process, module)

    assert found == Terms(True, "Individual", (SCHEDULER, ATTESTOR, OTHER), "last")
    assert terms_of(a_process(), module).mode == Mode.LIBRARY
    assert terms_of(a_process(("Extension", "WeaveDrive")), a_module()).asked


def test_a_message_is_vouched_for_by_an_attestation_up_to_a_block() -> None:
    (search,) = vouchers(terms(Mode.ASSIGNMENTS), AN_ID, 7)

    wanted = (("Type", ("Attestation",)), ("Message", (AN_ID,)), ("Data-Protocol", ("ao",)))
    assert search == Search(owners=(ATTESTOR,), tags=wanted, min_height=0, max_height=7, limit=1)


def test_a_single_item_may_be_vouched_for_as_available() -> None:
    _, search = vouchers(terms(Mode.INDIVIDUAL), AN_ID, 7)

    wanted = (("Type", ("Available",)), ("ID", (AN_ID,)), ("Data-Protocol", ("WeaveDrive",)))
    assert search.tags == wanted


@pytest.mark.parametrize(
    ("mode", "words"),
    [("Library", "Library is not supported yet"), ("Else", "is 'Else'; Assignments, Individual")],
)
def test_terms_that_nobody_can_keep_say_so(mode: str, words: str) -> None:
    with pytest.raises(EngineError, match=words):
        list(vouchers(terms(mode), AN_ID, 7))
