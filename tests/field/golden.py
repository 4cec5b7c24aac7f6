"""Replays recorded cases of the reference's aos module and compares: `python -m tests.field.golden FILE.jsonl`.

A case is a line of JSON: inputs that prepare a process, one more input, and what the reference answered to that. The
runtime runs with every compatibility switch on, for the cases hold the reference's defects too.
"""

import argparse
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.field.golden_cases import Case, Record, comparable, expand, read_cases
from tests.field.golden_hosts import Hosts, LuaHosts, WasmHosts
from unitstack.errors import AoError
from unitstack.runtime import blueprint

SHOWN = 700

# Defects of the reference that ours has not, whatever the switches: such a case may pass, but need not.
MENDED = {
    "blueprints/voting-broken-with-staking": "our voting blueprint counts the amounts of staking",
}

Blueprint = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Outcome:
    """A case, and how the reference's answer and ours read once they can be compared."""

    case: Case
    expected: str
    answered: str

    @property
    def passed(self) -> bool:
        return self.expected == self.answered

    def __str__(self) -> str:
        return f"{self.case.name}: expected {self.expected[:SHOWN]}, got {self.answered[:SHOWN]}"


def replay(case: Case, hosts: Hosts, source_of: Blueprint) -> Record:
    """What our runtime answers to the case's last input."""
    host = hosts.start(undoing=case.undoes_errors)
    answer: Record = {}
    for number, given in enumerate(case.inputs):
        answer = host.handle(expand(given, number, case.env, source_of), case.env)
    return answer


def check(case: Case, hosts: Hosts, source_of: Blueprint, *, strict: bool = False) -> Outcome:
    """How one case fares. A case that cannot be replayed has failed."""
    try:
        answer = replay(case, hosts, source_of)
    except (AoError, OSError) as error:
        answer = {"not replayed": str(error)}
    expected = comparable(hosts.expected(case.expect), case, strict=strict)
    return Outcome(case, expected, comparable(answer, case, strict=strict))


def blueprints_in(folder: Path) -> Blueprint:
    return lambda name: (folder / f"{name}.lua").read_text(encoding="utf-8")


def arguments(given: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.field.golden", description=__doc__)
    parser.add_argument("file", type=Path, help="the cases, one JSON object a line")
    parser.add_argument("--engine", choices=("lua", "wasm"), default="lua")
    parser.add_argument("--module", type=Path, help="a wasm module to run in the place of ours")
    parser.add_argument("--blueprints", type=Path, help="a folder of blueprints; ours by default")
    parser.add_argument(
        "--strict", action="store_true", help="compare positions in the runtime's own files, too"
    )
    return parser.parse_args(given)


def main(given: list[str]) -> int:
    """Prints a line for each case that fails and how many passed; gives the exit status."""
    options = arguments(given)
    hosts: Hosts = LuaHosts() if options.engine == "lua" else WasmHosts(options.module)
    source_of = blueprints_in(options.blueprints) if options.blueprints else blueprint
    passed = failed = 0
    for case in read_cases(options.file):
        outcome = check(case, hosts, source_of, strict=options.strict)
        if outcome.passed:
            passed += 1
        elif case.name in MENDED:
            print(f"{case.name}: mended, {MENDED[case.name]}")  # noqa: T201 — as below
        else:
            failed += 1
            print(outcome)  # noqa: T201 — what a person or a script reads of a run
    print(f"{passed} passed, {failed} failed")  # noqa: T201 — as above
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
