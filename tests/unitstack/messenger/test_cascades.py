import pytest

from unitstack.messenger.budget import Budget
from unitstack.messenger.cascades import Cascades


@pytest.fixture
def cascades() -> Cascades:
    return Cascades(lambda: 0.0)


def test_a_thousand_cascades_that_ended_are_remembered(cascades: Cascades) -> None:
    for number in range(1001):
        cascades.stop(cascades.going(str(number)), "enough")

    assert cascades.find("0") is None
    assert cascades.find("1") is not None


def test_of_many_notes_the_first_are_kept(cascades: Cascades) -> None:
    progress = cascades.going("storm")
    for number in range(1000):
        progress.note(str(number))

    assert progress.report().notes == tuple(map(str, range(100)))


def test_time_begins_with_the_first_message_that_is_set_off() -> None:
    seconds = iter((100.0, 161.0))
    cascades = Cascades(lambda: next(seconds))
    progress = cascades.going("slow")

    reasons = [cascades.why_to_stop(progress, Budget(seconds=60.0), 1) for _ in range(2)]

    assert reasons[0] is None
    assert reasons[1] is not None
    assert "61.0 s" in reasons[1]
