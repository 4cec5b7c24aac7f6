"""Recorded cases of the reference's aos module: how a line is read, and when two results are the same."""

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Record = dict[str, Any]

ID_LENGTH = 43
EPOCH_MS = 1_700_000_000_000
HEIGHT = 1_300_000
HOST_FIELDS = ("Memory", "GasUsed", "Patches")

OWN_POSITION = re.compile(r'\[string "(\.[^"]+|json)"\]:\d+:')
TRACEBACK = re.compile(r"(stack traceback:\n)[^\n]*?(\x1b|\n|$)")
VERSION = re.compile(r"aos-\d+\.\d+\.\d+")
ADDRESS = re.compile(r"0x[0-9a-fA-F]+")


@dataclass(frozen=True, slots=True)
class Case:
    """One recorded observation."""

    name: str
    env: Record
    inputs: tuple[Any, ...]
    expect: Record
    masks: tuple[str, ...] = ()
    undoes_errors: bool = True
    keeps_test: bool = False
    in_any_order: bool = False

    @classmethod
    def from_json(cls, record: Record) -> "Case":
        return cls(
            name=record["name"],
            env=record["env"],
            inputs=(*record["setup"], record["message"]),
            expect=record["expect"],
            masks=tuple(record.get("mask", ())),
            undoes_errors=record.get("on_error") != "keep",
            keeps_test=bool(record.get("keep_test")),
            in_any_order=bool(record.get("pairs_order")),
        )


def read_cases(path: Path) -> list[Case]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return [Case.from_json(json.loads(line)) for line in lines if line.strip()]


def padded(name: str) -> str:
    return name.ljust(ID_LENGTH, "_")


def eval_message(source: str, number: int, env: Record) -> Record:
    """The Eval by the owner that a string among the inputs stands for."""
    process = env.get("Process") or env["env"]["Process"]
    tags = {"Data-Protocol": "ao", "Variant": "ao.TN.1", "Type": "Message", "Action": "Eval"}
    return {
        "Id": padded(f"MSG-{number}"),
        "Target": process["Id"],
        "From": process["Owner"],
        "Owner": process["Owner"],
        "Anchor": f"{number:032d}",
        "Tags": [{"name": name, "value": value} for name, value in tags.items()],
        "Data": source,
        "Epoch": 0,
        "Nonce": number,
        "Timestamp": EPOCH_MS + 1000 * number,
        "Block-Height": HEIGHT + number,
        "Hash-Chain": padded(f"HASH-{number}"),
        "Cron": False,
        "Read-Only": False,
    }


def expand(given: Any, number: int, env: Record, blueprint: Callable[[str], str]) -> Record:
    """A case's n-th input as a whole message."""
    if isinstance(given, str):
        return eval_message(given, number, env)
    if "blueprint" in given:
        return eval_message(blueprint(given["blueprint"]), number, env)
    return dict(given)


def comparable_text(text: str, case: Case, *, strict: bool) -> str:
    if "addr" in case.masks:
        text = ADDRESS.sub("0x*", text)
    if strict:
        return text
    text = TRACEBACK.sub(r"\1*\2", text)
    text = OWN_POSITION.sub(r'[string "\1"]:*:', text)
    return VERSION.sub("aos-*", text)


def comparable_data(data: Any) -> Any:
    try:
        return {"parsed": json.loads(data)} if isinstance(data, str) else data
    except ValueError:
        return data


def canonical(value: Any) -> str:
    """JSON text in which equal numbers look the same, and true is not 1."""
    return json.dumps(unified(value), sort_keys=True, ensure_ascii=False)


def unified(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: unified(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [unified(inner) for inner in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def comparable_tags(tags: Sequence[Record]) -> list[Any]:
    """Those that ao adds in their order, a program's own in none: Lua's tables have none."""
    names = [tag.get("name") for tag in tags]
    fixed = names.index("Reference") + 1 if "Reference" in names else 0
    return [*tags[:fixed], *sorted(tags[fixed:], key=canonical)]


def comparable_item(item: Record) -> Record:
    changed = dict(item)
    if isinstance(item.get("Tags"), list):
        changed["Tags"] = comparable_tags(item["Tags"])
    if "Data" in item:
        changed["Data"] = comparable_data(item["Data"])
    return changed


def map_texts(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {key: map_texts(inner, change) for key, inner in value.items()}
    if isinstance(value, list):
        return [map_texts(inner, change) for inner in value]
    return value


def comparable_output(output: Any, case: Case) -> Any:
    if not isinstance(output, dict):
        return output
    changed = {key: value for key, value in output.items() if key != "test" or case.keeps_test}
    if case.in_any_order and isinstance(changed.get("data"), str):
        # Which of a table's lines is the last, the one without a comma, depends on the order as well.
        changed["data"] = sorted(line.removesuffix(",") for line in changed["data"].split("\n"))
    return changed


def comparable(result: Record, case: Case, *, strict: bool) -> str:
    """The result as text that is the same for what §11 of the record's description calls equal."""
    changed = {key: value for key, value in result.items() if key not in HOST_FIELDS}
    for outgoing in ("Messages", "Spawns"):
        if isinstance(changed.get(outgoing), list):
            changed[outgoing] = [comparable_item(item) for item in changed[outgoing]]
    if "Output" in changed:
        changed["Output"] = comparable_output(changed["Output"], case)
    return canonical(map_texts(changed, lambda text: comparable_text(text, case, strict=strict)))
