from ao_kernel.errors.calls import Call, calls_of, without_repeats

TRACE = (
    "\nstack traceback:\n"
    "\t[C]: in function 'error'\n"
    "\t[string \"json\"]:120: in upvalue 'decode_error'\n"
    '\t[string "cell-a"]:3: in function <[string "cell-a"]:1>\n'
    "\t(...tail calls...)\n"
    "\t[string \"cell-b\"]:7: in local 'chunk'\n"
    '\t[string ".eval"]:35: in function <[string ".eval"]:29>\n'
)


def test_calls_are_told_with_their_function_the_innermost_first() -> None:
    assert calls_of(TRACE)[:3] == (
        Call("json", 120, "decode_error"),
        Call("cell-a", 3),
        Call("cell-b", 7),
    )


def test_of_a_function_in_a_table_the_last_name_is_told() -> None:
    assert calls_of("\t[string \"a\"]:1: in function 'json.decode'")[0].function == "decode"


def test_no_trace_is_no_calls() -> None:
    assert calls_of("") == ()


def test_a_function_that_calls_itself_is_told_once() -> None:
    again, other = Call("a", 2, "f"), Call("a", 4)

    assert without_repeats((again, again, again, other)) == (again, other)
