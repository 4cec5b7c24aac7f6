from typing import Any

from tests.field.golden_cases import Case, Record, comparable, expand

ENV: Record = {"Process": {"Id": "PROCESS", "Owner": "OWNER"}}


def a_case(**fields: Any) -> Case:
    return Case(**({"name": "a/case", "env": ENV, "inputs": (), "expect": {}} | fields))


def read(result: Record, *, strict: bool = False, **fields: Any) -> str:
    return comparable(result, a_case(**fields), strict=strict)


def sent(*names: str, data: Any = None) -> Record:
    return {"Messages": [{"Tags": [{"name": name, "value": "x"} for name in names], "Data": data}]}


def test_a_programs_own_tags_may_come_in_any_order() -> None:
    assert read(sent("Type", "Reference", "A", "B")) == read(sent("Type", "Reference", "B", "A"))


def test_the_protocols_tags_may_not() -> None:
    assert read(sent("Type", "Variant", "Reference")) != read(sent("Variant", "Type", "Reference"))


def test_json_data_is_compared_by_what_it_says() -> None:
    assert read(sent(data='{"a":1,"b":2}')) == read(sent(data='{"b": 2, "a": 1.0}'))


def test_true_is_not_one() -> None:
    assert read({"Error": True}) != read({"Error": 1})


def test_positions_in_the_runtimes_own_files_count_only_when_strict() -> None:
    one, other = {"Error": '[string ".ao"]:1: no'}, {"Error": '[string ".ao"]:2: no'}

    assert read(one) == read(other)
    assert read(one, strict=True) != read(other, strict=True)


def test_positions_in_the_program_count() -> None:
    assert read({"Error": '[string "aos"]:1: no'}) != read({"Error": '[string "aos"]:2: no'})


def test_masked_addresses_are_all_the_same() -> None:
    assert read({"Error": "0x12"}, masks=("addr",)) == read({"Error": "0x*"}, masks=("addr",))


def test_lines_may_come_in_any_order_where_the_case_says_so() -> None:
    one, other = {"Output": {"data": "a,\nb"}}, {"Output": {"data": "b,\na"}}

    assert read(one, in_any_order=True) == read(other, in_any_order=True)
    assert read(one) != read(other)


def test_the_test_field_counts_only_where_the_case_says_so() -> None:
    one, other = {"Output": {"data": "a", "test": 1}}, {"Output": {"data": "a"}}

    assert read(one) == read(other)
    assert read(one, keeps_test=True) != read(other, keeps_test=True)


def test_a_text_among_the_inputs_is_an_eval_by_the_owner() -> None:
    message = expand("1 + 1", 3, ENV, str)

    assert message["From"] == message["Owner"] == "OWNER"
    assert message["Data"] == "1 + 1"
    assert message["Nonce"] == 3
    assert {"name": "Action", "value": "Eval"} in message["Tags"]


def test_a_blueprint_among_the_inputs_is_an_eval_of_its_text() -> None:
    assert expand({"blueprint": "token"}, 1, ENV, lambda name: f"-- {name}")["Data"] == "-- token"
