"""The send form: what a process takes is learned, what is typed is sent, and what came of it is told."""

import pytest

from ao_kernel.session import Session
from ao_kernel.widgets.forms import PATTERNS, Form, learned, parse_tags, patterns_of
from ao_kernel.widgets.send import SendForm
from tests.ao_kernel.network import failing, printed
from tests.ao_kernel.widgets.conftest import HOSTILE, is_only_text, run, shown, until, view_of

HANDLERS = """
Handlers.add("ping", "Ping", function (msg) msg.reply({ Action = "Pong" }) print("pinged") end)
Handlers.add("info", { Action = "Info", Level = "_", Kind = "short" }, function () end)
Handlers.add("transfer", Handlers.utils.hasMatchingTag("Action", "Transfer"), function () end)
Handlers.add("credit-notice", function (msg) return msg.Action == "Credit-Notice" end, function () end)
Handlers.add("log", function () return "continue" end, function () end)
Handlers.add("odd", function (msg) return msg.none.field end, function () end)
"""


async def a_form(session: Session) -> SendForm:
    await run(session, "%spawn alice", HANDLERS)
    await shown(session, "%send")
    return view_of(session, SendForm)


async def patterns(session: Session) -> tuple[Form, ...]:
    return patterns_of(await session.dry_run(PATTERNS, await session.process()))


async def test_actions_and_tags_are_learned_from_patterns_of_every_kind(session: Session) -> None:
    await run(session, "%spawn alice", HANDLERS)

    found = {form.action: form.tags for form in await patterns(session)}

    assert found == {
        "Ping": (),
        "Info": (("Kind", "short"), ("Level", "")),
        "Transfer": (),
        "Credit-Notice": (),
    }


async def test_tags_are_learned_from_earlier_messages(session: Session) -> None:
    await run(session, "%spawn alice", HANDLERS)
    await run(session, 'Send({ Target = ao.id, Action = "Transfer", Quantity = "5" })')
    events = await session.chronicle.events(await session.process())

    found = {form.action: form.tags for form in learned(await patterns(session), events)}

    assert found["Transfer"] == (("Quantity", ""),)
    assert "Eval" not in found


@pytest.mark.parametrize("said", ["hello", "[]", '{"forms": [{"tags": [1]}]}'])
def test_what_is_no_answer_teaches_nothing(said: str) -> None:
    assert patterns_of(printed(said)) == ()
    assert patterns_of(failing("no")) == ()


def test_tags_are_typed_one_a_line_and_empty_ones_left_out() -> None:
    assert parse_tags("Quantity = 5\n\nRecipient=\nNote=a=b\n") == (
        ("Quantity", "5"),
        ("Note", "a=b"),
    )


def test_a_tag_without_a_sign_is_refused() -> None:
    with pytest.raises(ValueError, match="a tag is Name=value, not 'Quantity 5'"):
        parse_tags("Quantity 5")


async def test_choosing_an_action_suggests_its_tags_and_keeps_what_was_typed(
    session: Session,
) -> None:
    form = await a_form(session)

    form._action.value = "Info"
    suggested = form._tags.value
    form._tags.value = "Level=high"
    form._action.value = "Ping"

    assert suggested == "Kind=short\nLevel="
    assert form._tags.value == "Level=high"


async def test_a_message_is_sent_signed_and_its_outcome_told(session: Session) -> None:
    form = await a_form(session)
    form._action.value, form._tags.value, form._data.value = "Ping", "Mood=good", "hello"

    form._button.click()
    await until(form._live._note, lambda: "has settled" in form._live._note.value)

    event = (await session.chronicle.events(await session.process()))[-1]
    assert (event.action, event.data) == ("Ping", "hello")
    assert event.sender == session.network.address
    assert ("Mood", "good") in event.tags
    assert "pinged" in form._outcome.value
    assert "1 message, spawns 0" in form._outcome.value


async def test_what_a_process_answered_is_only_text(session: Session) -> None:
    await run(
        session, "%spawn alice", f'Handlers.add("bad", "Bad", function () error([[{HOSTILE}]]) end)'
    )
    await shown(session, "%send")
    form = view_of(session, SendForm)
    form._action.value = "Bad"

    form._button.click()
    await until(form._live._note, lambda: "has settled" in form._live._note.value)

    assert "failed" in form._outcome.value
    assert is_only_text(form._outcome.value)


async def test_a_target_that_is_not_there_is_named(session: Session) -> None:
    form = await a_form(session)

    form._target.value = "nobody"

    await until(form._live._note, lambda: "nobody" in form._live._note.value)


async def test_a_tag_that_is_written_wrongly_is_named_and_nothing_is_sent(session: Session) -> None:
    form = await a_form(session)
    before = await session.chronicle.length(await session.process())
    form._tags.value = "Quantity 5"

    form._button.click()

    assert "a tag is Name=value" in form._live._note.value
    assert await session.chronicle.length(await session.process()) == before


async def test_a_new_handler_is_learned(session: Session) -> None:
    form = await a_form(session)

    await run(session, 'Handlers.add("late", "Late", print)')

    await until(form._action, lambda: "Late" in form._action.options)


async def test_its_lasting_form_is_what_the_process_takes(session: Session) -> None:
    await run(session, "%spawn alice", HANDLERS)

    text = str((await shown(session, "%send"))["text/plain"])

    assert text.split("\n")[:3] == ["action         tags", "Ping", "Info           Kind, Level"]
