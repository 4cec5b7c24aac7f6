"""A network that others run: its units over HTTP, and the person's own wallet. Is imported when it is first asked for."""

from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from urllib.parse import urlsplit

from ao_kernel.networks.network import Resolve
from unitstack.client.client import Client
from unitstack.client.drafts import Defaults
from unitstack.errors import Refused
from unitstack.remote import Urls, connect, connect_node, look_around
from unitstack.units import Search, Units
from unitstack.wire.ids import Address, MessageId, ModuleId, ProcessId, TxId
from unitstack.wire.keys import Signer
from unitstack.wire.messages import Draft, ModuleFormat

FORMATS = {"wasm": ModuleFormat.WASM32_4, "lua": ModuleFormat.LUA}
"""The module that a messenger publishes for each engine, by its format."""

MODULES = (("Data-Protocol", ("ao",)), ("Type", ("Module",)))


@dataclass(frozen=True, slots=True)
class Named:
    """What new processes name. Without a module, it is the one that their authority has published."""

    scheduler: Address | None
    authority: Address | None
    module: ModuleId | None = None


class RemoteNetwork:
    """Plays `Network` elsewhere. What a message sets off there goes on whatever is done here: Stop ends the waiting."""

    is_shared = True

    def __init__(
        self,
        units: Units,
        wallet: Signer,
        named: Named,
        closing: AsyncExitStack | None = None,
        host: str = "",
    ) -> None:
        # Nothing is spawned before `_defaults` has found what these are.
        self._client = Client(units, wallet, Defaults(ModuleId(TxId("")), Address("")))
        self.units = units
        self.host = host
        self.wallet = wallet
        self.address = self._client.address
        self.engine = "wasm"
        self.authority = named.authority
        self._named = named
        self._closing = closing or AsyncExitStack()

    @property
    def budget(self) -> int:
        raise self._not_ours()

    @budget.setter
    def budget(self, messages: int) -> None:
        raise self._not_ours()

    async def spawn(self, name: str, tags: tuple[tuple[str, str], ...]) -> ProcessId:
        self._client.defaults = await self._defaults()
        return (await self._client.spawn(name, tags=tags)).id

    async def send(self, draft: Draft) -> MessageId:
        return await self._client.send(draft)

    def resolve_names(self, resolve: Resolve) -> None:
        """A messenger elsewhere knows ids alone; names in a cell are replaced before it is sent."""

    def listen(self, tell: Callable[[ProcessId], None]) -> None:
        """Units elsewhere tell nobody what they do."""

    def interrupt(self, root: MessageId | None) -> None:
        """Nothing runs here."""

    def withdraw(self, process: ProcessId, message: MessageId) -> None:
        """What was sent is on the network; nobody can take it back."""

    async def close(self) -> None:
        await self._closing.aclose()

    async def _defaults(self) -> Defaults:
        scheduler = self._named.scheduler or _missing("scheduler", "which scheduler to name")
        authority = self._named.authority or _missing("authority", "which messenger to trust")
        module = self._named.module or await self._module_of(authority)
        return Defaults(module, scheduler, (authority,))

    async def _module_of(self, authority: Address) -> ModuleId:
        tags = (*MODULES, ("Module-Format", (FORMATS[self.engine],)))
        search = Search(owners=(authority,), tags=tags, limit=1)
        found = (await self.units.gateway.search(search)).items
        if not found:
            raise Refused(
                f"the messenger {authority} has published no module for {self.engine}; "
                "add module=ID to %connect"
            )
        return ModuleId(found[0].id)

    def _not_ours(self) -> Refused:
        return Refused(
            "a network elsewhere sets its own limits; `%connect local` goes back to one's own"
        )


def _host(url: str) -> str:
    return urlsplit(url).netloc


def _missing(what: str, told: str) -> Address:
    raise Refused(f"the network does not say {told}; add {what}=ADDRESS to %connect")


async def open_remote(urls: Urls, named: Named, wallet: Signer) -> RemoteNetwork:
    """The units at those URLs, each of which has answered by then. Raises UnitUnreachable."""
    around = await look_around(urls)
    scheduler = named.scheduler or around.scheduler
    whole = Named(scheduler, named.authority or around.authority, named.module)
    async with AsyncExitStack() as closing:
        units = await closing.enter_async_context(
            connect(mu=urls.mu, su=urls.su, cu=urls.cu, gateway=urls.gateway)
        )
        return RemoteNetwork(units, wallet, whole, closing.pop_all(), _host(urls.mu))


async def open_node(url: str, gateway: str | None, named: Named, wallet: Signer) -> RemoteNetwork:
    """The HyperBEAM node at that URL, which has answered by then. Raises UnitUnreachable."""
    async with AsyncExitStack() as closing:
        opening = connect_node(url, wallet, gateway=gateway, delays=())
        address = await (await closing.enter_async_context(opening)).address()
    async with AsyncExitStack() as closing:
        node = await closing.enter_async_context(connect_node(url, wallet, gateway=gateway))
        whole = Named(named.scheduler or address, named.authority or address, named.module)
        return RemoteNetwork(node.units, wallet, whole, closing.pop_all(), _host(url))
