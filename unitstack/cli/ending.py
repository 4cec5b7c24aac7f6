"""How a server learns that it is to end: by Ctrl+C, or because the system asks it to."""

import asyncio
import signal


def told_to_end() -> asyncio.Event:
    """Set from then on. To be called in the loop that serves."""
    ended = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, ended.set)
    return ended
