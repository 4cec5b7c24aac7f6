"""What each module format means for its host: how wide pointers are, what is metered, how much memory may be had, and what
the environment, the clock and the files look like."""

from dataclasses import dataclass

from unitstack.wire.messages import ModuleFormat

HALF_GIGABYTE = 524_288_000
WASM32_MOST = 4_294_901_760
WASM64_MOST = 17_179_869_184
PROGRAM = "./this.program"
ENVIRON = (
    "USER=web_user",
    "LOGNAME=web_user",
    "PATH=/",
    "PWD=/",
    "HOME=/home/web_user",
    "LANG=C.UTF-8",
    f"_={PROGRAM}",
)


@dataclass(frozen=True, slots=True)
class Dialect:
    """How the reference's loader of one format behaves towards a module."""

    wide: bool = False
    metered: bool = False
    # What `main` is called with when a module starts; None: it is not called.
    main: tuple[str, ...] | None = None
    most_memory: int = WASM32_MOST
    environ: tuple[str, ...] = ()
    clock_runs: bool = True
    # The older loaders make room for four bytes of each UTF-16 unit of a text.
    roomy_texts: bool = False
    # The oldest loader has no files at all: its functions for them say that all went well.
    has_files: bool = True


DIALECTS = {
    ModuleFormat.WASM32: Dialect(
        main=(),
        most_memory=HALF_GIGABYTE,
        environ=ENVIRON,
        clock_runs=False,
        roomy_texts=True,
        has_files=False,
    ),
    ModuleFormat.WASM32_2: Dialect(
        main=(PROGRAM,), most_memory=HALF_GIGABYTE, environ=ENVIRON, roomy_texts=True
    ),
    ModuleFormat.WASM32_3: Dialect(main=()),
    ModuleFormat.WASM32_4: Dialect(),
    ModuleFormat.WASM32_METERING: Dialect(metered=True),
    ModuleFormat.WASM64: Dialect(wide=True, most_memory=WASM64_MOST),
    ModuleFormat.WASM64_METERING: Dialect(wide=True, most_memory=WASM64_MOST, metered=True),
}


def guessed(*, wide: bool) -> ModuleFormat:
    """The format of a module that comes without one: the newest that is not metered."""
    return ModuleFormat.WASM64 if wide else ModuleFormat.WASM32_4
