"""The sizes of style.md, counted."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = sorted(
    path
    for room in ("unitstack", "ao_kernel")
    for path in (ROOT / room).rglob("*.py")
    if "node_modules" not in path.parts
)
FUNCTION_LINES = 50
MODULE_LINES = 400
PARAMETERS = 6

Function = ast.FunctionDef | ast.AsyncFunctionDef


def functions_of(path: Path) -> list[Function]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [node for node in ast.walk(tree) if isinstance(node, Function)]


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_a_module_has_at_most_400_lines(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MODULE_LINES


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_a_function_has_at_most_50_lines(path: Path) -> None:
    long = [
        f.name for f in functions_of(path) if (f.end_lineno or 0) - f.lineno + 1 > FUNCTION_LINES
    ]

    assert long == []


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_a_function_takes_at_most_6_parameters_besides_self(path: Path) -> None:
    def count(function: Function) -> int:
        names = [
            arg.arg
            for arg in (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs)
        ]
        return len([name for name in names if name not in ("self", "cls")])

    assert [f.name for f in functions_of(path) if count(f) > PARAMETERS] == []


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_a_module_opens_with_a_docstring(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_an_exception_never_vanishes(path: Path) -> None:
    handlers = [
        node
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ExceptHandler)
    ]

    assert [
        h.lineno for h in handlers if len(h.body) == 1 and isinstance(h.body[0], ast.Pass)
    ] == []


def test_the_median_function_is_short() -> None:
    sizes = sorted(
        (f.end_lineno or 0) - f.lineno + 1 for path in SOURCES for f in functions_of(path)
    )

    assert sizes[len(sizes) // 2] <= 9
