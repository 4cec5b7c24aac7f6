"""The inbox widget: what is new, what is chosen, what is opened and answered."""

import asyncio
from typing import Any

import pytest

from ao_kernel.chronicle import Letter
from ao_kernel.session import Session
from ao_kernel.widgets.inbox import ALL, Choice, Inbox, Post, chosen
from ao_kernel.widgets.look import MUCH
from tests.ao_kernel.widgets.conftest import (
    ALICE,
    HOSTILE,
    MEGABYTE,
    UNSEEN,
    a_letter,
    answering,
    closed,
    is_only_text,
    run,
    shown,
    until,
    view_of,
)

NO_EVAL = 'Handlers.prepend("all", function () return true end, function () end)'
BOB = "b" * 43
NAMES = {ALICE: "alice", BOB: "bob"}


def an_inbox(*letters: Letter, replies: list[Any] | None = None) -> Inbox:
    async def reply(letter: Letter, action: str, data: str) -> str:
        (replies if replies is not None else []).append((letter.number, action, data))
        return "keeper replied"

    post = Post(ALICE, "keeper", answering(letters), reply, lambda who: NAMES.get(who, who))
    return Inbox(post, letters, closed)


def labels(inbox: Inbox) -> list[str]:
    return [label.replace("\u00a0", " ") for label, _ in inbox._list.options]


def open_letter(inbox: Inbox, letter: Letter) -> None:
    inbox._list.value = letter


@pytest.mark.parametrize(
    ("choice", "numbers"),
    [
        (Choice(), [3, 2, 1]),
        (Choice(action="Ping"), [3, 1]),
        (Choice(sender=BOB), [3]),
        (Choice(action="Ping", sender=ALICE), [1]),
        (Choice(unread=True), [3, 2]),
    ],
)
def test_messages_are_chosen_by_action_sender_and_news(choice: Choice, numbers: list[int]) -> None:
    letters = (
        a_letter(1, action="Ping"),
        a_letter(2, action="Note"),
        a_letter(3, action="Ping", sender=BOB),
    )

    found = chosen(letters, frozenset((letters[0],)), choice)

    assert [letter.number for letter in found] == numbers


async def test_what_was_not_opened_is_marked_as_new_in_words() -> None:
    inbox = an_inbox(a_letter(1), a_letter(2))

    open_letter(inbox, a_letter(1))

    assert [label[:5] for label in labels(inbox)] == ["● new", "○ rea"]
    assert "2 messages, 1 new" in inbox._live._title.value
    inbox.close()


async def test_all_marks_can_be_taken_away_at_once() -> None:
    inbox = an_inbox(a_letter(1), a_letter(2))

    inbox._all_read.click()

    assert not any("new" in label for label in labels(inbox))
    inbox.close()


async def test_filters_offer_what_there_is_and_choose_by_it() -> None:
    inbox = an_inbox(a_letter(1, action="Ping"), a_letter(2, action="Note", sender=BOB))

    inbox._action.value = "Ping"

    assert [value for _, value in inbox._action.options] == [ALL, "Note", "Ping"]
    assert [label for label, _ in inbox._sender.options] == ["all", "alice", "bob"]
    assert [letter.number for _, letter in inbox._list.options] == [1]
    inbox.close()


async def test_what_is_open_stays_in_a_list_of_news() -> None:
    inbox = an_inbox(a_letter(1), a_letter(2))
    inbox._unread.value = True

    open_letter(inbox, a_letter(2))

    assert [letter.number for _, letter in inbox._list.options] == [1, 2]
    assert inbox._list.value == a_letter(2)
    inbox.close()


@pytest.mark.parametrize("text", [HOSTILE, MEGABYTE])
async def test_what_a_process_wrote_is_only_text(text: str) -> None:
    letter = a_letter(1, sender=text, action=text, data=text)
    inbox = an_inbox(letter)

    open_letter(inbox, letter)

    assert "&lt;img" in inbox._message.value
    assert is_only_text(inbox._message.value)
    assert len(inbox._message.value) < 5 * MUCH
    assert not UNSEEN & set("".join(labels(inbox)))
    assert "\n" not in "".join(labels(inbox))
    assert len("".join(labels(inbox))) < 1000
    inbox.close()


async def test_a_reply_goes_to_what_is_open_and_says_so() -> None:
    replies: list[Any] = []
    inbox = an_inbox(a_letter(7), replies=replies)
    open_letter(inbox, a_letter(7))
    inbox._answer._action.value, inbox._answer._data.value = "Pong", "here"

    inbox._answer._button.click()
    await asyncio.gather(*inbox._live._tasks)

    assert replies == [(7, "Pong", "here")]
    assert "keeper replied" in inbox._live._note.value
    assert inbox._answer._data.value == ""
    inbox.close()


async def test_an_inbox_stays_up_to_date_and_keeps_what_is_open(session: Session) -> None:
    await run(session, "%spawn keeper", "%spawn bob")
    await run(session, 'Send({ Target = "keeper", Action = "Note", Data = "one" })', "%use keeper")
    await shown(session, "%inbox live")
    inbox = view_of(session, Inbox)
    first = inbox._list.options[0][1]
    open_letter(inbox, first)

    await run(session, "%use bob", 'Send({ Target = "keeper", Action = "Note", Data = "two" })')
    await until(inbox._list, lambda: "two" in labels(inbox)[0])

    assert inbox._list.value == first


async def test_a_reply_is_sent_by_the_process_and_takes_nothing_away(session: Session) -> None:
    await run(session, "%spawn keeper", "%spawn bob")
    await run(session, 'Send({ Target = "keeper", Action = "Note", Data = "one" })', "%use keeper")
    await shown(session, "%inbox live")
    inbox = view_of(session, Inbox)
    open_letter(inbox, inbox._list.options[0][1])
    inbox._answer._action.value, inbox._answer._data.value = "Re", 'quoted "]] \\ here'

    inbox._answer._button.click()
    await until(inbox._live._note, lambda: "keeper replied to bob" in inbox._live._note.value)

    letters = await session.chronicle.inbox(await session.world.process("bob"), 1)
    assert (letters[0].action, letters[0].data) == ("Re", 'quoted "]] \\ here')
    assert len(await session.chronicle.inbox(await session.process(), 10)) == 2


async def test_an_inbox_that_is_hidden_later_says_so(session: Session) -> None:
    await run(session, "%spawn keeper")
    await shown(session, "%inbox live")

    note = view_of(session, Inbox)._live._note

    await run(session, NO_EVAL)

    await until(note, lambda: "does not show" in note.value)


async def test_its_lasting_forms_are_the_table_of_the_inbox(session: Session) -> None:
    await run(session, "%spawn keeper", "%spawn bob")
    await run(session, 'Send({ Target = "keeper", Action = "Note", Data = "<b>" })', "%use keeper")

    bundle = await shown(session, "%inbox live")

    lines = str(bundle["text/plain"]).split("\n")
    assert lines[0].split() == ["#", "from", "action", "data"]
    assert lines[-1].split() == ["2", "bob", "Note", "<b>"]
    assert "&lt;b&gt;" in str(bundle["text/html"])
    assert "application/vnd.jupyter.widget-view+json" in bundle


async def test_of_a_very_long_message_the_inbox_reads_the_beginning(session: Session) -> None:
    await run(session, "%spawn keeper")
    await run(session, 'Send({ Target = ao.id, Action = "Note", Data = ("ä"):rep(500000) })')

    letters = await session.chronicle.inbox(await session.process(), 1, most=20_000)

    assert letters[0].data.endswith("ä… (1000000 bytes)")
    assert len(letters[0].data) < 20_100


async def test_a_reply_to_a_message_that_has_gone_is_refused(session: Session) -> None:
    await run(session, "%spawn keeper", "%spawn bob")
    await run(session, 'Send({ Target = "keeper", Action = "Note", Data = "one" })', "%use keeper")
    await shown(session, "%inbox live")
    inbox = view_of(session, Inbox)
    letter = inbox._list.options[0][1]
    await run(session, "Inbox = {}")

    inbox._live.begin(lambda: inbox._send(letter, "Re", "late"))
    await until(inbox._live._note, lambda: "the reply was not sent" in inbox._live._note.value)

    assert "the inbox has changed since" in inbox._live._note.value
