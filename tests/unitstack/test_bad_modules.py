"""Modules that are not what they should be, and modules that misbehave, in a whole network: each evaluation says what was
wrong with which module, and the unit and its other processes go on."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
import wasmtime

from tests.items import a_wallet
from tests.unitstack.engines.small_modules import ANSWER, module, text
from unitstack import Process, Stack, open_stack
from unitstack.errors import EngineError
from unitstack.wire.ids import ModuleId
from unitstack.wire.keys import sign
from unitstack.wire.messages import Draft, ModuleFormat
from unitstack.wire.tags import Tag

OWNER = a_wallet()
TAGS = (
    Tag("Data-Protocol", "ao"),
    Tag("Type", "Module"),
    Tag("Input-Encoding", "JSON-1"),
    Tag("Output-Encoding", "JSON-1"),
    Tag("Memory-Limit", "200-mb"),
    Tag("Compute-Limit", "1000000"),
)
GOOD = module(rest=text())
GROWING = "(loop $l (br_if $l (i32.ne (memory.grow (i32.const 16)) (i32.const -1)))) unreachable"
NESTED = '{"ok":true,"response":{"a":' + "[" * 1400 + "]" * 1400 + "}}"
LONG = (
    "(drop (memory.grow (i32.const 1700))) "
    "(memory.fill (i32.const 64) (i32.const 65) (i32.const 110000000)) i32.const 64"
)


@dataclass(frozen=True, slots=True)
class Network:
    """A stack with a process that is well."""

    stack: Stack
    well: Process

    async def process(self, code: bytes, format: str = ModuleFormat.WASM32_4) -> Process:
        return await spawned(self.stack, code, format)

    async def goes_on(self) -> bool:
        return (await self.well.eval("again")).output.data == "done"


@pytest.fixture
async def network() -> AsyncIterator[Network]:
    async with open_stack(None) as stack:
        yield Network(stack, await spawned(stack, GOOD, ModuleFormat.WASM32_4))


async def spawned(stack: Stack, code: bytes, format: str) -> Process:
    item = sign(OWNER, Draft("", (*TAGS, Tag("Module-Format", format)), code))
    module = ModuleId(await stack.units.gateway.upload(item))
    return await stack.client(OWNER).spawn(module=module)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (b"#!/bin/sh\n", "not a wasm module"),
        (GOOD[:-20], "ends at byte"),
        (bytes(wasmtime.wat2wasm("(module)")), "exports no function handle"),
        (module(before='(import "env" "launch" (func))'), "imports env.launch, which no host"),
        (module(before='(import "env" "fd_write" (func))'), "imports env.fd_write as (func"),
        (module(memory="(memory 2)"), "exports no memory"),
        (module(rest="(func $go unreachable) (start $go)"), "traps when it starts"),
        (
            module(memory='(memory (export "memory") 9999)'),
            f"does not start within {200 << 20} bytes of memory",
        ),
    ],
)
async def test_an_unfit_module_is_named_with_what_is_wrong(
    network: Network, code: bytes, words: str
) -> None:
    process = await network.process(code)

    with pytest.raises(EngineError) as raised:
        await process.eval("anything")

    env_module = str(raised.value).split(": ")[0]
    assert env_module.startswith("module ")
    assert words in str(raised.value)
    assert await network.goes_on()


async def test_a_module_under_the_wrong_format_is_named(network: Network) -> None:
    process = await network.process(GOOD, ModuleFormat.WASM64)

    with pytest.raises(
        EngineError, match=f"tagged {ModuleFormat.WASM64}, but its pointers have 32"
    ):
        await process.eval("anything")

    assert await network.goes_on()


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (module("unreachable"), "the module trapped"),
        (module(GROWING), "the module trapped"),
        (module("i32.const 2000000"), "result is at address 2000000, outside its memory of 131072"),
        (module("i32.const 0"), "result is at address 0"),
        (module(rest=text("no json")), "result of 7 bytes is not the JSON of a result"),
        (module(rest=text(NESTED)), "is nested too deeply, 500 levels may be read"),
        (module(LONG), "result has no end within 100,000,000 bytes"),
    ],
)
async def test_a_module_that_misbehaves_fails_its_message_alone(
    network: Network, code: bytes, words: str
) -> None:
    process = await network.process(code)

    results = [await process.eval("anything") for _ in range(2)]

    assert all(words in str(result.error) for result in results)
    assert await network.goes_on()


async def test_bytes_that_are_no_utf_8_are_shown_as_damaged(network: Network) -> None:
    process = await network.process(module(rest=text(ANSWER.replace("done", "d\\ffne"))))

    assert (await process.eval("anything")).output.data == "d\ufffdne"
