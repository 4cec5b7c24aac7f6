import pytest
from lupa.lua53 import LuaRuntime  # type: ignore[import-untyped]

from unitstack.program.bundle import Bundle, bundle, file_of, mangled, required_names


def bundled(**files: str) -> Bundle:
    texts = {name.replace("__", "/") + ".lua": text for name, text in files.items()}
    return bundle("main.lua", texts.get)


def run(source: str) -> object:
    return LuaRuntime().execute(source)


@pytest.mark.parametrize(
    "source",
    [
        'require("a")',
        "require 'a'",
        "local x = require [[a]]",
        'f(require("a"))',
        'require\n(\n"a"\n)',
    ],
)
def test_a_require_is_found_however_it_is_written(source: str) -> None:
    assert required_names(source) == ["a"]


@pytest.mark.parametrize(
    "source",
    [
        '-- require("a")',
        "x = 'require(\"a\")'",
        'o.require("a")',
        'o:require("a")',
        "require(name)",
    ],
)
def test_what_only_looks_like_a_require_is_none(source: str) -> None:
    assert required_names(source) == []


def test_two_requires_on_one_line_are_both_found() -> None:
    assert required_names('local a, b = require("a"), require("b")') == ["a", "b"]


def test_a_leading_dot_names_the_same_file() -> None:
    assert file_of(".lib.a") == file_of("lib.a") == "lib/a.lua"


def test_a_file_alone_is_its_own_text() -> None:
    assert bundled(main="return 1").source == "return 1"


def test_dependencies_come_before_what_needs_them() -> None:
    whole = bundled(
        main='return require("a").x', a='return { x = require("lib.b") + 1 }', lib__b="return 41"
    )

    assert run(whole.source) == 42


def test_one_file_under_two_names_is_sent_once_and_known_by_both() -> None:
    whole = bundled(main='return require("lib.a") == require(".lib.a")', lib__a="return {}")

    assert run(whole.source) is True
    assert whole.source.count("return {}") == 1


def test_circular_requires_end() -> None:
    whole = bundled(
        main='return require("a")', a='local ok = pcall(require, "b") return 1', b='require("a")'
    )

    assert run(whole.source) == 1


def test_a_circle_between_two_files_ends() -> None:
    whole = bundled(
        main='return require("a")',
        a='require("b") return 7',
        b='local f = function() return require("a") end return f',
    )

    assert run(whole.source) == 7


def test_a_module_that_is_no_file_is_left_to_the_process() -> None:
    whole = bundled(main='local json = require("json") return 1')

    assert whole.source == 'local json = require("json") return 1'


def test_a_modules_dots_hold_its_own_name() -> None:
    assert run(bundled(main='return require("a")', a="return ...").source) == "a"


def test_a_line_is_traced_to_its_file() -> None:
    whole = bundled(main='local a = require("a")\nerror("main")', a='local x = 1\nerror("module")')
    lines = whole.source.split("\n")

    assert whole.place(lines.index('error("module")') + 1) == ("a.lua", 2)
    assert whole.place(lines.index('error("main")') + 1) == ("main.lua", 2)


def test_a_missing_main_file_is_an_error() -> None:
    with pytest.raises(FileNotFoundError):
        bundle("main.lua", lambda _: None)


def test_names_that_lua_could_not_hold_are_mangled() -> None:
    assert (mangled(".lib.a-b"), mangled("x")) == ("lib_a_b", "x")
