from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from IPython.core.interactiveshell import InteractiveShell

import ao_kernel
from ao_kernel.host import Host
from ao_kernel.ipython import Answer, AoCellError, _divided, load, unload
from ao_kernel.outputs import Failed, Show
from ao_kernel.session import Session
from tests.ao_kernel.network import FakeNetwork, failing, printed, returned

ANSWERS = {
    "6 * 7": returned("42"),
    'print("a")': printed("a"),
    "boom()": failing("boom"),
    "boom()\n": failing("boom"),
    "Name": returned("bob"),
}


async def open_fake(show_live: Show) -> Session:
    return Session(FakeNetwork(dict(ANSWERS)), show_live)


@pytest.fixture
def shell() -> Iterator[Any]:
    shell = InteractiveShell()  # type: ignore[no-untyped-call]
    load(shell, Host(open_fake))
    yield shell
    unload(shell)


def test_a_line_gives_python_the_answer(shell: Any) -> None:
    answer = shell.run_line_magic("ao", "6 * 7")

    assert isinstance(answer, Answer)
    assert (answer.text, repr(answer)) == ("42", "42")
    assert answer._repr_mimebundle_() == {"text/plain": "42"}


def test_a_cell_shows_what_was_printed(shell: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert shell.run_cell_magic("ao", "", 'print("a")') is None

    assert capsys.readouterr().out == "spawned process default\na\n"


def test_a_failing_cell_raises_with_the_kernels_own_lines(shell: Any) -> None:
    with pytest.raises(AoCellError, match="boom") as raised:
        shell.run_line_magic("ao", "boom()")

    assert len(raised.value._render_traceback_()) >= 3


def test_an_answer_can_be_kept_in_a_variable(shell: Any) -> None:
    assert shell.run_line_magic("ao", "-o x 6 * 7") is None

    assert shell.user_ns["x"].text == "42"


def test_a_cell_can_be_sent_to_another_process(
    shell: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    shell.run_line_magic("ao", "%spawn bob")
    shell.run_line_magic("ao", "%spawn alice")

    assert shell.run_cell_magic("ao", "-p bob", "Name").text == "bob"


def test_a_quiet_cell_shows_nothing(shell: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert shell.run_cell_magic("ao", "-q", 'print("a")') is None

    assert capsys.readouterr().out == ""


def test_a_lines_lua_is_completed(shell: Any) -> None:
    event = SimpleNamespace(text_until_cursor="%ao x = Handlers.ad", symbol="Handlers.ad")

    assert shell.magics_manager.registry["AoMagics"].complete(shell, event) == ["Handlers.add"]


def test_help_is_printed(shell: Any, capsys: pytest.CaptureFixture[str]) -> None:
    shell.run_line_magic("ao", "%help Send")

    assert "Send(message)" in capsys.readouterr().out


def test_the_extension_is_loaded_and_unloaded_by_its_names() -> None:
    shell = InteractiveShell()  # type: ignore[no-untyped-call]
    load(shell, Host(open_fake))
    load(shell, Host(open_fake))

    ao_kernel.unload_ipython_extension(shell)
    ao_kernel.unload_ipython_extension(shell)

    assert "ao" not in shell.magics_manager.magics["line"]


def test_luas_quotes_are_not_a_shells() -> None:
    assert _divided('-p bob print("it\'s")') == ("-p bob", 'print("it\'s")')
    assert _divided("6 * 7") == ("", "6 * 7")
    assert _divided("-q") == ("-q", "")


def test_an_error_is_shown_by_its_traceback() -> None:
    assert AoCellError(Failed("LuaError", "x", ("a", "b")))._render_traceback_() == ["a", "b"]


@pytest.mark.parametrize(
    ("code", "line"),
    [
        ("%%ao\nboom()", 2),
        ("%%ao\n\nboom()", 3),
        ("\n\n%%ao\nboom()", 4),
        ("\n%%ao -p default\nboom()", 3),
    ],
)
def test_an_error_names_the_line_that_is_seen_in_the_cell(shell: Any, code: str, line: int) -> None:
    shell.run_line_magic("ao", "%spawn default")

    error = shell.run_cell(code).error_in_exec

    assert isinstance(error, AoCellError)
    assert error._render_traceback_()[1] == f"{line:>3} | boom()"
