"""A Lua process for the engine's tests: each message's data is a program, and what it returns is the output."""

import json
import threading
from dataclasses import dataclass

from unitstack.engines.engine import Instance
from unitstack.engines.envelope import Envelope
from unitstack.engines.lua import LuaEngine, read_bundle
from unitstack.engines.lua_machine import Limits, Machine, Switch
from unitstack.engines.lua_values import to_lua
from unitstack.wire.results import EvalResult, Json, Memory, from_json

ENTRY = """
local function handle(message, env)
  if message.Raw then return load(message.Data, "cell")(message, env) end
  local chunk, problem = load(message.Data, "cell")
  if not chunk then return true, { Error = problem } end
  local ok, value = pcall(chunk, message, env)
  if not ok then return true, { Error = value } end
  return true, { Output = { data = value }, Messages = {} }
end
return handle
"""
MEGABYTE = 1 << 20
ENV: dict[str, Json] = {"Process": {"Id": "P", "Tags": []}, "Module": {"Id": "M", "Tags": []}}


def a_bundle(**modules: str) -> bytes:
    sources = {"main": ENTRY, **{name.replace("_", "."): text for name, text in modules.items()}}
    return json.dumps({"format": 1, "modules": sources, "entry": "main"}).encode()


@dataclass
class LuaProcess:
    """An instance and its module; `run` hands it a program."""

    instance: Instance
    bundle: bytes

    def run(self, source: str, **fields: Json) -> EvalResult:
        return self.instance.handle(an_envelope(source, **fields))

    def value(self, source: str, **fields: Json) -> Json:
        result = self.run(source, **fields)
        assert result.error is None, result.error
        return result.output.data

    def dry_value(self, source: str) -> Json:
        result = self.instance.dry_run(an_envelope(source))
        assert result.error is None, result.error
        return result.output.data

    def stopped(self, source: str) -> BaseException | None:
        """Runs a program, interrupts it from another thread, and answers what it raised."""
        done = threading.Event()

        def press() -> None:
            while not done.wait(0.001):
                self.instance.interrupt()

        thread = threading.Thread(target=press)
        thread.start()
        try:
            self.run(source)
        except Exception as error:
            return error
        finally:
            done.set()
            thread.join()
        return None


def an_envelope(source: str, **fields: Json) -> Envelope:
    return Envelope({"Data": source, "Timestamp": 1, **fields}, ENV)


def a_lua_process(
    memory: Memory | None = None,
    *,
    memory_limit: int = 64 * MEGABYTE,
    compute_limit: int = 10**12,
    bundle: bytes | None = None,
    engine: LuaEngine | None = None,
) -> LuaProcess:
    module = bundle or a_bundle()
    instance = (engine or LuaEngine()).instantiate(
        module, memory=memory, memory_limit=memory_limit, compute_limit=compute_limit
    )
    return LuaProcess(instance, module)


def a_machine(bundle: bytes | None = None) -> Machine:
    """A machine alone: without history, so without rollback."""
    read = read_bundle(bundle or a_bundle())
    return Machine(read.sources, Limits(64 * MEGABYTE, 10**12), Switch())


def a_started_machine() -> Machine:
    machine = a_machine()
    machine.start("main")
    return machine


def ask(machine: Machine, source: str) -> Json:
    answer = machine.ask(to_lua({"Data": source}), {}, [])
    assert answer.kind == "result", answer.value
    assert isinstance(answer.value, dict)
    assert "Error" not in answer.value, answer.value
    return from_json(answer.value).output.data


def copied(machine: Machine) -> Machine:
    """Another machine in the same state, by way of an image."""
    image = machine.save()
    assert image is not None
    copy = a_machine()
    copy.restore(image)
    return copy
