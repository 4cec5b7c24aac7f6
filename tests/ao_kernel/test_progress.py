import asyncio

from ao_kernel.outputs import CellOutput, Shown, Updated
from ao_kernel.progress import Bar, progress, watched
from unitstack.errors import NotFound


class Watch:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def texts(outputs: list[CellOutput]) -> list[str]:
    return [str(each.data["text/plain"]) for each in outputs if isinstance(each, Shown | Updated)]


def test_what_is_quick_shows_nothing() -> None:
    shown: list[CellOutput] = []
    watch = Watch()
    with progress("rewinding", "messages", shown.append, watch) as bar:
        for done in range(10):
            watch.now += 0.09
            bar(done, 10)

    assert shown == []


def test_what_is_long_shows_a_bar_that_is_changed_in_place() -> None:
    shown: list[CellOutput] = []
    watch = Watch()
    with progress("rewinding", "messages", shown.append, watch) as bar:
        for moment in (1.0, 1.1, 1.3):
            watch.now = moment
            bar(5, 10)

    assert [type(each) for each in shown] == [Shown, Updated, Updated]
    assert len({each.display_id for each in shown if isinstance(each, Shown | Updated)}) == 1
    assert texts(shown)[-1] == "rewinding: 5 messages in 1.3 s"


def test_two_bars_are_two_places() -> None:
    shown: list[CellOutput] = []
    watch = Watch()
    for _ in range(2):
        bar = Bar("x", "y", shown.append, watch)
        watch.now += 2
        bar(1, 2)

    assert len({each.display_id for each in shown if isinstance(each, Shown)}) == 2


async def test_work_that_does_not_tell_is_asked_again_and_again() -> None:
    shown: list[CellOutput] = []
    watch = Watch()
    looked = asyncio.Event()

    async def pause(seconds: float) -> None:
        watch.now += seconds
        await asyncio.sleep(0)

    async def look() -> tuple[int, int]:
        if watch.now < 3:
            raise NotFound("process", "bob")
        looked.set()
        return 3, 4

    async with watched(look, Bar("evaluating", "messages", shown.append, watch), pause):
        await looked.wait()
        await asyncio.sleep(0)

    assert texts(shown)[0].startswith("evaluating  75%|")
    assert texts(shown)[-1].startswith("evaluating: 3 messages in")
