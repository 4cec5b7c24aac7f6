"""wao's client classes, unmodified, against `ao serve`."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.field.served import first_of_free_ports, node, served, wallets


@pytest.fixture(scope="module")
def told() -> Iterator[dict[str, Any]]:
    with served("--memory", "--port", str(first_of_free_ports())) as network:
        yield node("wao", "drive.mjs", {**network, **wallets()})


def test_a_program_is_deployed_and_answers_messages(told: dict[str, Any]) -> None:
    assert told["deployed"]["err"] is None
    assert told["first"] == "1"
    assert told["second"] == "5"


def test_a_dry_run_and_a_variable_are_read(told: dict[str, Any]) -> None:
    assert told["dry"] == "5"
    assert told["variable"] == "5"


def test_what_is_posted_on_the_base_layer_is_found(told: dict[str, Any]) -> None:
    assert told["posted"]["data"] == "some data"
    assert {"name": "Name", "value": "posted"} in told["posted"]["tags"]
    assert told["found"] == [True]
    assert told["blocks"][0] == told["blocks"][1] + 1
