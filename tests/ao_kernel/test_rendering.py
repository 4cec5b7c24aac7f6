import pytest

from ao_kernel.ansi import plain
from ao_kernel.language.syntax import is_expression
from ao_kernel.outputs import CellOutput, Failed, Printed, Shown, labelled, table_bundle
from ao_kernel.rendering import (
    ERROR_MARK,
    Source,
    as_aos,
    cell_lines,
    explained,
    render,
)
from ao_kernel.tables import Table
from unitstack.errors import NotFound
from unitstack.wire.results import EvalResult, Json, Output, Written


def shown(result: EvalResult, text: str = "", line: int = 1) -> tuple[CellOutput, ...]:
    return render(result, Source(text, cell_lines(line), ("print", "Send")), is_expression)


def said(data: Json, values: tuple[str, ...] | None = ()) -> EvalResult:
    return EvalResult(output=Output(data=data, values=values))


def failure(error: Json, text: str = "", line: int = 1) -> Failed:
    last = shown(EvalResult(error=error), text, line)[-1]
    assert isinstance(last, Failed)
    return last


def test_what_was_printed_is_a_stream() -> None:
    assert shown(said("hello, world")) == (Printed("hello, world\n"),)


def test_what_was_returned_is_the_result() -> None:
    assert shown(said("42", ("42",))) == (Shown({"text/plain": "42"}, is_result=True),)


def test_prints_come_before_the_result() -> None:
    assert shown(said("a\nb\n42", ("42",))) == (
        Printed("a\nb\n"),
        Shown({"text/plain": "42"}, is_result=True),
    )


def test_what_was_written_to_a_stream_goes_to_that_stream() -> None:
    result = EvalResult(output=Output(data="", values=()), written=(Written("stderr", "careful"),))

    assert shown(result) == (Printed("careful", "stderr"),)


def test_an_empty_print_before_a_result_is_an_empty_line() -> None:
    assert shown(said("\n42", ("42",)))[0] == Printed("\n")


def test_nothing_said_is_nothing_shown() -> None:
    assert shown(said("")) == ()


def test_a_result_in_colour_is_clean_as_text_and_coloured_as_html() -> None:
    (output,) = shown(said("{ \x1b[34m1\x1b[0m }", ("{ \x1b[34m1\x1b[0m }",)))

    assert isinstance(output, Shown)
    assert output.data["text/plain"] == "{ 1 }"
    assert "ansi-blue-fg" in str(output.data["text/html"])


@pytest.mark.parametrize(
    ("source", "output"),
    [
        ("6 * 7", Shown({"text/plain": "42"}, is_result=True)),
        ("print(42)", Printed("42\n")),
        ("x = 42 print(x)", Printed("42\n")),
    ],
)
def test_a_module_that_tells_no_values_is_read_by_its_source(
    source: str, output: CellOutput
) -> None:
    assert shown(said("42", None), source) == (output,)


RAISED = ERROR_MARK + '[string ".handlers"]:723: [string "aos"]:2: '


def test_an_error_shows_the_cells_own_line_with_a_caret_and_a_hint() -> None:
    failed = failure(
        RAISED + "attempt to call a nil value (global 'pritn')", "x = 1\npritn(x)\ny = 2", line=3
    )

    assert (failed.name, failed.message) == (
        "LuaError",
        "attempt to call a nil value (global 'pritn')",
    )
    assert [plain(line) for line in failed.traceback] == [
        "LuaError: attempt to call a nil value (global 'pritn')",
        "  4 | pritn(x)",
        "      ^^^^^",
        "hint: did you mean print?",
    ]


def test_what_was_printed_before_an_error_is_kept() -> None:
    outputs = shown(EvalResult(error="before" + RAISED + "boom"), "print('before')\nerror('boom')")

    assert outputs[0] == Printed("before\n")
    assert isinstance(outputs[1], Failed)


def test_what_does_not_compile_is_a_syntax_error() -> None:
    failed = failure("[string \"aos\"]:1: unexpected symbol near '='", "x = = 1")

    assert (failed.name, failed.message) == ("LuaSyntaxError", "unexpected symbol near '='")


@pytest.mark.parametrize("error", [2, {"code": 1}, "plain", "", False, ["a"]])
def test_an_error_may_be_any_value(error: Json) -> None:
    assert len(failure(error, "return 1, 2").traceback) >= 3


def test_a_second_value_is_said_to_be_taken_as_the_error() -> None:
    assert "second value" in failure(2, "return 1, 2").traceback[-1]
    assert (
        "second value" not in failure(RAISED + "{ code = 1 }", "error({ code = 1 })").traceback[-1]
    )


def test_of_a_receipt_only_its_sentence_is_shown() -> None:
    receipt = (
        '{\n   \x1b[31moutput\x1b[0m = "Message added to outbox",\n   receive = function: 0x10\n}'
    )

    assert shown(said(receipt, (receipt,))) == (
        Shown({"text/plain": "Message added to outbox"}, is_result=True),
    )


def test_a_place_past_the_end_shows_the_last_line() -> None:
    assert "b" in plain(failure(RAISED.replace(":2:", ":9:") + "boom", "a\nb").traceback[1])


def test_others_prints_carry_their_name_on_every_line() -> None:
    assert plain(labelled("bob", "a\nb")) == "bob: a\nbob: b\n"


def test_an_error_of_ours_is_explained_by_its_message_and_a_hint() -> None:
    failed = explained(NotFound("process", "bob"), "%use bob")

    assert (failed.name, failed.message) == ("NotFound", "process bob is not known here")
    assert len(failed.traceback) == 3


def test_any_other_exception_is_said_to_be_a_bug() -> None:
    failed = explained(ZeroDivisionError("x"), "1")

    assert "bug in ao kernel" in failed.traceback[-1]


def test_a_table_has_both_forms() -> None:
    assert set(table_bundle(Table(("a",), (("1",),)))) == {"text/plain", "text/html"}


def test_a_place_that_a_program_shows_is_as_the_console_shows_it() -> None:
    source = Source("print(select(2, pcall(error, 'x')))")

    assert as_aos(f'[string "{source.chunk}"]:1: x') == '[string "aos"]:1: x'


def test_a_second_value_is_not_called_a_syntax_error() -> None:
    error = '[string "aos"]:1: attempt to index a nil value'

    (failure,) = render(EvalResult(error=error), Source("pcall(f)"), lambda _: True)

    assert isinstance(failure, Failed)
    assert failure.name == "LuaError"
    assert "second" in failure.traceback[-1]


HOSTILE = "\x1b]52;c;eA==\x07\x1b[31mred\r\u202egpj"
TERMINAL = "\\x1b]52;c;eA==\\x07\x1b[31mred\\r\\u202egpj\x1b[0m"
SEEN = r"\x1b]52;c;eA==\x07red\r\u202egpj"


def test_a_value_steers_no_terminal_and_turns_no_text_around() -> None:
    (value,) = shown(said(HOSTILE, (HOSTILE,)))

    assert isinstance(value, Shown)
    assert value.data["text/plain"] == SEEN
    assert r"\u202egpj" in str(value.data["text/html"])
    assert not set("\x1b\x07\r\u202e") & set(str(value.data))


def test_prints_keep_their_colours_and_no_other_sequence() -> None:
    result = EvalResult(
        output=Output(data=HOSTILE, values=()), written=(Written("stdout", HOSTILE),)
    )

    assert [each.text.strip() for each in shown(result) if isinstance(each, Printed)] == [
        TERMINAL,
        TERMINAL.replace("\x1b[0m", "\n\x1b[0m"),
    ]


def test_what_was_printed_before_an_error_keeps_its_colours_alone() -> None:
    printed = shown(EvalResult(error=f"{HOSTILE}{ERROR_MARK}boom"))[0]

    assert printed == Printed(f"{TERMINAL}\n")


def test_an_error_steers_no_terminal() -> None:
    found = failure(f"{ERROR_MARK}{HOSTILE}")

    assert found.message == SEEN
    assert not set("\x07\r\u202e") & set("".join(found.traceback))


def test_another_process_steers_no_terminal() -> None:
    assert labelled("bob", HOSTILE) == labelled("bob", "").replace(" \n", f" {TERMINAL}\n")


def test_a_unit_elsewhere_steers_no_terminal() -> None:
    assert (
        explained(NotFound("process", HOSTILE), "x").message == f"process {SEEN} is not known here"
    )
