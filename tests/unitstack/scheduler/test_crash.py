import subprocess
import sys
from pathlib import Path
from random import Random

from tests.unitstack.scheduler.builders import Network, a_process_here
from unitstack.units import Search
from unitstack.wire.assignments import ScheduledMessage, first_link, next_link
from unitstack.wire.ids import ProcessId
from unitstack.wire.keys import verify

ROOT = Path(__file__).parents[3]
PROCESS = ProcessId(a_process_here().id)


def acknowledged_until_killed(home: Path, count: int) -> dict[int, tuple[str, str]]:
    """Lets a scheduler acknowledge so many messages, kills it in the midst of going on, and reads what it still said."""
    command = [sys.executable, "-m", "tests.unitstack.scheduler.endless", str(home)]
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(command, cwd=ROOT, text=True, **streams) as running:  # type: ignore[call-overload]  # streams are what Popen takes
        lines = [running.stdout.readline() for _ in range(count)]
        running.kill()
        lines += running.stdout.read().splitlines(keepends=True)
    said = (line.split() for line in lines if line.endswith("\n"))
    return {int(nonce): (message, assignment) for nonce, message, assignment in said}


async def test_what_was_acknowledged_survives_a_kill_once_and_in_its_place(tmp_path: Path) -> None:
    acknowledged: dict[int, tuple[str, str]] = {}
    for seed in range(6):
        count = Random(seed).randrange(1, 150)
        acknowledged |= acknowledged_until_killed(tmp_path, count)

    network = Network(tmp_path)
    log: list[ScheduledMessage] = []
    after: int | None = None
    while page := (await network.scheduler.messages(PROCESS, after=after)).items:
        log += page
        after = page[-1].assignment.nonce

    assignments = [each.assignment for each in log]
    assert [each.nonce for each in assignments] == list(range(len(log)))
    assert [each.hash_chain for each in assignments] == [
        first_link(PROCESS),
        *map(next_link, assignments[:-1]),
    ]
    assert len({each.message for each in assignments}) == len(log)
    for nonce, said in acknowledged.items():
        assert (assignments[nonce].message, assignments[nonce].id) == said
    for each in log:
        verify(each.assignment.item)
    await network.close()


async def test_after_a_kill_the_gateway_is_given_what_it_lacks(tmp_path: Path) -> None:
    for count in (3, 70):
        acknowledged_until_killed(tmp_path, count)
    network = Network(tmp_path)

    await network.scheduler.catch_up()

    log = (await network.scheduler.messages(PROCESS)).items
    for each in log:
        assert each.message is not None
        assert await network.gateway.item(each.message.item.id) == each.message.item
        assert await network.gateway.item(each.assignment.id) == each.assignment.item
    found = await network.gateway.search(Search(recipients=(PROCESS,), limit=1000))
    assert len(found.items) == len(log) - 1
    await network.close()
