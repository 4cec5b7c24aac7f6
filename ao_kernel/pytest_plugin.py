"""The pytest plugin: `ao_stack`, a network in this process, and `process`, a new process in it for each test."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from unitstack.client.actor import Actor
    from unitstack.testing.network import Network

ENGINES = ("wasm", "lua")
MARK = "ao(file): the Lua file that the `process` fixture has loaded; its path is looked for beside the test, then from the root"


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--ao-engine`, and its lasting form in the configuration."""
    group = parser.getgroup("ao")
    group.addoption(
        "--ao-engine", choices=ENGINES, help="what runs the processes of tests (default: wasm)"
    )
    parser.addini("ao_engine", "what runs the processes of tests: wasm or lua", default="wasm")


def pytest_configure(config: pytest.Config) -> None:
    """Makes the marker known."""
    config.addinivalue_line("markers", MARK)


@pytest.fixture(scope="session")
def ao_stack(request: pytest.FixtureRequest) -> "Iterator[Network]":
    """An ao network in this process. Processes do not share anything, so that one network does for all tests."""
    # The stack is imported by the first test that wants it: every run of pytest loads this plugin.
    from unitstack.testing.network import open_network  # noqa: PLC0415

    engine = request.config.getoption("--ao-engine") or request.config.getini("ao_engine")
    with open_network(str(engine)) as network:
        yield network


@pytest.fixture
def process(request: pytest.FixtureRequest, ao_stack: "Network") -> "Actor":
    """A new process, with the file of the test's `ao` marker loaded."""
    actor = ao_stack.spawn(request.node.name)
    marker = request.node.get_closest_marker("ao")
    if marker is not None:
        actor.load(_find(request, *marker.args, **marker.kwargs))
    return actor


def _find(request: pytest.FixtureRequest, file: str) -> Path:
    beside, below = request.path.parent / file, request.config.rootpath / file
    found = next((path for path in (beside, below) if path.is_file()), None)
    if found is None:
        raise pytest.UsageError(f"there is no file {file}: looked for {beside} and {below}")
    return found
