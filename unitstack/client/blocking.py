"""ao's client for a program that has no event loop: each call waits."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from contextlib import AbstractAsyncContextManager, contextmanager
from typing import Any, Concatenate, ParamSpec, TypeVar

from unitstack.client.aoconnect import AoConnect
from unitstack.units import Units

P = ParamSpec("P")
T = TypeVar("T")
Asking = Callable[Concatenate[AoConnect, P], Coroutine[Any, Any, T]]


def _waiting(asking: Asking[P, T]) -> Callable[Concatenate["Blocking", P], T]:
    def ask(self: "Blocking", /, *given: P.args, **named: P.kwargs) -> T:
        return self.wait(asking(self.client, *given, **named))

    ask.__doc__ = asking.__doc__
    return ask


class Blocking:
    """The same client for a program without an event loop: each call returns when what it asked for is there. Nothing
    happens in between."""

    def __init__(self, client: AoConnect, runner: asyncio.Runner) -> None:
        self.client = client
        self._runner = runner

    def wait(self, asked: Coroutine[Any, Any, T]) -> T:
        """What was asked, once it is there."""
        return self._runner.run(asked)

    spawn = _waiting(AoConnect.spawn)
    message = _waiting(AoConnect.message)
    message_slot = _waiting(AoConnect.message_slot)
    sign_message = _waiting(AoConnect.sign_message)
    send_signed_message = _waiting(AoConnect.send_signed_message)
    result = _waiting(AoConnect.result)
    results = _waiting(AoConnect.results)
    dryrun = _waiting(AoConnect.dryrun)
    assign = _waiting(AoConnect.assign)
    monitor = _waiting(AoConnect.monitor)
    unmonitor = _waiting(AoConnect.unmonitor)
    get_messages = _waiting(AoConnect.get_messages)
    get_last_slot = _waiting(AoConnect.get_last_slot)
    get_message_by_id = _waiting(AoConnect.get_message_by_id)


@contextmanager
def blocking(opening: AbstractAsyncContextManager[Units | AoConnect]) -> Iterator[Blocking]:
    """A network for a program that has no event loop: `with blocking(connect(…)) as ao: ao.result(…)`."""
    with asyncio.Runner() as runner:
        opened = runner.run(_entered(opening))
        client = opened if isinstance(opened, AoConnect) else AoConnect(opened)
        try:
            yield Blocking(client, runner)
        finally:
            runner.run(_left(opening))


async def _entered(opening: AbstractAsyncContextManager[T]) -> T:
    return await opening.__aenter__()


async def _left(opening: AbstractAsyncContextManager[object]) -> None:
    await opening.__aexit__(None, None, None)
