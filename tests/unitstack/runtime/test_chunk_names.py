"""An Eval may name its chunk, so that its sender knows later which text an error's line is of."""

from benchmarks.runtime import a_message, booted


def test_errors_name_the_chunk_as_the_message_does() -> None:
    result = booted().handle(a_message(1, "error('x')", Action="Eval", **{"Chunk-Name": "mine"}))

    assert '[string "mine"]:1: x' in str(result.error)


def test_without_a_name_the_chunk_is_called_aos() -> None:
    result = booted().handle(a_message(1, "error('x')", Action="Eval"))

    assert '[string "aos"]:1: x' in str(result.error)
