import subprocess
import sys

from ao_kernel.host import Host
from ao_kernel.outputs import CellOutput, Failed, Show, Shown
from ao_kernel.session import Session
from tests.ao_kernel.network import FakeNetwork, returned
from unitstack.errors import Refused


class Door:
    """Opens a session, unless another has it."""

    def __init__(self) -> None:
        self.is_shut = True

    async def open(self, show_live: Show) -> Session:
        if self.is_shut:
            raise Refused("home is open in another program")
        return Session(FakeNetwork({"6 * 7": returned("42")}), show_live)


async def test_a_session_that_could_not_be_opened_is_tried_again_by_the_next_cell() -> None:
    door = Door()
    host = Host(door.open)
    host.open(lambda output: None)
    outputs: list[CellOutput] = []

    await host.run("6 * 7", outputs.append)
    door.is_shut = False
    await host.run("6 * 7", outputs.append)
    await host.close()

    assert isinstance(outputs[0], Failed)
    assert outputs[0].message == "home is open in another program"
    assert "close the other kernel, or unset AO_HOME" in outputs[0].traceback[-1]
    assert outputs[-1] == Shown({"text/plain": "42"}, is_result=True)


def test_a_kernel_that_starts_does_not_wait_for_the_stack() -> None:
    asked = "import sys, ao_kernel.kernel; print([m for m in sys.modules if m == 'unitstack'])"

    told = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)

    assert told.stdout.strip() == "[]"
