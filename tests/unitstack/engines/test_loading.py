"""`load(module, format=…)` is what the reference's loader is: memory in and out, gas, limits, its errors."""

import threading

import pytest

from unitstack.build.inject import Sizes
from unitstack.build.lua_module import MEGABYTE, lua_module
from unitstack.engines.loading import LoadedModule, ModuleFailed, Options, load
from unitstack.engines.running import OutOfGas
from unitstack.errors import EngineError, Interrupted
from unitstack.wire.messages import ModuleFormat

PROGRAM = r"""
count = 0
function handle(message)
  count = count + 1
  if message:find("fail") then return '{"ok":false,"response":"it failed"}' end
  if message:find("spin") then while true do end end
  if message:find("grow") then local t = {} while true do t[#t + 1] = ("x"):rep(100000) .. #t end end
  return '{"ok":true,"response":{"Output":' .. count .. ',"Messages":[],"Spawns":[],"Assignments":[]}}'
end
"""
MODULE = lua_module(
    {".main": PROGRAM}, ".main", target=32, sizes=Sizes(2 * MEGABYTE, 8 * MEGABYTE, 64 * MEGABYTE)
)


def a_module(options: Options = Options(), format: str = ModuleFormat.WASM32_4) -> LoadedModule:  # noqa: B008 - a value
    return load(MODULE, format=format, options=options)


def test_a_result_has_what_the_reference_gives() -> None:
    result = a_module()(None, {"Data": "x"}, {})

    assert set(result) == {
        "Memory",
        "Error",
        "Output",
        "Messages",
        "Spawns",
        "Assignments",
        "Patches",
        "GasUsed",
    }
    assert (result["Output"], result["Patches"]) == (1, [])


def test_memory_that_came_out_goes_into_another_instance() -> None:
    first = a_module()
    memory = first(None, {"Data": "x"}, {})["Memory"]
    assert isinstance(memory, memoryview)

    outputs = [a_module()(given, {"Data": "x"}, {})["Output"] for given in (memory, bytes(memory))]

    assert outputs == [2, 2]
    assert first(memory, {"Data": "x"}, {})["Output"] == 2
    assert first(memory, {"Data": "x"}, {})["Output"] == 2


def test_without_a_memory_the_instance_goes_on_with_its_own() -> None:
    alive = a_module(Options(keep_memory=True))

    outputs = [alive(None, {"Data": "x"}, {}) for _ in range(3)]

    assert [result["Output"] for result in outputs] == [1, 2, 3]
    assert outputs[0]["Memory"] is None


def test_an_answer_that_is_not_ok_is_raised_with_what_it_says() -> None:
    with pytest.raises(ModuleFailed, match="it failed") as failed:
        a_module()(None, {"Data": "fail"}, {})

    assert failed.value.response == "it failed"


@pytest.mark.parametrize("format", [ModuleFormat.WASM32_4, ModuleFormat.WASM32_METERING])
def test_gas_is_used_up_and_the_instance_goes_on(format: ModuleFormat) -> None:
    alive = a_module(Options(compute_limit=500_000_000), format)
    memory = alive(None, {"Data": "x"}, {})["Memory"]
    assert isinstance(memory, memoryview)

    with pytest.raises(OutOfGas, match="out of gas: one message may use 500,000,000"):
        alive(memory, {"Data": "spin"}, {})

    assert alive(memory, {"Data": "x"}, {})["Output"] == 2


def test_a_memory_limit_may_be_given_as_tags_say_it() -> None:
    with pytest.raises(EngineError):
        a_module(Options(memory_limit="16-mb"))(None, {"Data": "grow"}, {})
    with pytest.raises(EngineError, match="1048576 bytes of memory"):
        a_module(Options(memory_limit="1-mb"))


def test_a_running_call_is_interrupted_from_another_thread() -> None:
    alive = a_module()
    timer = threading.Timer(0.05, alive.interrupt)
    timer.start()

    with pytest.raises(Interrupted):
        alive(None, {"Data": "spin"}, {})

    timer.join()
    assert alive(None, {"Data": "x"}, {})["Output"] == 1


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (Options(input_encoding="XML"), "'XML' is no encoding of messages; JSON-1 is known"),
        (Options(output_encoding="CBOR"), "'CBOR' is no encoding of messages"),
        (
            Options(extensions=("Oracle",)),
            "'Oracle' is no extension of this loader; known is Weave",
        ),
    ],
)
def test_choices_that_are_not_known_are_refused_by_name(options: Options, words: str) -> None:
    a_module(Options(extensions=("WeaveDrive",)))

    with pytest.raises(EngineError, match=words):
        a_module(options)


def test_a_module_may_be_given_by_a_function() -> None:
    alive = load(lambda: MODULE, format=ModuleFormat.WASM32_4)

    assert alive(None, {"Data": "x"}, {})["Output"] == 1


def test_a_format_that_is_none_is_refused_by_name() -> None:
    with pytest.raises(EngineError, match="'wasm99' is no format of modules; known are wasm32"):
        load(MODULE, format="wasm99")
