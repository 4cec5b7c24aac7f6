"""What the panel and the kernel say to each other, as JSON. `lab/src/session-comm.ts` has the same types; the files in
`tests/ao_kernel/examples/` hold the two together."""

from typing import Literal, TypedDict

VERSION = 1


class Place(TypedDict):
    """Where the units are: `host` is empty where they are in the kernel."""

    is_shared: bool
    host: str


class Clock(TypedDict):
    """The time that the next message would get: a block's height, and milliseconds. A clock that does not run stands still
    until it is set on."""

    height: int
    timestamp: int
    runs: bool


class SessionNow(TypedDict):
    """What belongs to no process: which one cells go to, whose wallet signs, where the units are, what time it is there,
    and which snapshots there are to go back to."""

    current: str
    you: str
    place: Place
    clock: Clock | None
    snapshots: list[str]


class ProcessNow(TypedDict):
    """A process at a glance. Without an inbox it does not show that."""

    id: str
    name: str
    owner: str
    module: str
    nonce: int
    queue: int
    inbox: int | None
    waiting: int
    errors: int
    gas: int
    handlers: list[str]
    crons: list[str]


class Trace(TypedDict):
    """A message that a person sent, or a clock, and how much came of it."""

    root: str
    process: str
    time: int
    sender: str
    receiver: str
    action: str
    messages: int
    errors: int


class Hop(TypedDict):
    """One message of a trace."""

    message: str
    process: str
    nonce: int
    time: int
    sender: str
    receiver: str
    action: str
    data: str
    outcome: str
    failed: bool


class InboxLetter(TypedDict):
    """A message that no handler took. `sender` is an address, `name` what a person calls it."""

    number: int
    sender: str
    name: str
    action: str
    data: str
    length: int


class Inbox(TypedDict):
    """The last letters of the process that is looked at; `refused` says why there are none to see."""

    process: str
    letters: list[InboxLetter]
    refused: str


class News(TypedDict):
    """What has changed since the last piece of news; if `whole`, all there is, and what is not in it is gone."""

    kind: Literal["news"]
    number: int
    whole: bool
    session: SessionNow | None
    processes: list[ProcessNow]
    traces: list[Trace]
    inbox: Inbox | None


class Answer(TypedDict):
    """What came of something that was asked; `hops` and `text` are what was asked for, or the text says what went wrong."""

    kind: Literal["answer"]
    ask: int
    ok: bool
    text: str
    hops: list[Hop]


class Trouble(TypedDict):
    """The session could not be opened."""

    kind: Literal["trouble"]
    text: str


class Opening(TypedDict):
    """What the panel opens its comm with: the process whose inbox it shows, and how many letters of it."""

    version: int
    process: str
    letters: int


class Look(TypedDict):
    """From now on the panel shows that process's inbox; none, if it is empty."""

    kind: Literal["look"]
    process: str
    letters: int


class Seen(TypedDict):
    """The panel has shown the news up to that number."""

    kind: Literal["seen"]
    number: int


class Whole(TypedDict):
    """The panel has missed something: it wants all there is."""

    kind: Literal["whole"]


class Spawn(TypedDict):
    """A new process, which cells then go to."""

    kind: Literal["spawn"]
    ask: int
    name: str


class Use(TypedDict):
    """Cells go to that process from now on."""

    kind: Literal["use"]
    ask: int
    process: str


class Send(TypedDict):
    """A message from the person to a process."""

    kind: Literal["send"]
    ask: int
    process: str
    action: str
    data: str


class Reply(TypedDict):
    """The process's answer to a letter in its inbox."""

    kind: Literal["reply"]
    ask: int
    process: str
    number: int
    sender: str
    action: str
    data: str


class Open(TypedDict):
    """A letter's data, whole."""

    kind: Literal["open"]
    ask: int
    process: str
    number: int


class Unfold(TypedDict):
    """The messages of a trace."""

    kind: Literal["unfold"]
    ask: int
    root: str


class Snapshot(TypedDict):
    """Keeps the world as it is, under that name."""

    kind: Literal["snapshot"]
    ask: int
    name: str


class Restore(TypedDict):
    """Makes the world as it was when that snapshot was taken."""

    kind: Literal["restore"]
    ask: int
    name: str


class Rewind(TypedDict):
    """Takes a process back to where it was after the message with that nonce."""

    kind: Literal["rewind"]
    ask: int
    process: str
    nonce: int


FromKernel = News | Answer | Trouble
Ask = Spawn | Use | Send | Reply | Open | Unfold | Snapshot | Restore | Rewind
FromPanel = Look | Seen | Whole | Ask
