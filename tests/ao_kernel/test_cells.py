import pytest

from ao_kernel.cells import (
    Completeness,
    LuaCell,
    MagicCell,
    asked_name,
    completeness,
    parse_cell,
    without_prompts,
)
from ao_kernel.language.syntax import check


def test_text_without_magics_is_lua() -> None:
    assert parse_cell("x = 1\nreturn x") == (LuaCell("x = 1\nreturn x"),)


def test_magics_at_the_top_come_before_the_lua_below_them() -> None:
    cells = parse_cell("%use bob\n%summary off\n\nprint(1)")

    assert cells == (
        MagicCell("use", "bob", None, 1),
        MagicCell("summary", "off", None, 2),
        LuaCell("print(1)", 4),
    )


def test_a_double_percent_magic_takes_the_rest_of_the_cell() -> None:
    assert parse_cell("%%on bob\n%x\ny") == (MagicCell("on", "bob", "%x\ny", 1),)


def test_lua_keeps_the_comments_above_it() -> None:
    assert parse_cell("%ps\n-- why\nx = 1") == (MagicCell("ps"), LuaCell("-- why\nx = 1", 2))


def test_a_percent_sign_inside_lua_is_lua() -> None:
    assert parse_cell("x = 7\n% 3") == (LuaCell("x = 7\n% 3"),)


@pytest.mark.parametrize("code", ["", "\n\n", "-- a comment\n", "  "])
def test_a_cell_of_nothing_asks_for_nothing(code: str) -> None:
    assert parse_cell(code) == ()


@pytest.mark.parametrize(
    ("code", "cell"),
    [
        (".load x.lua", MagicCell("load", "x.lua")),
        (".load-blueprint token", MagicCell("blueprint", "token")),
        (".inbox", MagicCell("inbox")),
        (".dryrun", MagicCell("dryrun")),
        (".help", MagicCell("help")),
        (".pad", MagicCell("editor")),
    ],
)
def test_the_consoles_dot_commands_are_magics(code: str, cell: MagicCell) -> None:
    assert parse_cell(code) == (cell,)


def test_a_number_that_begins_with_a_dot_is_lua() -> None:
    assert parse_cell(".5 + 1") == (LuaCell(".5 + 1"),)


@pytest.mark.parametrize(
    "code",
    [
        "aos> #Inbox",
        "default@aos-2.0.4[Inbox:1]> #Inbox",
        "  aos>#Inbox",
        "my-app@aos-2.0.6[Inbox:12]> #Inbox",
    ],
)
def test_a_pasted_prompt_is_taken_off(code: str) -> None:
    assert parse_cell(code) == (LuaCell("#Inbox"),)


def test_prompts_are_taken_off_every_line() -> None:
    assert without_prompts("aos> a = 1\naos> a") == "a = 1\na"


def test_a_comparison_that_looks_like_a_prompt_stays() -> None:
    assert without_prompts("x = 1\naos> 2") == "x = 1\naos> 2"


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("Handlers.add?", "Handlers.add"),
        ("?Send", "Send"),
        ("print??", "print"),
        ("?", ""),
        ("%load?", "%load"),
    ],
)
def test_a_question_mark_asks_for_help(line: str, name: str) -> None:
    assert asked_name(line) == name
    assert parse_cell(line) == (MagicCell("help", name),)


@pytest.mark.parametrize("line", ["x", "x ? y", '"what?"', "a.b"])
def test_other_lines_do_not_ask(line: str) -> None:
    assert asked_name(line) is None


COMPLETE = """x = 1|1 + 1|print("a")|f()|return 5|#Inbox|a.b.c|{1, 2}|function f() end|local function g() return 1 end
for i = 1, 3 do print(i) end|while false do end|repeat until true|if x then y() elseif z then w() else v() end
[[long]]|[==[ ]] ]==]|-- comment|--[[ long ]]|goto done ::done::|do local x <const_ = 1 end|x = 'a\\
b'|%ps|%use bob|Send?|.load x.lua|Handlers.add("a", "b", function (msg) end)|("x"):rep(3)|a, b = 1, 2|;|::top::"""
INCOMPLETE = """function f()|if x then|if x then y() else|for i = 1, 3 do|while true do|repeat|do|x =|x = 1 +|f(|f(1,|{|{ a = 1,
return 1 +|[[ open|[==[ open ]]|--[[ open|Handlers.add("a",|Handlers.add("a", "b", function (msg)|local x =|a.|a:|local
for|for i|for i =|for k, v in|if|while|not|x = function ()|return function ()|goto|x = {{1}, {2}|f{|a.b.|x = "a" ..|local function
print(|#|-|::a|%ps\\nfunction g()|aos> function f()|%%on bob"""
INVALID = """x = = 1|end end|end|)|}|x = )|if then|1 +* 2|"open|'open|local 1 = 2|for 1 do end|x y z|return return|a b
function 1() end|until x|else|x = 1 = 2|f(]|!x|x != 1|goto 1|break 1|5 = x|then|local function 1() end"""
SAMPLES = [
    *(
        ("complete", sample)
        for sample in COMPLETE.replace(" <const_", "")
        .replace("\\\n", "\0")
        .replace("\n", "|")
        .split("|")
    ),
    *(("incomplete", sample) for sample in INCOMPLETE.replace("\n", "|").split("|")),
    *(("invalid", sample) for sample in INVALID.replace("\n", "|").split("|")),
]


@pytest.mark.parametrize(("status", "sample"), SAMPLES)
def test_a_cell_is_finished_when_lua_says_so(status: str, sample: str) -> None:
    code = sample.replace("\0", "\\\n").replace("\\n", "\n")

    assert completeness(code, check)[0] == Completeness(status)


@pytest.mark.parametrize(
    ("code", "indent"),
    [
        ("function f()", "  "),
        ("function f()\n  if x then", "    "),
        ("function f()\n  x()", "  "),
        ("if a then\n  b()\nelse", "  "),
        ('Handlers.add("a",', "  "),
        ("x =", ""),
    ],
)
def test_the_next_line_is_indented_as_deep_as_its_block(code: str, indent: str) -> None:
    assert completeness(code, check) == (Completeness.INCOMPLETE, indent)


def test_an_empty_line_ends_the_body_of_a_double_percent_magic() -> None:
    assert completeness("%%on bob\nprint(1)\n", check)[0] is Completeness.COMPLETE
