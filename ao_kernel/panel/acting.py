"""Does what is asked in the panel, by the functions of the session that cells use."""

from ao_kernel.panel.messages import Answer, Ask, Hop, Open, Send
from ao_kernel.panel.telling import LETTER, hop
from ao_kernel.session import Session
from ao_kernel.telling.letters import text_bytes
from ao_kernel.telling.replies import reply
from ao_kernel.travel import restore, rewind, take_snapshot
from unitstack.errors import AoError, NotFound, Refused
from unitstack.wire.ids import MessageId, ProcessId, TxId
from unitstack.wire.messages import Draft
from unitstack.wire.tags import Tag

HOPS = 200
MANY = 10_000


async def answer(session: Session, ask: Ask) -> Answer:
    """What came of it. What goes wrong is told in words, never raised: nobody waits for it here."""
    number = ask["ask"]
    try:
        text, hops = await _done(session, ask)
    except AoError as error:
        return _failed(number, str(error))
    except Exception as error:
        # A bug here, or a form that the panel never sends: without an answer it would wait for ever.
        return _failed(number, f"this kernel failed at it: {type(error).__name__}: {error}")
    return {"kind": "answer", "ask": number, "ok": True, "text": text, "hops": hops}


def _failed(number: int, text: str) -> Answer:
    return {"kind": "answer", "ask": number, "ok": False, "text": text, "hops": []}


async def _done(session: Session, ask: Ask) -> tuple[str, list[Hop]]:
    if ask["kind"] == "unfold":
        return "", await _unfold(session, ask["root"])
    return await _told(session, ask), []


async def _told(session: Session, ask: Ask) -> str:
    """Does it, and says what was done."""
    match ask["kind"]:
        case "spawn":
            await session.spawn(ask["name"])
            text = f"spawned process {ask['name']}; cells go to it from now on"
        case "use":
            text = f"cells go to {await session.use(ask['process'])} from now on"
        case "send":
            text = await _send(session, ask)
        case "reply":
            process, letter = ProcessId(TxId(ask["process"])), (ask["number"], ask["sender"])
            text = await reply(session, process, letter, ask["action"], ask["data"])
        case "open":
            text = await _open(session, ask)
        case "snapshot":
            taken = await take_snapshot(session, ask["name"])
            text = f"snapshot {taken.name} has the world as it is now"
        case "restore":
            restored = await restore(session, ask["name"])
            text = f"the world is as it was in snapshot {restored.name}"
        case "rewind":
            rewound = await rewind(session, ProcessId(TxId(ask["process"])), ask["nonce"])
            name = session.world.name_of(ask["process"])
            text = f"{name} is as it was after message {rewound.nonce}"
        case _:
            raise Refused(f"the panel asked for {ask['kind']!r}, which this kernel does not know")
    return text


async def _send(session: Session, ask: Send) -> str:
    process = ProcessId(TxId(ask["process"]))
    tags = (Tag("Action", ask["action"]),) if ask["action"] else ()
    await session.network.send(Draft(target=process, tags=tags, data=text_bytes(ask["data"])))
    return f"sent to {session.world.name_of(process)}"


async def _open(session: Session, ask: Open) -> str:
    letters = await session.chronicle.inbox(ProcessId(TxId(ask["process"])), MANY)
    found = next((each for each in letters if each.number == ask["number"]), None)
    if found is None:
        raise NotFound("letter", str(ask["number"]))
    return found.data[:LETTER]


async def _unfold(session: Session, root: str) -> list[Hop]:
    events = await session.chronicle.set_off(MessageId(TxId(root)))
    return [hop(event, session.world) for event in events[:HOPS]]
