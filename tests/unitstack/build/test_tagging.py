import pytest

from unitstack.build.lua_module import template
from unitstack.build.tagging import format_of, module_tags
from unitstack.errors import EngineError
from unitstack.wire.messages import ModuleFormat
from unitstack.wire.tags import Tag, find


def test_a_module_has_the_format_of_its_width() -> None:
    assert format_of(template(32)) == ModuleFormat.WASM32_4
    assert format_of(template(64)) == ModuleFormat.WASM64


@pytest.mark.parametrize("data", [b"", b"\0as", b"#!/bin/sh", b"\0asm\x01\0\0\0"])
def test_what_is_no_module_is_refused(data: bytes) -> None:
    with pytest.raises(EngineError, match=r"no wasm module|no memory"):
        format_of(data)


def test_tags_that_are_given_win() -> None:
    given = (Tag("Module-Format", "mine"), Tag("Name", "x"), Tag("Memory-Limit", "1-gb"))

    tags = module_tags(template(32), "256-mb", given)

    assert tags[:3] == given
    assert [tag.name for tag in tags].count("Module-Format") == 1
    assert find(tags, "Type") == "Module"
    assert find(tags, "Content-Type") == "application/wasm"
