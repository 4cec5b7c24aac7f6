"""What is asked in the panel is done in a real network in this process."""

from typing import Any, cast

import pytest

from ao_kernel.panel.acting import answer
from ao_kernel.panel.messages import Answer, Ask
from ao_kernel.session import Session
from tests.ao_kernel.panel.conftest import process_of, run
from tests.ao_kernel.panel.forms import fits

HOSTILE = '"]]\\ <script>alert(1)</script> \x1b[31m \u202e ünï \n\0'


async def ask(session: Session, **what: Any) -> Answer:
    return await answer(session, cast("Ask", {"ask": 7, **what}))


async def test_spawn_makes_a_process_that_cells_then_go_to(session: Session) -> None:
    done = await ask(session, kind="spawn", name="carol")

    assert done["ok"]
    assert session.current == "carol"
    assert fits(done, Answer)


async def test_use_sends_cells_to_another_process(session: Session) -> None:
    await run(session, "%spawn alice", "%spawn bob")

    done = await ask(session, kind="use", process=await process_of(session, "alice"))

    assert (done["ok"], session.current) == (True, "alice")


async def test_send_sends_a_message_from_the_person(session: Session) -> None:
    await run(session, "%spawn alice")
    alice = await process_of(session, "alice")

    done = await ask(session, kind="send", process=alice, action="Hi", data=HOSTILE)

    assert done["text"] == "sent to alice"
    letter = (await session.chronicle.inbox(alice, 1))[0]
    assert (letter.sender, letter.action) == (session.network.address, "Hi")


async def test_a_reply_reaches_the_one_who_wrote_with_just_the_text_that_was_typed(
    session: Session,
) -> None:
    await run(session, "%spawn alice", "%spawn bob", 'Send({ Target = "alice", Action = "Hi" })')
    alice, bob = await process_of(session, "alice"), await process_of(session, "bob")

    done = await ask(
        session, kind="reply", process=alice, number=2, sender=bob, action="Re", data=HOSTILE
    )
    await session.units.messenger.settled((await session.chronicle.events(alice))[-1].message)

    assert done["text"] == "alice replied to bob"
    letter = (await session.chronicle.inbox(bob, 1))[0]
    assert (letter.sender, letter.action, letter.data) == (alice, "Re", HOSTILE)


async def test_a_reply_to_a_letter_that_has_gone_is_refused(session: Session) -> None:
    await run(session, "%spawn alice")
    alice = await process_of(session, "alice")

    done = await ask(
        session, kind="reply", process=alice, number=9, sender=alice, action="Re", data=""
    )

    assert not done["ok"]
    assert "the inbox has changed since" in done["text"]


async def test_open_gives_a_letters_whole_data(session: Session) -> None:
    await run(session, "%spawn alice")
    alice = await process_of(session, "alice")
    await ask(session, kind="send", process=alice, action="Long", data="x" * 100_000)

    assert (await ask(session, kind="open", process=alice, number=2))["text"] == "x" * 100_000
    assert not (await ask(session, kind="open", process=alice, number=3))["ok"]


async def test_unfold_gives_the_messages_of_a_trace(session: Session) -> None:
    await run(session, "%spawn alice", "%spawn bob", 'Send({ Target = "alice", Action = "Hi" })')
    bob = await process_of(session, "bob")
    root = (await session.chronicle.events(bob))[-1].message

    done = await ask(session, kind="unfold", root=root)

    assert [(hop["sender"], hop["receiver"], hop["action"]) for hop in done["hops"]] == [
        ("you", "bob", "Eval"),
        ("bob", "alice", "Hi"),
    ]


async def test_a_snapshot_is_taken_and_restored(session: Session) -> None:
    await run(session, "%spawn alice")
    taken = await ask(session, kind="snapshot", name="before")
    await run(session, "%spawn bob")

    restored = await ask(session, kind="restore", name="before")

    assert (taken["ok"], restored["ok"]) == (True, True)
    assert session.world.names == ("alice",)


async def test_a_process_is_rewound_to_a_nonce(session: Session) -> None:
    await run(session, "%spawn alice", "x = 1", "x = 2")
    alice = await process_of(session, "alice")

    done = await ask(session, kind="rewind", process=alice, nonce=1)

    assert done["text"] == "alice is as it was after message 1"
    assert await session.chronicle.length(alice) == 2


async def test_what_goes_wrong_is_told_in_words(session: Session) -> None:
    done = await ask(session, kind="spawn", name="not a name")

    assert not done["ok"]
    assert "a process's name is a word" in done["text"]


async def test_a_half_of_a_character_is_sent_as_a_question_mark(session: Session) -> None:
    await run(session, "%spawn alice")
    alice = await process_of(session, "alice")

    sent = await ask(session, kind="send", process=alice, action="Hi", data="a\ud800b")
    replied = await ask(
        session,
        kind="reply",
        process=alice,
        number=2,
        sender=session.network.address,
        action="Re\ud800",
        data="a\ud800b",
    )

    assert (sent["ok"], replied["ok"]) == (True, True)
    assert (await session.chronicle.inbox(alice, 1))[0].data == "a?b"


@pytest.mark.parametrize(
    "what",
    [{"kind": "send"}, {"kind": "rewind", "process": "a" * 43}],
)
async def test_whatever_goes_wrong_is_answered(session: Session, what: dict[str, str]) -> None:
    done = await ask(session, **what)

    assert not done["ok"]
    assert done["ask"] == 7
    assert "this kernel failed at it" in done["text"]


async def test_what_this_kernel_does_not_know_is_refused(session: Session) -> None:
    done = await ask(session, kind="fly")

    assert not done["ok"]
    assert "'fly'" in done["text"]
