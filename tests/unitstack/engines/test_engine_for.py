"""Which engine runs what."""

import pytest

from unitstack.engines import engine_for
from unitstack.errors import EngineError
from unitstack.wire.messages import ModuleFormat

RUN = [ModuleFormat.LUA, ModuleFormat.WASM32_4, ModuleFormat.WASM64]


@pytest.mark.parametrize("format", RUN)
def test_there_is_an_engine_and_always_the_same_one(format: ModuleFormat) -> None:
    assert format in engine_for(format).formats
    assert engine_for(format) is engine_for(format)


def test_a_format_without_an_engine_is_named() -> None:
    with pytest.raises(EngineError, match=r"format wasm32-unknown-emscripten$"):
        engine_for(ModuleFormat.WASM32)
