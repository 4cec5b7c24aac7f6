import pytest

from ao_kernel.magics.timing import told
from ao_kernel.outputs import CellFailed, CellOutput, Printed
from ao_kernel.running import run_code
from ao_kernel.session import Session
from tests.ao_kernel.network import FakeNetwork, failing, returned


def test_a_cells_cost_is_told_in_a_line() -> None:
    assert (
        told(0.0123, 4_983_715, 900, 1204.4)
        == "wall 12.3 ms, gas 4,983,715, memory 1,204 KB (+304)"
    )
    assert told(2.5, None, None, None) == "wall 2.50 s"


@pytest.mark.parametrize("source", ["6 * 7", "boom()"])
async def test_a_timed_cell_ends_with_its_cost_whether_it_fails_or_not(source: str) -> None:
    network = FakeNetwork({"6 * 7": returned("42"), "boom()": failing("boom")})
    session = Session(network, lambda output: None)
    outputs: list[CellOutput] = []
    try:
        await run_code(session, f"%%time\n{source}", outputs.append)
    except CellFailed:
        assert source == "boom()"

    assert isinstance(outputs[-1], Printed)
    assert outputs[-1].text.startswith("wall ")


async def test_the_time_of_a_line_is_the_worlds_clock_and_of_nothing_is_refused() -> None:
    session = Session(FakeNetwork(), lambda output: None)

    with pytest.raises(CellFailed, match="wants Lua below it"):
        await run_code(session, "%%time", lambda output: None)
