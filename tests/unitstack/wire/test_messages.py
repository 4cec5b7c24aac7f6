import pytest

from tests.items import (
    A_PROCESS,
    A_SCHEDULER,
    AN_ID,
    Pairs,
    a_message,
    a_module,
    a_process,
    a_wallet,
    an_item,
)
from unitstack.errors import InvalidItem
from unitstack.wire.data_item import DataItem
from unitstack.wire.messages import (
    MAX_GAS,
    MAX_MEMORY,
    Cron,
    Limits,
    ModuleFormat,
    check_limits,
    gas,
    limits,
    memory_bytes,
    read_cron,
    read_message,
    read_module,
    read_process,
    sender_of,
)
from unitstack.wire.tags import Tag

AO = ("Data-Protocol", "ao")
MESSAGE = ("Type", "Message")
PROCESS = ("Type", "Process")
FORMAT = ("Module-Format", "lua53-aos")
ENCODINGS = (("Input-Encoding", "JSON-1"), ("Output-Encoding", "JSON-1"))


def the_tags(*pairs: tuple[str, str]) -> tuple[Tag, ...]:
    return tuple(Tag(*pair) for pair in pairs)


def test_a_message_is_for_its_target_and_from_who_signed_it() -> None:
    item = a_message()

    message = read_message(item)

    assert (message.item, message.process) == (item, A_PROCESS)
    assert message.sender == a_wallet().address


def test_a_message_of_an_ethereum_key_is_from_its_ethereum_address() -> None:
    message = read_message(a_message(signer="ethereum"))

    assert message.sender == "0x1a642f0E3c3aF545E7AcBD38b07251B3990914F1"


def test_a_pushed_message_is_from_the_process_that_asked_for_it() -> None:
    assert str(read_message(a_message([("From-Process", AN_ID)])).sender) == AN_ID


def test_an_empty_from_process_counts_as_none() -> None:
    assert sender_of(an_item([("From-Process", "")])) == a_wallet().address
    assert sender_of(an_item([("From-Process", ""), ("From-Process", "x")])) == a_wallet().address


def test_a_process_item_is_the_first_message_of_its_own_log() -> None:
    item = a_process()

    message = read_message(item)

    assert (message.item, message.process) == (item, item.id)
    assert message.sender == a_wallet().address


def test_names_that_schedulers_read_in_lower_case_are_read() -> None:
    tags = [("data-protocol", "x"), ("data-protocol", "ao"), ("type", "Message"), PROCESS]

    assert read_message(an_item(tags, target=A_PROCESS)).process == A_PROCESS


@pytest.mark.parametrize(
    ("item", "reason"),
    [
        (an_item([AO], target=A_PROCESS), "has no Type tag"),
        (an_item([AO, ("Type", "Module")]), "its Type is 'Module', Message or Process is needed"),
        (an_item([MESSAGE], target=A_PROCESS), "has no tag Data-Protocol with the value ao"),
        (an_item([MESSAGE, ("Data-Protocol", "x")]), "has no tag Data-Protocol with the value ao"),
        (an_item([AO, MESSAGE]), "has no target: the process that it is for"),
        (a_message([("Body+link", "x")]), "tag 'Body\\+link' ends with \\+link, which no tag may"),
        (a_message([("Body", "x+link")]), "tag 'Body' ends with \\+link, which no tag may"),
    ],
)
def test_what_does_not_say_what_a_message_must_is_refused(item: DataItem, reason: str) -> None:
    with pytest.raises(InvalidItem, match=f"(item|message) {item.id}:? {reason}"):
        read_message(item)


def test_a_link_may_stand_anywhere_but_at_the_end() -> None:
    item = a_message([("a+link ", "+link?")])

    assert read_message(item).item == item


def test_a_process_says_its_module_its_scheduler_and_its_owner() -> None:
    item = a_process([("Cron-Interval", "1-minute")], signer="ethereum")

    process = read_process(item)

    assert (process.item, process.id) == (item, item.id)
    assert (process.module, process.scheduler) == (AN_ID, A_SCHEDULER)
    assert process.owner == a_wallet("ethereum").process_address
    assert process.cron == (Cron("1-minute", ()),)


@pytest.mark.parametrize(
    ("item", "reason"),
    [
        (a_message(), "its Type is 'Message', Process is needed"),
        (an_item([PROCESS]), "has no tag Data-Protocol with the value ao"),
        (an_item([AO, PROCESS, ("Scheduler", "s")]), "has no Module tag, or an empty one"),
        (a_process(scheduler=""), "has no Scheduler tag, or an empty one"),
        (a_process(module="m"), "an id has 43 characters, 'm' has 1"),
        (a_process([("A", "+link")]), "tag 'A' ends with \\+link"),
        (a_process([("Cron-Tag-A", "x")]), "unmatched Cron-Tag .* Cron-Interval: Cron-Tag-A"),
    ],
)
def test_what_does_not_say_what_a_process_must_is_refused(item: DataItem, reason: str) -> None:
    with pytest.raises(InvalidItem, match=reason):
        read_process(item)


def test_a_module_says_its_format_encodings_and_limits() -> None:
    item = a_module([("Memory-Limit", "500-mb"), ("Compute-Limit", "9000")])

    module = read_module(item)

    assert (module.item, module.id, module.format) == (item, item.id, ModuleFormat.LUA)
    assert (module.input_encoding, module.output_encoding) == ("JSON-1", "JSON-1")
    assert (module.memory_limit, module.compute_limit) == (500 << 20, 9000)


def test_a_module_without_limits_may_use_what_any_may() -> None:
    module = read_module(a_module())

    assert (module.memory_limit, module.compute_limit) == (1 << 30, 9_000_000_000_000)


@pytest.mark.parametrize("format", ModuleFormat)
def test_every_format_is_known_by_its_name(format: ModuleFormat) -> None:
    assert read_module(a_module(format=format.value)).format is format


@pytest.mark.parametrize(
    ("tags", "reason"),
    [
        (ENCODINGS, "has no Module-Format tag"),
        ((("Module-Format", "elf"), *ENCODINGS), "Module-Format for module .* is not supported: 'elf'"),
        ((FORMAT, ENCODINGS[1]), "has no Input-Encoding tag"),
        ((FORMAT, ENCODINGS[0]), "has no Output-Encoding tag"),
        ((FORMAT, *ENCODINGS, ("Memory-Limit", "much")), "Memory-Limit is 'much'"),
        ((FORMAT, *ENCODINGS, ("Compute-Limit", "-1")), "Compute-Limit is '-1'"),
    ],
)  # fmt: skip
def test_what_does_not_say_what_a_module_must_is_refused(tags: Pairs, reason: str) -> None:
    with pytest.raises(InvalidItem, match=reason):
        read_module(an_item(tags))


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("500-mb", 500 << 20),
        ("1-gb", 1 << 30),
        ("1GB", 1 << 30),
        ("1.5 kb", 1536),
        ("64-b", 64),
        ("1024", 1024),
        ("2tb", 2 << 40),
        ("1-pb", 1 << 50),
    ],
)
def test_a_memory_limit_counts_in_steps_of_1024(text: str, size: int) -> None:
    assert memory_bytes(text) == size


@pytest.mark.parametrize(
    "text", ["", "mb", "-", "5-5-mb", "1-xb", "-1-mb", "1e3", "٣-mb", "9" * 16]
)
def test_what_is_no_size_is_refused(text: str) -> None:
    with pytest.raises(InvalidItem, match="a size such as '500-mb' is needed"):
        memory_bytes(text)


@pytest.mark.parametrize("text", ["", "1.5", "x", "٣", "1" * 21, "1\n"])
def test_what_is_no_amount_of_gas_is_refused(text: str) -> None:
    with pytest.raises(InvalidItem, match="a whole number is needed"):
        gas(text)


def test_a_processs_own_limits_win_over_its_modules() -> None:
    module = read_module(a_module([("Memory-Limit", "8-gb"), ("Compute-Limit", "9000")]))
    process = read_process(a_process([("Memory-Limit", "1-mb")]))

    assert limits(process, module) == Limits(1 << 20, 9000)


def test_a_process_without_limits_has_its_modules() -> None:
    own = read_process(a_process([("Compute-Limit", "5")]))

    assert limits(read_process(a_process()), read_module(a_module())) == Limits(MAX_MEMORY, MAX_GAS)
    assert limits(own, read_module(a_module())) == Limits(MAX_MEMORY, 5)


@pytest.mark.parametrize(
    ("tag", "reason"),
    [
        (("Memory-Limit", "2-gb"), f"is {2 << 30}, {1 << 30} is supported"),
        (("Compute-Limit", "9000000000001"), "is 9000000000001, 9000000000000 is supported"),
    ],
)
def test_no_process_may_use_more_than_any_may(tag: tuple[str, str], reason: str) -> None:
    process = read_process(a_process([tag]))

    with pytest.raises(InvalidItem, match=f"{tag[0]} for process {process.id} {reason}"):
        limits(process, read_module(a_module()))


@pytest.mark.parametrize(
    ("tag", "reason"),
    [
        (("Memory-Limit", "lots"), "Memory-Limit is 'lots', a size such as '500-mb' is needed"),
        (
            ("Memory-Limit", "2-gb"),
            f"Memory-Limit of a process is {2 << 30}, {1 << 30} is supported",
        ),
        (("Compute-Limit", "1e9"), "Compute-Limit is '1e9', a whole number is needed"),
        (("Compute-Limit", "9000000000001"), "Compute-Limit of a process is 9000000000001"),
    ],
)
def test_limits_that_no_process_can_have_are_refused(tag: tuple[str, str], reason: str) -> None:
    check_limits([])
    check_limits([Tag("Memory-Limit", "64-mb"), Tag("Compute-Limit", "5")])

    with pytest.raises(InvalidItem, match=reason):
        check_limits([Tag(*tag)])


def test_cron_tags_belong_to_the_interval_before_them() -> None:
    read = read_cron(
        the_tags(
            ("Name", "x"),
            ("Cron-Interval", "5-minutes"),
            ("Cron-Tag-Action", "Tick"),
            ("Other", "y"),
            ("Cron-Tag-Action", "Tock"),
            ("Cron-Interval", "10-blocks"),
            ("Cron-Tag-Kind", "Block"),
        )
    )

    assert read == (
        Cron("5-minutes", (Tag("Action", "Tick"), Tag("Action", "Tock"))),
        Cron("10-blocks", (Tag("Kind", "Block"),)),
    )
