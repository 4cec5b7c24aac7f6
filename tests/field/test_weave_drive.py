"""A real module reads the weave by its drive, through our gateway, and as it does in the reference's loader."""

import json
import shutil
import subprocess
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace

import pytest

from tests.field.golden_cases import eval_message
from tests.field.reference import ENV, FIRST, HERE, MODULES, install
from tests.items import a_wallet
from unitstack import Process, Stack, load, open_stack
from unitstack.clock import CHAIN
from unitstack.engines.loading import STANDARD
from unitstack.wire.assignments import BlockTime
from unitstack.wire.chain import ORIGIN
from unitstack.wire.ids import ModuleId, TxId
from unitstack.wire.keys import sign
from unitstack.wire.messages import Draft, ModuleFormat
from unitstack.wire.tags import Tag

TEXT = "line one\nline two\nthe end"
OWNER = a_wallet("arweave")
MODULE_TAGS = (
    Tag("Data-Protocol", "ao"),
    Tag("Type", "Module"),
    Tag("Module-Format", ModuleFormat.WASM64),
    Tag("Input-Encoding", "JSON-1"),
    Tag("Output-Encoding", "JSON-1"),
    Tag("Memory-Limit", "500-mb"),
    Tag("Compute-Limit", "9000000000000"),
)
DRIVEN = (Tag("Extension", "WeaveDrive"), Tag("Attestor", OWNER.address))


def read(path: str) -> str:
    """What aos's own library does: it measures the file, and reads all of it."""
    return f"local f = io.open('{path}') return f and f:read(f:seek('end')) or 'nothing'"


@dataclass
class Network:
    """A stack whose clock is moved by hand."""

    stack: Stack
    moment: int = ORIGIN.timestamp

    async def publish(self, data: bytes, *tags: Tag) -> TxId:
        return await self.stack.units.gateway.upload(sign(OWNER, Draft("", tags, data)))

    async def process(self, *tags: Tag) -> Process:
        code = (MODULES / "aos2_0_6.wasm").read_bytes()
        module = ModuleId(await self.publish(code, *MODULE_TAGS))
        return await self.stack.client(OWNER).spawn("reader", module=module, tags=tags)

    def a_day_passes(self) -> None:
        self.moment += 86_400_000


@pytest.fixture
async def network() -> AsyncIterator[Network]:
    install()
    made: list[Network] = []

    def clock() -> BlockTime:
        return CHAIN.at(made[0].moment if made else ORIGIN.timestamp)

    async with open_stack(None, clock=clock) as stack:
        made.append(Network(stack))
        yield made[0]


async def told(process: Process, source: str) -> object:
    return (await process.eval(source)).output.data


async def test_data_is_read_once_an_attestor_has_vouched_for_it(network: Network) -> None:
    data = await network.publish(TEXT.encode())
    process = await network.process(*DRIVEN)
    before = await told(process, read(f"/data/{data}"))

    tags = {"Data-Protocol": "ao", "Type": "Attestation", "Message": data}
    await network.publish(b"", *(Tag(*each) for each in tags.items()))
    unmined = await told(process, read(f"/data/{data}"))
    network.a_day_passes()

    assert (before, unmined) == ("nothing", "nothing")
    assert await told(process, read(f"/data/{data}")) == TEXT
    assert await told(process, read(f"/data/{process.id}")) == "nothing"


async def test_single_items_are_vouched_for_where_the_process_says_so(network: Network) -> None:
    data = await network.publish(TEXT.encode())
    process = await network.process(*DRIVEN, Tag("Availability-Type", "Individual"))
    tags = {"Data-Protocol": "WeaveDrive", "Type": "Available", "ID": data}
    await network.publish(b"", *(Tag(*each) for each in tags.items()))
    network.a_day_passes()

    assert await told(process, read(f"/data/{data}")) == TEXT


async def test_without_the_extension_no_data_is_read(network: Network) -> None:
    data = await network.publish(TEXT.encode())
    process = await network.process()

    assert await told(process, read(f"/data/{data}")) == "nothing"


async def test_a_library_is_refused_and_the_process_goes_on(network: Network) -> None:
    data = await network.publish(TEXT.encode())
    process = await network.process(*DRIVEN, Tag("Availability-Type", "Library"))

    result = await process.eval(read(f"/data/{data}"))

    assert "Library is not supported yet" in str(result.error)
    assert await told(process, "1 + 1") == "2"


async def test_what_a_process_boots_from_needs_no_one_to_vouch_for_it(network: Network) -> None:
    source = await network.publish(b"Booted = 'from the weave'")
    process = await network.process(Tag("On-Boot", source))

    assert await told(process, "Booted") == "from the weave"


async def test_headers_of_blocks_and_transactions_are_read(network: Network) -> None:
    data = await network.publish(TEXT.encode())
    process = await network.process()
    network.a_day_passes()

    block = json.loads(str(await told(process, read(f"/block/{ORIGIN.height + 2}"))))
    header = json.loads(str(await told(process, read(f"/tx/{data}"))))

    assert block["timestamp"] == (ORIGIN.timestamp + 2 * CHAIN.interval) // 1000
    assert (header["id"], header["ownerAddress"]) == (data, OWNER.address)
    assert await told(process, read(f"/block/{ORIGIN.height + 5_000}")) == "nothing"


def test_it_reads_as_in_the_references_loader() -> None:
    install()
    sources = [read("/data/" + "x" * 43), read("/tmp/x"), "1 + 1"]
    messages = [FIRST, *(eval_message(each, n, ENV) for n, each in enumerate(sources, 1))]
    module = MODULES / "aos2_0_6.wasm"
    given = {"module": str(module), "format": ModuleFormat.WASM64, "messages": messages}
    node = shutil.which("node")
    assert node is not None
    ended = subprocess.run(
        [node, "--experimental-wasm-memory64", "weave_drive.cjs"],
        cwd=HERE,
        input=json.dumps(given | {"env": ENV, "data": TEXT}),
        capture_output=True,
        text=True,
        check=True,
    )

    def drive(path: str) -> bytes | None:
        return TEXT.encode() if path.startswith("/data/") else None

    options = replace(STANDARD, drive=drive, keep_memory=True)
    handle = load(module.read_bytes(), format=ModuleFormat.WASM64, options=options)
    ours = [handle(None, message, ENV)["Output"] for message in messages]

    answers = [each["data"] for each in ours if isinstance(each, dict)]
    assert answers == json.loads(ended.stdout) == ["", TEXT, "nothing", "2"]
