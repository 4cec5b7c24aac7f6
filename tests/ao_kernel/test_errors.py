"""What a person sees of the mistakes that people make, word for word."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from ao_kernel.host import Host
from tests.ao_kernel.error_cells import FOLDER, NOTEBOOKS, last_shown, opened

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def host() -> AsyncIterator[Host]:
    async with opened() as host:
        yield host


@pytest.mark.parametrize("name", NOTEBOOKS)
async def test_a_mistake_is_explained_in_these_words(host: Host, name: str) -> None:
    assert await last_shown(host, name) == (FOLDER / f"{name}.txt").read_text()


@pytest.mark.parametrize("name", ["earlier-cell", "elsewhere", "json-garbage", "loaded-file-fails"])
async def test_the_lua_engine_explains_it_likewise(host: Host, name: str) -> None:
    assert await last_shown(host, name, "lua") == (FOLDER / f"{name}.txt").read_text()


@pytest.mark.parametrize("name", NOTEBOOKS)
async def test_an_explanation_is_no_wall(name: str) -> None:
    assert len((FOLDER / f"{name}.txt").read_text().splitlines()) <= 10
