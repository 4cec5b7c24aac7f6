"""What is done to a module before it is compiled: names spelled out, globals shown, gas counted, old exceptions made new, NaNs settled, a
64-bit memory lowered."""

from dataclasses import dataclass

from unitstack.engines.wasm_code import exceptions, lowering, metering, minified, nans, own_globals
from unitstack.engines.wasm_code.rewriting import each, rewritten
from unitstack.engines.wasm_code.sections import join, split

# Counts changes to any of these passes: code that was compiled after another version is compiled anew.
VERSION = 3


@dataclass(frozen=True, slots=True)
class Preparation:
    """Which passes a module needs. Where its names are spelled out and its exceptions are old is seen from itself."""

    metered: bool
    lowered: bool

    def __call__(self, module: bytes) -> bytes:
        """Raises EngineError for a module that cannot be read, or has what no pass knows."""
        sections = split(module)
        if minified.is_minified(sections):
            sections = minified.spelled_out(sections)
        sections = own_globals.shown(sections)
        if self.metered:
            sections = metering.metered(sections)
        if exceptions.has_legacy_exceptions(sections):
            sections = exceptions.modernised(sections)
        if self.lowered and lowering.has_wide_memory(sections):
            sections = rewritten(
                lowering.lowered(sections), each(nans.REWRITES | lowering.REWRITES)
            )
        else:
            sections = rewritten(sections, each(nans.REWRITES))
        return join(sections)

    def __str__(self) -> str:
        return f"{VERSION}{' metered' * self.metered}{' lowered' * self.lowered}"
