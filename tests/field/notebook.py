"""A notebook without Jupyter: runs cells, and keeps what they show."""

import asyncio
from pathlib import Path
from typing import Any

from ao_kernel.host import Host, opener
from ao_kernel.outputs import CellOutput, Failed, Shown

UNITS = {"mu": "messenger", "su": "scheduler", "cu": "compute", "gateway": "gateway"}


def connecting_to(network: dict[str, Any], **other: str) -> str:
    """The command that connects to a network that is served; other URLs in the place of some of its own."""
    urls = {short: network["urls"][unit] for short, unit in UNITS.items()} | other
    return " ".join(("%connect", *(f"{short}={url}" for short, url in urls.items())))


class Notebook:
    """Runs cells and keeps what they show, and what is shown between them."""

    def __init__(self, home: Path) -> None:
        self.host = Host(opener(home, None))
        self.live: asyncio.Queue[CellOutput] = asyncio.Queue()
        self.host.open(self.live.put_nowait)

    async def run(self, code: str) -> list[CellOutput]:
        outputs: list[CellOutput] = []
        await self.host.run(code, outputs.append)
        return outputs

    async def value(self, code: str) -> str:
        outputs = await self.run(code)
        results = [o for o in outputs if isinstance(o, Shown) and o.is_result]
        assert results, outputs
        return str(results[-1].data["text/plain"])

    async def failure(self, code: str) -> str:
        failures = [o for o in await self.run(code) if isinstance(o, Failed)]
        return failures[0].message

    async def told_live(self, text: str) -> None:
        """Waits until something with that text is shown between cells."""
        while text not in str(await self.live.get()):
            pass
