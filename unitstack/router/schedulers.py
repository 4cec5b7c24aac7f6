"""The scheduler unit's router mode: each process belongs to one of many schedulers, and askers are sent there."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from unitstack.errors import InvalidItem, NotFound, Refused
from unitstack.router.http import path_and_query
from unitstack.router.store import RouteStore
from unitstack.web.application import application, id_in_path, id_in_query, item_of
from unitstack.wire import keys
from unitstack.wire.data_item import DataItem
from unitstack.wire.messages import read_message


@dataclass(frozen=True, slots=True)
class Listed:
    """A scheduler that processes may be given to. `wallets` are those whose processes it gets before others; `open` is
    whether it gets those of anyone else."""

    url: str
    wallets: tuple[str, ...] = ()
    open: bool = True


def read_list(written: Sequence[Mapping[str, Any]]) -> tuple[Listed, ...]:
    """The list as scheduler units keep it in a file."""
    return tuple(
        Listed(
            str(each["url"]).rstrip("/"),
            tuple(filter(None, (each.get("wallets_to_route") or "").split(","))),
            not (each.get("no_route") or each.get("wallets_only")),
        )
        for each in written
    )


def chosen(listed: Iterable[Listed], owner: str, counts: Mapping[str, int]) -> Listed:
    """Whose a new process is: the owner's own scheduler's, else that's which has the fewest. Raises Refused for none."""
    known = tuple(listed)
    for each in known:
        if owner in each.wallets:
            return each
    free = [each for each in known if each.open]
    if not free:
        raise Refused(f"of {len(known)} schedulers none takes processes of {owner}")
    return min(free, key=lambda each: counts.get(each.url, 0))


def schedulers_app(
    listed: Sequence[Listed], store: RouteStore, *, metrics: bool = False
) -> Starlette:
    """ao's scheduler unit in its router mode. Schedulers must be at the roots of their URLs: clients keep no more of a
    redirect than that."""
    switch = _Switch(tuple(listed), store)
    routes = [
        Route("/", switch.accept, methods=["POST"]),
        Route("/", switch.asked_of_query),
        Route("/timestamp", switch.asked_of_query),
        Route("/processes/{id}", switch.asked_of_path),
        Route("/{id}/latest", switch.asked_of_path),
        Route("/{id}", switch.asked_of_either),
    ]
    return application(routes, unit="scheduler router", metrics=metrics)


class _Switch:
    """Sends askers to the scheduler of their process."""

    def __init__(self, listed: tuple[Listed, ...], store: RouteStore) -> None:
        self._listed = listed
        self._store = store

    async def accept(self, request: Request) -> Response:
        process, tx = id_in_query(request, "process-id"), id_in_query(request, "assign")
        if (process is None) != (tx is None):
            raise InvalidItem("If sending assign or process-id, you must send both.")
        if process is not None:
            return self._sent(request, process)
        return self._taken(request, await item_of(request))

    async def asked_of_query(self, request: Request) -> Response:
        process = id_in_query(request, "process-id")
        if process is None:
            raise InvalidItem("No process-id query parameter provided")
        return self._sent(request, process)

    async def asked_of_path(self, request: Request) -> Response:
        return self._sent(request, id_in_path(request))

    async def asked_of_either(self, request: Request) -> Response:
        return self._sent(request, id_in_query(request, "process-id") or id_in_path(request))

    def _taken(self, request: Request, item: DataItem) -> Response:
        # Verified here too: what anyone may send must not fill the table.
        keys.verify(item)
        process = read_message(item).process
        if process != item.id:
            return self._sent(request, process)
        one = chosen(self._listed, item.address, self._store.counts())
        self._store.put(process, one.url)
        return self._sent(request, process)

    def _sent(self, request: Request, process: str) -> Response:
        url = self._store.find(process)
        if url is None:
            raise NotFound("the scheduler of process", process)
        return RedirectResponse(url + path_and_query(request))
