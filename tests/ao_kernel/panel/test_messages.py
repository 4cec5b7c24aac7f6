import json
from pathlib import Path
from typing import Any

import pytest

from ao_kernel.panel.messages import FromKernel, FromPanel, Opening
from tests.ao_kernel.panel.forms import fits, kinds_of

EXAMPLES = Path(__file__).parents[1] / "examples"


def examples(name: str) -> Any:
    return json.loads((EXAMPLES / f"{name}.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("name", "forms"), [("from-kernel", FromKernel), ("from-panel", FromPanel)]
)
def test_there_is_an_example_of_each_message_and_each_has_its_form(name: str, forms: Any) -> None:
    given = examples(name)

    assert [each for each in given if not fits(each, forms)] == []
    assert {each["kind"] for each in given} == kinds_of(forms)


def test_the_example_of_what_a_panel_opens_with_has_its_form() -> None:
    assert fits(examples("opening"), Opening)


@pytest.mark.parametrize(
    "broken",
    [
        {"kind": "seen"},
        {"kind": "seen", "number": "8"},
        {"kind": "seen", "number": 8, "more": 1},
        {"kind": "unheard"},
    ],
)
def test_a_message_of_another_form_would_be_found_out(broken: dict[str, Any]) -> None:
    assert not fits(broken, FromPanel)
