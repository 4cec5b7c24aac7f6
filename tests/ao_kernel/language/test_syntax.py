from ao_kernel.language.syntax import as_statement, check, is_expression


def test_an_assertion_is_a_statement_whose_message_is_no_second_value() -> None:
    text = as_statement('assert(x < 2, "too many")')

    assert not is_expression(text)
    assert check(text) is None
    assert text.count("\n") == 0


def test_what_only_begins_like_one_is_left_as_it_is() -> None:
    for source in ("assertion(x)", "assert(x) print(x)", "6 * 7", "local ok = assert(x)"):
        assert as_statement(source) == source
