from collections import Counter

import pytest

from unitstack.errors import Refused
from unitstack.router import Choice, Origin, cyrb53

HOSTS = ("http://a", "http://b", "http://c")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("process-123", 273794514607807),
        ("0h1DJuO1SBNOR54ZN-rwt0Ztenpv7us1XKDxhLMzYq0", 4666751578875397),
        ("SQYxaO7iM_i1eL-3skVf2wLBi0Fhrzv5oy705bEohEs", 62272506276486),
        ("", 3338908027751811),
    ],
)
def test_the_hash_is_that_of_the_field_s_routers(text: str, value: int) -> None:
    assert cyrb53(text) == value


def test_characters_count_as_javascript_counts_them() -> None:
    assert cyrb53("\U0001f600") == cyrb53("\ud83d\ude00")
    assert cyrb53("x") != cyrb53("x", seed=1)


def test_a_process_has_the_same_order_each_time_and_each_host_once() -> None:
    order = Choice(HOSTS).of("process-123")

    assert order == Choice(HOSTS).of("process-123")
    assert sorted(order) == sorted(HOSTS)
    assert order[0] == HOSTS[273794514607807 % 3]


def test_the_next_host_is_the_next_in_the_list() -> None:
    first, second, third = Choice(HOSTS).of("process-123")

    at = HOSTS.index(first)
    assert (second, third) == (HOSTS[(at + 1) % 3], HOSTS[(at + 2) % 3])


def test_processes_are_spread_over_all_hosts() -> None:
    chosen = Counter(Choice(HOSTS).of(f"process-{number}")[0] for number in range(3000))

    assert all(900 < count < 1100 for count in chosen.values())


def test_a_process_that_is_kept_to_a_host_has_no_other() -> None:
    choice = Choice(HOSTS, processes={"p": "http://x"}, owners={"o": "http://y"})

    assert choice.of("p", Origin("o")) == ("http://x",)
    assert choice.of("q", Origin("o")) == ("http://y",)
    assert choice.of("q", Origin("other")) == Choice(HOSTS).of("q")


def test_who_owns_a_process_decides_before_the_module_that_spawned_it() -> None:
    choice = Choice(
        HOSTS, {"p": "http://x"}, owners={"o": "http://y"}, from_modules={"m": "http://z"}
    )

    assert choice.of("p", Origin("o", "m")) == ("http://x",)
    assert choice.of("q", Origin("o", "m")) == ("http://y",)
    assert choice.of("q", Origin("other", "m")) == ("http://z",)
    assert choice.of("q", Origin("other", "n")) == Choice(HOSTS).of("q")


def test_where_a_process_comes_from_matters_only_if_nothing_else_decides() -> None:
    kept = Choice(HOSTS, {"p": "http://x"}, from_modules={"m": "http://z"})

    assert kept.needs_origin("q")
    assert not kept.needs_origin("p")
    assert not Choice(HOSTS, {"p": "http://x"}).needs_origin("q")


def test_of_none_there_is_no_choice() -> None:
    with pytest.raises(Refused, match="at least one is needed"):
        Choice(())
