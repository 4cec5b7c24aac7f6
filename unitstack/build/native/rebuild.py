"""A maintainer's script: rebuilds the templates from Debian's sources of Lua and musl, to identical bytes.

    python unitstack/build/native/rebuild.py [--check]

It needs `ziglang` in the version that SHA256SUMS names and the two source archives, which it fetches with `apt-get
source` into a folder of its own. With `--check` it only compares."""

import argparse
import hashlib
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from unitstack.build.table32 import narrow_table

HERE = Path(__file__).parent
TEMPLATES = HERE.parent / "templates"
ARCHIVES = {
    "lua5.3_5.3.6.orig.tar.gz": "fc5fd69bb8736323f026672b1b7235da613d7177e72558893a0bdcd320466d60",
    "musl_1.2.3.orig.tar.gz": "7d5b0b6062521e4627e099e4c9dc8248d32a30285e959b7eecaa780cf8cfd4a4",
}
PACKAGES = ("lua5.3=5.3.6-2", "musl=1.2.3-1")
LUA = """lapi lauxlib lbaselib lbitlib lcode lcorolib lctype ldblib ldebug ldo ldump lfunc lgc llex lmathlib lmem loadlib
lobject lopcodes loslib lparser lstate lstring lstrlib ltable ltablib ltm lundump lutf8lib lvm lzio""".split()
MUSL = """string/memchr string/memcmp string/memmove string/memcpy string/memset string/strchr string/strchrnul
string/strcmp string/strcpy string/stpcpy string/strcspn string/strlen string/strncmp string/strnlen string/strpbrk
string/strspn string/strstr string/memrchr string/strcat stdio/snprintf stdio/vsnprintf stdio/sprintf stdio/vsprintf
stdio/vfprintf stdio/__towrite stdio/__toread stdio/__uflow stdio/__overflow stdlib/strtod stdlib/strtol stdlib/abs
internal/intscan internal/floatscan internal/shgetc prng/rand math/__fpclassify math/__signbit math/frexp math/ldexp
math/scalbn math/fmod math/floor math/ceil math/fabs math/sqrt math/sqrt_data math/pow math/pow_data math/exp math/exp_data math/log
math/log_data math/log2 math/log2_data math/log10 math/sin math/cos math/tan math/__sin math/__cos math/__tan
math/__rem_pio2 math/__rem_pio2_large math/asin math/acos math/atan math/atan2 math/sinh math/cosh math/tanh math/expm1
math/__expo2 math/__math_divzero math/__math_invalid math/__math_oflow math/__math_uflow math/__math_xflow
math/copysign math/copysignl math/frexpl math/scalbnl math/fmodl math/fabsl math/floorl math/modf math/log1p
ctype/isalnum ctype/isalpha ctype/iscntrl ctype/isdigit ctype/isgraph ctype/islower ctype/ispunct ctype/isprint
ctype/isspace ctype/isupper ctype/isxdigit ctype/tolower ctype/toupper time/strftime time/__tm_to_secs
time/__secs_to_tm time/__year_to_secs time/__month_to_secs locale/langinfo""".split()
OURS = ("rt", "host", "stack", "dyncall", "multi3")
FLAGS = """-mcpu=mvp+mutable_globals+sign_ext -O3 -nostdinc -std=gnu99 -fno-sanitize=all -ffunction-sections
-fdata-sections -g0 -fno-strict-aliasing -Xclang -mlong-double-64 -w -mllvm -enable-emscripten-sjlj""".split()
LUA_FLAGS = ("-DLUA_COMPAT_5_2", "-Dluai_makeseed()=0x5eed")
LINK = """--no-entry --gc-sections --strip-debug -O2 --compress-relocations -z stack-size=2097152 --no-stack-first
--export-table --export=malloc --export=free --export=setThrew --export=sbrk --export=fflush
--export=__wasm_call_ctors --export=ao_program --export=__stack_low""".split()


@dataclass(frozen=True, slots=True)
class Tree:
    """Where the sources and the objects of one width lie."""

    bits: int
    lua: Path
    musl: Path
    out: Path

    def zig(self, *arguments: str | Path) -> None:
        subprocess.run([sys.executable, "-m", "ziglang", *map(str, arguments)], check=True)


@dataclass(frozen=True, slots=True)
class Job:
    """One file to compile."""

    source: Path
    object: Path
    flags: Sequence[str]


def fetched(folder: Path) -> Path:
    """The two archives, as Debian has them, checked by hash and unpacked."""
    subprocess.run(
        ["apt-get", "source", "--download-only", "-qq", *PACKAGES], cwd=folder, check=True
    )
    for name, expected in ARCHIVES.items():
        digest = hashlib.sha256((folder / name).read_bytes()).hexdigest()
        if digest != expected:
            raise SystemExit(f"{name} has sha256 {digest}, not {expected}")
        with tarfile.open(folder / name) as archive:
            archive.extractall(folder, filter="data")
    return folder


def write_types(tree: Tree) -> Path:
    """musl makes this header by its own sed script; the rest of its build is not needed."""
    include = tree.out / "include"
    (include / "bits").mkdir(parents=True, exist_ok=True)
    script = tree.musl / "tools/mkalltypes.sed"
    sources = (HERE / "arch/wasm/bits/alltypes.h.in", tree.musl / "include/alltypes.h.in")
    made = subprocess.run(["sed", "-f", script, *sources], capture_output=True, check=True)
    (include / "bits/alltypes.h").write_bytes(made.stdout)
    return include


def jobs_of(tree: Tree, include: Path) -> Iterator[Job]:
    public = _includes(
        HERE / "arch/wasm", include, tree.musl / "arch/generic", tree.musl / "include"
    )
    inner = [
        *_includes(tree.musl / "src/include", tree.musl / "src/internal"),
        "-D_XOPEN_SOURCE=700",
        *public,
    ]
    for name in MUSL:
        yield Job(tree.musl / f"src/{name}.c", tree.out / f"musl_{name.replace('/', '_')}.o", inner)
    for name in LUA:
        yield Job(tree.lua / f"{name}.c", tree.out / f"lua_{name}.o", [*public, *LUA_FLAGS])
    for name in OURS:
        yield Job(HERE / f"{name}.c", tree.out / f"{name}.o", [*public, "-I", str(tree.lua)])
    yield Job(HERE / "fwritex.c", tree.out / "fwritex.o", inner)
    assembly = tree.out / "stackpointer.s"
    assembly.write_text((HERE / "stack.S.in").read_text().replace("PTR", f"i{tree.bits}"))
    yield Job(assembly, tree.out / "stackpointer.o", [])


def _includes(*folders: Path) -> list[str]:
    return [part for folder in folders for part in ("-I", str(folder))]


def build(tree: Tree) -> bytes:
    tree.out.mkdir()
    jobs = list(jobs_of(tree, write_types(tree)))
    prefixes = [f"-ffile-prefix-map={folder}=." for folder in (tree.lua, tree.musl, HERE)]

    def compile_one(job: Job) -> None:
        target = f"wasm{tree.bits}-freestanding"
        tree.zig(
            "cc",
            *job.flags,
            "-target",
            target,
            *FLAGS,
            *prefixes,
            "-c",
            job.source,
            "-o",
            job.object,
        )

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(compile_one, jobs))
    made = tree.out / "template.wasm"
    tree.zig("wasm-ld", "-m", f"wasm{tree.bits}", *LINK, *(job.object for job in jobs), "-o", made)
    return narrow_table(made.read_bytes())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--check", action="store_true", help="compare with the shipped templates, write nothing"
    )
    check = parser.parse_args().check
    with tempfile.TemporaryDirectory() as name:
        folder = fetched(Path(name))
        for bits in (32, 64):
            tree = Tree(
                bits, folder / "lua-5.3.6/src", folder / "musl-1.2.3", folder / f"out{bits}"
            )
            settle(TEMPLATES / f"lua{bits}.wasm", build(tree), check=check)


def settle(path: Path, made: bytes, *, check: bool) -> None:
    digest = hashlib.sha256(made).hexdigest()
    if check and path.read_bytes() != made:
        raise SystemExit(f"{path.name} differs: the rebuilt one has sha256 {digest}")
    if not check:
        path.write_bytes(made)
    print(f"{digest}  {path.name}")


if __name__ == "__main__":
    main()
