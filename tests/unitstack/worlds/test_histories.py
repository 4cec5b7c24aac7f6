"""Whatever is done to a world, in whatever order, its processes have what their logs say."""

import asyncio
from dataclasses import dataclass, field

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.items import a_wallet
from tests.unitstack.worlds.networks import a_process, a_stack, mint, seen
from unitstack.client.process import Process
from unitstack.stack import Stack

Step = tuple[str, int]
steps = st.lists(
    st.tuples(
        st.sampled_from(["mint", "rewind", "fork", "snapshot", "restore"]), st.integers(0, 9)
    ),
    max_size=12,
)
FIRST = 2
"""The nonce of the first message that mints."""


@dataclass
class Model:
    """What there should be: of each process, what was minted by each of its messages that mint, and where it begins."""

    minted: dict[str, list[int]] = field(default_factory=dict)
    base: dict[str, tuple[int, int]] = field(default_factory=dict)

    def copy(self) -> "Model":
        return Model({name: list(log) for name, log in self.minted.items()}, dict(self.base))

    def total(self, name: str) -> int:
        return self.base[name][1] + sum(self.minted[name])


class Play:
    """Does the same to a world and to the model."""

    def __init__(self, stack: Stack, alice: Process) -> None:
        self.stack = stack
        self.processes = {"alice": alice}
        self.model = Model({"alice": []}, {"alice": (FIRST, 0)})
        self.kept: Model | None = None

    def chosen(self, number: int) -> str:
        names = sorted(self.model.minted)
        return names[number % len(names)]

    async def step(self, kind: str, number: int) -> None:
        name = self.chosen(number)
        process, log = self.processes[name], self.model.minted[name]
        first, base = self.model.base[name]
        match kind:
            case "mint":
                await mint(process, quantity=number + 1)
                log.append(number + 1)
            case "rewind":
                left = number % (len(log) + 1)
                await self.stack.rewind(process.id, first + left - 1)
                del log[left:]
            case "fork":
                left = number % (len(log) + 1)
                copy = f"copy-{len(self.processes)}"
                made = await self.stack.fork(process.id, a_wallet(), copy, at=first + left - 1)
                self.processes[copy] = self.stack.client(a_wallet()).process(made)
                self.model.minted[copy] = []
                self.model.base[copy] = (1, base + sum(log[:left]))
            case "snapshot":
                await self.stack.snapshot("kept")
                self.kept = self.model.copy()
            case _:
                if self.kept is not None:
                    await self.stack.restore("kept")
                    self.model = self.kept.copy()


async def play(done: list[Step]) -> dict[str, tuple[str, int]]:
    """What each process has, and what the model says."""
    async with a_stack() as stack:
        told = Play(stack, await a_process(stack))
        for kind, number in done:
            await told.step(kind, number)
        return {
            name: (await seen(told.processes[name], "Balances.ann or 0"), told.model.total(name))
            for name in told.model.minted
        }


@settings(max_examples=25, deadline=None)
@given(steps)
def test_a_process_has_what_its_log_says_whatever_was_done_to_the_world(done: list[Step]) -> None:
    for told, expected in asyncio.run(play(done)).values():
        assert told == str(expected)
