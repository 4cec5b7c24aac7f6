import pytest

from ao_kernel.bars import bar_of, clock, filled, finished


def test_a_bar_tells_what_is_done_how_fast_and_how_long_it_will_take() -> None:
    assert bar_of("replaying", "messages", 420, 1000, 3.0) == (
        "replaying  42%|████████▍           | 420/1,000 messages [00:03<00:04, 140 messages/s]"
    )


def test_before_anything_is_done_nobody_knows_how_long_it_will_take() -> None:
    assert bar_of("loading", "files", 0, 3, 1.0).endswith("| 0/3 files [00:01<?, 0.0 files/s]")


def test_of_what_has_no_count_the_time_is_told() -> None:
    assert bar_of("evaluating", "messages", 0, 0, 3.2) == "evaluating [00:03]"
    assert bar_of("delivering", "messages", 1200, 0, 3.2) == "delivering: 1,200 messages [00:03]"


def test_more_done_than_there_was_fills_the_bar_and_no_more() -> None:
    assert filled(1.0) == "█" * 20
    assert "100%" in bar_of("x", "y", 12, 10, 1.0)


def test_the_end_tells_how_long_it_took() -> None:
    assert finished("rewinding", "messages", 1000, 3.21) == "rewinding: 1,000 messages in 3.2 s"
    assert finished("evaluating", "messages", 0, 2.0) == "evaluating in 2.0 s"


@pytest.mark.parametrize(("seconds", "text"), [(5, "00:05"), (65, "01:05"), (3665, "1:01:05")])
def test_a_span_is_minutes_and_seconds(seconds: float, text: str) -> None:
    assert clock(seconds) == text
