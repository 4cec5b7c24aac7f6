from typing import Any

import pytest

from ao_kernel.outputs import CellOutput, Cleared, Failed, Paged, Printed, Shown
from ao_kernel.publishing import STREAM_SIZE, Publisher

Messages = list[tuple[str, dict[str, Any]]]


@pytest.fixture
def sent() -> Messages:
    return []


def publisher(sent: Messages, *, silent: bool = False) -> Publisher:
    return Publisher(lambda kind, content: sent.append((kind, content)), 7, silent=silent)


def show(publisher: Publisher, *outputs: CellOutput) -> None:
    for output in outputs:
        publisher.show(output)
    publisher.flush()


def test_neighbouring_prints_are_one_message(sent: Messages) -> None:
    show(publisher(sent), Printed("a\n"), Printed("b\n"))

    assert sent == [("stream", {"name": "stdout", "text": "a\nb\n"})]


def test_the_two_streams_keep_their_order(sent: Messages) -> None:
    show(publisher(sent), Printed("a"), Printed("b", "stderr"), Printed("c"))

    assert [content["name"] for _, content in sent] == ["stdout", "stderr", "stdout"]


def test_prints_come_before_what_is_shown_after_them(sent: Messages) -> None:
    show(publisher(sent), Printed("a"), Shown({"text/plain": "42"}, is_result=True), Printed("b"))

    assert [kind for kind, _ in sent] == ["stream", "execute_result", "stream"]


def test_a_result_carries_the_cells_number_and_is_remembered(sent: Messages) -> None:
    ours = publisher(sent)
    show(ours, Shown({"text/plain": "42"}, is_result=True))

    assert sent[0][1]["execution_count"] == 7
    assert ours.result == "42"


def test_something_shown_along_the_way_is_display_data(sent: Messages) -> None:
    show(publisher(sent), Shown({"text/plain": "x"}), Cleared())

    assert [kind for kind, _ in sent] == ["display_data", "clear_output"]


def test_a_huge_text_is_cut_into_messages_of_bounded_size(sent: Messages) -> None:
    show(publisher(sent), Printed("x" * (STREAM_SIZE + 1)))

    assert [len(content["text"]) for _, content in sent] == [STREAM_SIZE, 1]


def test_a_page_goes_with_the_reply(sent: Messages) -> None:
    ours = publisher(sent)
    show(ours, Paged({"text/plain": "help"}))

    assert sent == []
    assert ours.reply({})["payload"] == [
        {"source": "page", "data": {"text/plain": "help"}, "start": 0}
    ]


def test_a_failure_makes_the_reply_an_error(sent: Messages) -> None:
    ours = publisher(sent)
    show(ours, Failed("LuaError", "boom", ("a", "b", "c")))

    error = {"ename": "LuaError", "evalue": "boom", "traceback": ["a", "b", "c"]}
    assert sent == [("error", error)]
    assert ours.reply({}) == {"status": "error", "execution_count": 7, **error}


def test_a_silent_cell_publishes_nothing_and_still_answers(sent: Messages) -> None:
    ours = publisher(sent, silent=True)
    show(ours, Printed("a"), Failed("LuaError", "boom", ()))

    assert sent == []
    assert ours.reply({})["status"] == "error"
