"""The public face: what a program finds under the one name."""

import unitstack
from unitstack.build.lua_module import PRESETS, lua_module

ECHO = """function handle(message)
  return '{"ok":true,"response":{"Output":"heard","Messages":[],"Spawns":[],"Assignments":[]}}'
end"""


def test_a_module_is_loaded_as_the_reference_loader_does() -> None:
    module = lua_module({"echo": ECHO}, "echo", sizes=PRESETS["xs"])

    handle = unitstack.load(module, format="wasm32-unknown-emscripten4")
    result = handle(None, {"Data": "hello"}, {})

    assert result["Output"] == "heard"
    assert result["Memory"]


def test_everything_public_is_there() -> None:
    assert all(hasattr(unitstack, name) for name in unitstack.__all__)
