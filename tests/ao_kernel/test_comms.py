import asyncio
import threading
from typing import Any

from ao_kernel.comms import on_loop


async def test_a_message_on_the_kernels_own_thread_is_handled_there() -> None:
    seen: list[Any] = []
    handler = on_loop(
        lambda stream, ident, message: seen.append(message), asyncio.get_running_loop()
    )

    await handler(None, None, {"a": 1})

    assert seen == [{"a": 1}]


async def test_a_message_on_another_thread_is_handled_in_the_kernels_loop() -> None:
    home, seen = threading.current_thread(), list[threading.Thread]()

    async def handle(stream: Any, ident: Any, message: dict[str, Any]) -> None:
        await asyncio.sleep(0)
        seen.append(threading.current_thread())

    handler = on_loop(handle, asyncio.get_running_loop())

    await asyncio.to_thread(asyncio.run, handler(None, None, {}))  # type: ignore[arg-type]

    assert seen == [home]
