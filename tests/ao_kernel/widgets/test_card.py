"""The process card: facts that follow the process, and a tree of its globals that unfolds."""

from ao_kernel.session import Session
from ao_kernel.widgets.card import Card, handlers_html
from ao_kernel.widgets.look import MUCH
from tests.ao_kernel.widgets.conftest import (
    HOSTILE,
    MEGABYTE,
    is_only_text,
    run,
    shown,
    until,
    view_of,
)


async def a_card(session: Session) -> Card:
    await shown(session, "%card")
    card = view_of(session, Card)
    await until(card._browser._list, lambda: bool(card._browser._list.options))
    return card


def names(card: Card) -> list[str]:
    lines = (label.replace("\u00a0", " ") for label, _ in card._browser._list.options)
    return [" ".join(line.split()[:2]) for line in lines]


def select(card: Card, name: str) -> None:
    card._browser._list.value = next(
        path for label, path in card._browser._list.options if name in label.replace("\u00a0", " ")
    )


async def test_a_card_tells_what_a_process_is(session: Session) -> None:
    await run(session, "%spawn alice Cron-Interval=1-hour", 'Handlers.add("ping", "Ping", print)')

    bundle = await shown(session, "%card")

    lines = [line.split(maxsplit=1) for line in str(bundle["text/plain"]).split("\n")]
    told = {line[0]: line[1] for line in lines if len(line) > 1}
    assert (told["owner"], told["nonce"], told["cron"]) == ("you", "1", "1-hour")
    assert told["handlers"].endswith("ping")
    assert "text/html" in bundle


async def test_what_lasts_is_the_same_each_time(session: Session) -> None:
    await run(session, "%spawn alice", "x = 1", "%spawn bob", "x = 1")

    texts = [
        str((await shown(session, f"%card {name}"))["text/plain"]) for name in ("alice", "bob")
    ]

    assert texts[0].replace("alice", "bob  ").split() == texts[1].split()


async def test_a_card_follows_its_process(session: Session) -> None:
    await run(session, "%spawn alice")
    card = await a_card(session)

    await run(session, 'error("no")')

    await until(card._facts, lambda: "1 message failed" in card._facts.value)


async def test_globals_of_ones_own_are_shown_and_on_demand_all(session: Session) -> None:
    await run(session, "%spawn alice", "Balances = { bob = 5 }")
    card = await a_card(session)

    own = names(card)
    card._browser._all.value = True

    assert own[:2] == ["▸ Balances", "▸ Inbox"]
    assert "▸ Handlers" in names(card)


async def test_a_table_unfolds_when_it_is_asked_for_and_stays_up_to_date(session: Session) -> None:
    await run(session, "%spawn alice", "Balances = { bob = 5 }")
    card = await a_card(session)
    assert card._browser.wanted == ((),)
    select(card, "Balances")

    card._browser._fold.click()
    await until(card._browser._list, lambda: "· bob" in names(card))
    await run(session, "Balances.carol = 1")
    await until(card._browser._list, lambda: "· carol" in names(card))

    card._browser._fold.click()
    assert "· bob" not in names(card)


async def test_the_selected_value_is_shown_in_full(session: Session) -> None:
    await run(session, "%spawn alice", "text = ('x'):rep(300)")
    card = await a_card(session)

    select(card, "text")

    assert "x" * 300 in card._browser._detail.value


async def test_a_busy_process_is_told_of_and_its_globals_wait(session: Session) -> None:
    await run(session, "%spawn alice")
    card = await a_card(session)
    process = await session.process()

    await run(session, "%use alice", "x = 1")

    await until(card._browser._list, lambda: "· x" in names(card))
    assert card._told.nonce == await session.chronicle.length(process) - 1


async def test_the_card_of_a_process_that_hides_its_globals_says_so(session: Session) -> None:
    await run(
        session, "%spawn alice", 'Handlers.prepend("all", function () return true end, print)'
    )

    await shown(session, "%card")

    note = view_of(session, Card)._live._note
    await until(note, lambda: "does not show its globals" in note.value)


def test_names_of_handlers_are_only_text() -> None:
    html = handlers_html((HOSTILE, MEGABYTE))

    assert is_only_text(html)
    assert len(html) < MUCH


async def test_what_is_no_table_does_not_unfold(session: Session) -> None:
    await run(session, "%spawn alice", "x = 1")
    card = await a_card(session)
    select(card, "· x")

    before = names(card)
    card._browser._fold.click()

    assert card._browser._fold.disabled
    assert names(card) == before


async def test_a_value_that_has_gone_is_no_longer_selected(session: Session) -> None:
    await run(session, "%spawn alice", "x = 1")
    card = await a_card(session)
    select(card, "· x")

    await run(session, "x = nil")
    await until(card._browser._list, lambda: "· x" not in names(card))

    assert card._browser._list.value is None
    assert card._browser._detail.value == ""
