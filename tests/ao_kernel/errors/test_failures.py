from ao_kernel.ansi import plain
from ao_kernel.errors.failures import ERROR_MARK, Raised, caret, failed, failure_of
from ao_kernel.errors.source import Source, cell_lines


def raised(cause: str, *calls: tuple[str, int, str], handler: str = "") -> Raised:
    listed = [f"\t[string \"{chunk}\"]:{line}: in function '{name}'" for chunk, line, name in calls]
    trace = "\n".join(["", "stack traceback:", *listed]) if calls else ""
    return Raised(f'{ERROR_MARK}[string ".handlers"]:164: {cause}', trace, handler)


def lines_of(found: Raised, source: Source, name: str = "LuaError") -> list[str]:
    return [plain(line) for line in failed(name, found, source).traceback]


def test_an_error_in_a_function_of_an_earlier_cell_is_told_by_that_cell() -> None:
    earlier = Source("function f()\n  return x.y\nend", cell_lines(1), title="In[3]")
    source = Source("local q = 1\nprint(f())", cell_lines(1), earlier={earlier.chunk: earlier})
    found = raised(
        f'[string "{earlier.chunk}"]:2: boom', (earlier.chunk, 2, "f"), (source.chunk, 2, "chunk")
    )

    assert lines_of(found, source)[1:4] == [
        "    In[3], line 2, in f:",
        "  2 |   return x.y",
        "        ^^^^^^^^^^",
    ]
    assert lines_of(found, source)[4] == "called from line 2: print(f())"


def test_an_error_that_was_raised_for_the_caller_points_at_the_caller() -> None:
    source = Source("function f() error('no', 2) end\nlocal x = f()")
    found = raised(
        f'[string "{source.chunk}"]:2: no', (source.chunk, 1, "f"), (source.chunk, 2, "g")
    )

    assert lines_of(found, source)[1] == "  2 | local x = f()"
    assert not any(line.startswith("called from") for line in lines_of(found, source))


def test_an_error_in_the_runtime_points_at_the_line_that_called_it() -> None:
    source = Source("local x = 1\nlocal y = json.decode('?')")
    found = raised('[string "json"]:9: no', ("json", 9, "decode"), (source.chunk, 2, "chunk"))

    assert lines_of(found, source)[1] == "  2 | local y = json.decode('?')"


def test_of_many_callers_the_nearest_are_told_and_the_others_counted() -> None:
    source = Source("\n".join(f"line{number}" for number in range(1, 9)))
    calls = [(source.chunk, number, "f") for number in range(1, 8)]
    lines = lines_of(raised(f'[string "{source.chunk}"]:1: no', *calls), source)

    assert lines[3:7] == [
        "called from line 2: line2",
        "called from line 3: line3",
        "called from line 4: line4",
        "and 3 calls more",
    ]


def test_a_block_that_is_never_closed_is_shown_where_it_was_opened() -> None:
    source = Source("x = 1\nfunction f()\n  return x\n", cell_lines(3))
    error = (
        f"[string \"{source.chunk}\"]:4: 'end' expected (to close 'function' at line 2) near <eof>"
    )

    assert lines_of(Raised(error), source, "LuaSyntaxError")[:3] == [
        "LuaSyntaxError: 'end' expected (to close 'function' at line 4) near <eof>",
        "  4 | function f()",
        "      ^^^^^^^^",
    ]


def test_a_text_that_ends_too_early_is_shown_at_its_last_written_line() -> None:
    source = Source("x =\n\n")

    found = Raised(f'[string "{source.chunk}"]:3: unexpected symbol near <eof>')

    assert lines_of(found, source)[1] == "  1 | x ="


def test_a_goto_is_shown_where_it_stands() -> None:
    source = Source("for i = 1, 2 do\n  goto done\nend")
    found = Raised(f"[string \"{source.chunk}\"]:3: no visible label 'done' for <goto> at line 2")

    assert lines_of(found, source)[1] == "  2 |   goto done"


def test_a_message_that_failed_is_told_with_its_handler_what_it_printed_and_its_line() -> None:
    earlier = Source("Handlers.add('bad', 'Bad', function()\n  z.x = 1\nend)", title="In[1]")
    source = Source("Send({})", earlier={earlier.chunk: earlier})
    found = Raised(
        f'pre{ERROR_MARK}[string ".handlers"]:164: [string "{earlier.chunk}"]:2: boom', "", "bad"
    )

    lines = failure_of(found, source, "Bad from bob").split("\n")

    assert lines[0] == "pre"
    assert lines[2] == "    In[1], line 2, in handler bad, given Bad from bob:"
    assert "  2 |   z.x = 1" in lines
    assert lines[-1] == "hint: that process is as it was before the message"


def test_a_handler_of_the_same_cell_is_told_by_its_line_alone() -> None:
    source = Source("Handlers.add('bad', 'Bad', function()\n  z.x = 1\nend)")
    found = raised(f'[string "{source.chunk}"]:2: boom', handler="bad")

    assert "    line 2, in handler bad:" in failure_of(found, source).split("\n")


def test_of_a_handler_whose_text_is_not_known_there_is_no_line_to_show() -> None:
    found = raised('[string "cell-0"]:2: boom', handler="bad")

    lines = failure_of(found, Source("Send({})"), "Bad from bob").split("\n")

    assert lines[1:] == [
        "    in handler bad, given Bad from bob",
        "hint: that process is as it was before the message",
    ]


def test_a_handler_of_the_runtimes_own_is_not_named() -> None:
    assert "handler" not in failure_of(raised("boom", handler="_eval"), Source("x"))


def test_the_caret_stands_under_the_name_that_the_message_speaks_of() -> None:
    assert caret("  local y = foo.bar", "attempt to index a nil value (global 'foo')") == (12, 3)


def test_the_caret_stands_under_the_line_where_no_name_is_spoken_of() -> None:
    assert caret("  error('x')", "x") == (2, 10)
