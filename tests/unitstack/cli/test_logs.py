import json
import logging
import sys

from unitstack.cli.logs import JsonFormatter


def a_record(message: str, *args: object, failed: bool = False) -> logging.LogRecord:
    exception = sys.exc_info() if failed else None
    return logging.LogRecord("room", logging.WARNING, "file", 1, message, args, exception)


def test_a_line_of_the_log_is_one_json_object() -> None:
    line = JsonFormatter().format(a_record("%s is\nowed", "much"))

    assert "\n" not in line
    told = json.loads(line)
    assert (told["level"], told["logger"], told["message"]) == ("warning", "room", "much is\nowed")
    assert told["time"].endswith("+00:00")


def test_an_exception_is_told_with_its_traceback() -> None:
    try:
        int("broken")
    except ValueError:
        line = JsonFormatter().format(a_record("it failed", failed=True))

    assert "ValueError: invalid literal" in json.loads(line)["exception"]
