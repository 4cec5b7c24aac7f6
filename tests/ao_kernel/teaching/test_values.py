import pytest

from ao_kernel.teaching.values import read, shortfall_of
from unitstack.wire.results import Json


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"a": [1, 2]}', {"a": [1, 2]}),
        ("{ 1, 2 }", [1, 2]),
        ('{ "a", "b" }', ["a", "b"]),
        ("{  }", {}),
        ('{\n   a = { 1, 2 },\n   b = {\n     c = "y"\n  }\n}', {"a": [1, 2], "b": {"c": "y"}}),
        (
            "{ ok = true, no = false, f = function: 0x1 }",
            {"ok": True, "no": False, "f": "function: 0x1"},
        ),
        ("{ on = true, off = nil }", {"on": True, "off": None}),
        ("{ 1, x = 2 }", {"1": 1, "x": 2}),
        ("{ 1", "{ 1"),
        ('{ "a', '{ "a'),
        ("hello", "hello"),
        ("42", 42),
    ],
)
def test_a_value_is_read_from_what_ao_shows_of_it(text: str, value: Json) -> None:
    assert read(text) == value


@pytest.mark.parametrize(
    ("wanted", "found", "problem"),
    [
        ({"a": 1}, {"a": 1, "b": 2}, None),
        ({"a": {"b": 1}}, {"a": {"b": 2}}, "a.b is 2, not 1"),
        ({"a": 1}, {}, "a is missing"),
        ([1, 2], [1], "the list has 1 items, not 2"),
        ({"a": [1]}, {"a": ["x"]}, 'a[1] is "x", not 1'),
        ({"a": []}, {"a": {}}, None),
        (True, 1, "the value is 1, not true"),
        ({"a": 1}, "text", 'the value is "text", not {"a": 1}'),
    ],
)
def test_what_a_value_lacks_is_said_with_its_place(
    wanted: Json, found: Json, problem: str | None
) -> None:
    assert shortfall_of(wanted, found) == problem
