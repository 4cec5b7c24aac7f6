"""The processes that a session knows, by name; names and ids told apart for a person."""

from collections.abc import Callable, Iterator, Mapping

from ao_kernel.ansi import plain
from unitstack.errors import NotFound, Refused
from unitstack.program.tokens import Kind, code_of, string_value
from unitstack.units import Search, Units
from unitstack.wire.addresses import process_address
from unitstack.wire.data_item import DataItem
from unitstack.wire.ids import ID_CHARACTERS, Address, ProcessId, TxId
from unitstack.wire.tags import find

DEFAULT = "default"
YOU = "you"
LABELS = frozenset((YOU, "nobody"))
"""What people and what is missing are called: a process of such a name would pass for them."""
PROCESSES = (("Data-Protocol", ("ao",)), ("Type", ("Process",)))
ADDRESSES = frozenset(("Target", "From", "Recipient"))
"""Fields that hold a process's id."""


class World:
    """Names for processes. What processes spawn by themselves is found when it is looked for. A network that is shared has
    more processes than can be looked through: there, only what those that are known have spawned is found by itself."""

    def __init__(
        self,
        units: Units,
        owner: Address,
        *,
        is_shared: bool = False,
        authority: Address | None = None,
    ) -> None:
        self._units = units
        self._is_shared = is_shared
        self._authority = authority
        self._owner = owner
        self._ids: dict[str, ProcessId] = {}
        self._names: dict[str, str] = {}

    def __iter__(self) -> Iterator[tuple[str, ProcessId]]:
        return iter(tuple(self._ids.items()))

    def __contains__(self, name: str) -> bool:
        return name in self._ids

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self._ids)

    def add(self, name: str, process: ProcessId) -> str:
        """Gives a process a name, which is made unlike others' if need be; answers with that name."""
        if process in self._names:
            return self._names[process]
        free = next(each for each in _unlike(name, process) if each not in self._ids)
        self._ids[free] = process
        self._names[process] = free
        return free

    def forget(self, name: str) -> None:
        """Takes a process's name away, so that another can have it."""
        process = self._ids.pop(name, None)
        if process is not None:
            self._names[process] = f"{name} (old)"

    def recall(self, names: Mapping[str, ProcessId]) -> None:
        """The processes have these names from now on, and no others."""
        self._ids = dict(names)
        self._names = {process: name for name, process in names.items()}

    def find_id(self, name: str) -> ProcessId | None:
        """The id of the process of that name."""
        return self._ids.get(name)

    def name_of(self, id: str) -> str:
        """The name that a person knows an address by; a short form of the id where there is none."""
        if id == self._owner:
            return YOU
        return self._names.get(id) or (f"{id[:6]}…" if len(id) == ID_CHARACTERS else id)

    async def is_own(self, process: ProcessId) -> bool:
        """Whether the person spawned a process, which names do not tell: anyone may write any into tags."""
        message = (await self._units.scheduler.process(process)).message
        if message is None or find(message.item.tags, "From-Process") is not None:
            return False
        return process_address(message.item.owner) == self._owner

    async def owner_of(self, process: ProcessId) -> str:
        """Who is said to have spawned a process, by name, to be shown and never to be trusted."""
        message = (await self._units.scheduler.process(process)).message
        spawner = find(message.item.tags, "From-Process") if message else None
        return self.name_of(spawner or (message.sender if message else ""))

    def with_names(self, text: str) -> str:
        """A text in which processes are called by their names, where it has their ids, whole or as aos shortens them."""
        for process, name in self._names.items():
            text = text.replace(process, name).replace(short(process), name)
        return text

    async def process(self, name_or_id: str) -> ProcessId:
        """The process of that name or id, looked for in the whole network. Raises NotFound."""
        known = self._ids.get(name_or_id)
        if known is not None:
            return known
        if len(name_or_id) == ID_CHARACTERS:
            scheduled = await self._units.scheduler.process(ProcessId(TxId(name_or_id)))
            name = find(scheduled.message.item.tags, "Name") if scheduled.message else None
            self.add(name or name_or_id[:6], scheduled.assignment.process)
            return scheduled.assignment.process
        await self.discover()
        if self._is_shared and name_or_id not in self._ids:
            await self._find_own(name_or_id)
        if name_or_id not in self._ids:
            raise NotFound("process", name_or_id)
        return self._ids[name_or_id]

    async def _find_own(self, name: str) -> None:
        """Of the person's own processes, the newest of that name."""
        tags = (*PROCESSES, ("Name", (name,)))
        found = await self._units.gateway.search(Search(owners=(self._owner,), tags=tags, limit=1))
        for item in found.items:
            self.add(name, ProcessId(item.id))

    async def discover(self) -> tuple[str, ...]:
        """Looks for processes that are not known yet, such as those that processes spawned; answers with their names."""
        fresh: list[DataItem] = []
        cursor: str | None = None
        wanted = self._wanted()
        while wanted:
            page = await self._units.gateway.search(
                Search(owners=self._spawners, tags=wanted, after=cursor)
            )
            found = [item for item in page.items if item.id not in self._names]
            fresh += found
            cursor = page.cursor
            # They come newest first: below one that is known there are only others that are.
            if cursor is None or len(found) < len(page.items):
                break
        return tuple(
            self.add(self._given(item) or item.id[:6], ProcessId(item.id))
            for item in reversed(fresh)
        )

    @property
    def _spawners(self) -> tuple[Address, ...]:
        # Anyone may sign a From-Process tag: that a process spawned another is only for its messenger to say.
        return (self._authority,) if self._is_shared and self._authority else ()

    def _given(self, item: DataItem) -> str | None:
        is_anyones = self._is_shared and self._authority is None
        return None if is_anyones else find(item.tags, "Name")

    def _wanted(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        if not self._is_shared:
            return PROCESSES
        return (*PROCESSES, ("From-Process", tuple(self._names))) if self._names else ()

    def check_free(self, name: str) -> None:
        """Raises Refused where the name cannot be given to a new process."""
        if not name or len(name) == ID_CHARACTERS or not name.replace("-", "_").isidentifier():
            raise Refused(f"a process's name is a word such as alice, not {name!r}")
        if name in LABELS:
            raise Refused(f"{name!r} is what others are called here; give the process another name")
        if name in self._ids:
            raise Refused(f"there is a process {name} already: `%use {name}` goes to it")


def _unlike(name: str, process: ProcessId) -> Iterator[str]:
    """The name, and those that it becomes where it is taken, is an id or would pass for somebody. What would not be seen
    in it is written out."""
    name = " ".join(plain(name).split())
    if name.casefold() not in LABELS | {""} and len(name) != ID_CHARACTERS:
        yield name
    for size in (4, 8, ID_CHARACTERS):
        yield f"{name}-{process[:size]}"


def short(id: str) -> str:
    """An id as aos prints it: its first three characters and its last three."""
    return f"{id[:3]}...{id[-3:]}"


def with_ids(source: str, find_id: Callable[[str], ProcessId | None]) -> str:
    """Lua in which a process that is named where ao wants an id, as in `Target = "bob"`, is given by its id. Replies are
    told apart by the sender's id, so that a name would never be answered."""
    tokens, text, done = code_of(source), "", 0
    for field, sign, value in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if field.text in ADDRESSES and sign.text in ("=", "==") and value.kind is Kind.STRING:
            process = find_id(string_value(value))
            if process is not None:
                text += f'{source[done : value.start]}"{process}"'
                done = value.end
    return text + source[done:]
