from pathlib import Path

from ao_kernel.ansi import plain
from ao_kernel.host import Host, opener
from ao_kernel.outputs import CellOutput
from tests.ao_kernel.error_cells import shown

HANDLER = 'Handlers.add("ping", "Ping", function (msg)\n  msg.reply({ Data = 1 + nothing })\nend)'


async def run(host: Host, code: str) -> str:
    outputs: list[CellOutput] = []
    await host.run(code, outputs.append)
    return plain(shown(outputs))


async def test_a_handler_of_an_earlier_session_fails_with_its_own_line(tmp_path: Path) -> None:
    before = Host(opener(tmp_path / "data", tmp_path / "home"))
    before.open(lambda output: None)
    await run(before, "%spawn alice")
    await run(before, HANDLER)
    await before.close()

    host = Host(opener(tmp_path / "data", tmp_path / "home"))
    host.open(lambda output: None)
    await run(host, "%use alice")
    said = await run(host, 'Send({ Target = ao.id, Action = "Ping" })')
    await host.close()

    assert "message 1 of alice, line 2, in handler ping, given Ping from alice:" in said
    assert "  2 |   msg.reply({ Data = 1 + nothing })" in said
