"""Which engine runs what."""

import pytest

from unitstack.engines import engine_for
from unitstack.wire.messages import ModuleFormat


@pytest.mark.parametrize("format", ModuleFormat)
def test_every_format_has_an_engine_and_always_the_same_one(format: ModuleFormat) -> None:
    assert format in engine_for(format).formats
    assert engine_for(format) is engine_for(format)
