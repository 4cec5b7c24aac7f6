from collections.abc import AsyncIterator

import pytest

from tests.items import AN_ID, a_transaction
from tests.unitstack.gateway.archives import World
from unitstack.errors import NotFound
from unitstack.gateway.archive import Extent
from unitstack.gateway.extents import Extents
from unitstack.wire import ids
from unitstack.wire.data_tree import CHUNK_BYTES


@pytest.fixture
async def world() -> AsyncIterator[World]:
    world = World()
    yield world
    await world.unit.close()


async def test_chunk_after_chunk_is_the_whole_data(world: World) -> None:
    data = bytes(number % 251 for number in range(3 * CHUNK_BYTES + 5))
    transaction = a_transaction(data=data)
    await world.unit.keep(transaction, data)
    extents, read = Extents(world.unit), b""

    while len(read) < len(data):
        read += ids.decode((await extents.chunk(len(read) + 1))["chunk"])

    assert read == data


async def test_every_byte_of_the_weave_is_in_its_own_transactions_chunk(world: World) -> None:
    for number in range(20):
        data = b"%02d" % number
        await world.unit.keep(a_transaction(data=data), data)
    extents = Extents(world.unit)

    read = [ids.decode((await extents.chunk(offset))["chunk"]) for offset in range(1, 41)]

    assert read == [b"%02d" % (offset // 2) for offset in range(40)]


async def test_a_place_whose_data_was_lost_is_not_found(world: World) -> None:
    with pytest.raises(NotFound, match=AN_ID):
        world.unit.part(Extent(AN_ID, 1, 4), 0, 4)


async def test_behind_the_end_of_the_weave_there_is_nothing(world: World) -> None:
    await world.unit.keep(a_transaction(data=b"data"), b"data")
    extents = Extents(world.unit)

    assert (await extents.chunk(4))["chunk"] == ids.encode(b"data")
    with pytest.raises(NotFound, match="5"):
        await extents.chunk(5)
    with pytest.raises(NotFound, match=AN_ID):
        extents.offset(AN_ID)
