import asyncio

from ao_kernel.tables import Table
from ao_kernel.widgets.live_table import LiveTable


def a_table(text: str) -> Table:
    return Table(("data",), ((text,),))


async def test_a_live_table_shows_what_changed() -> None:
    changes = asyncio.Event()
    tables = iter([a_table("second"), a_table("third")])

    async def read() -> Table:
        return next(tables)

    view = LiveTable(a_table("first"), read)
    view.follow(changes.wait)
    changes.set()
    for _ in range(5):
        await asyncio.sleep(0)

    assert "second" in str(view.bundle["text/html"])
    view.close()


async def test_its_button_reads_it_again() -> None:
    async def read() -> Table:
        return a_table("pressed")

    view = LiveTable(a_table("first"), read)
    view._button.click()
    for _ in range(3):
        await asyncio.sleep(0)

    assert view.bundle["text/plain"] == "data\npressed"
    view.close()


async def test_it_has_the_forms_that_last() -> None:
    async def read() -> Table:
        return a_table("x")

    view = LiveTable(a_table("first"), read)

    assert {
        "text/plain",
        "text/html",
        "application/vnd.jupyter.widget-view+json",
    } <= view.bundle.keys()
    view.close()
