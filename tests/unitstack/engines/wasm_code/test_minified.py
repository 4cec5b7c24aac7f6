"""Modules of the oldest format get their names back."""

import pytest

from tests.unitstack.engines.wasm_code.running import assembled
from unitstack.engines.wasm_code.interface import exports_of, imports_of
from unitstack.engines.wasm_code.minified import is_minified, spelled_out
from unitstack.engines.wasm_code.sections import split
from unitstack.errors import EngineError


def test_letters_become_names() -> None:
    wat = '(module (import "a" "f" (func)) (memory (export "E") 1) (func (export "G")))'
    sections = split(assembled(wat))

    spelled = spelled_out(sections)

    assert is_minified(sections)
    assert [(each.module, each.name) for each in imports_of(spelled)] == [("env", "fd_write")]
    assert [each.name for each in exports_of(spelled)] == ["memory", "handle"]


def test_a_letter_that_the_loader_does_not_know_is_refused() -> None:
    with pytest.raises(EngineError, match=r"imports a\.Z"):
        spelled_out(split(assembled('(module (import "a" "Z" (func)))')))


def test_names_of_the_newer_formats_stay() -> None:
    assert not is_minified(split(assembled('(module (import "env" "f" (func)))')))
