"""A maintainer's script: rebuilds the templates and the kit for C from Debian's sources of Lua and musl, to identical bytes.

    python unitstack/build/native/rebuild.py [--check]

It needs `ziglang` in the version that SHA256SUMS names and the two source archives, which it fetches with `apt-get
source` into a folder of its own. With `--check` it only compares."""

import argparse
import hashlib
import subprocess
import tarfile
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from unitstack.build.lua_module import Target
from unitstack.build.native import sources
from unitstack.build.table32 import narrow_table
from unitstack.build.toolchain import FLAGS, LINK, Job, Zig

HERE = Path(__file__).parent
TEMPLATES = HERE.parent / "templates"
WIDTHS: tuple[Target, ...] = (32, 64)
ARCHIVES = {
    "lua5.3_5.3.6.orig.tar.gz": "fc5fd69bb8736323f026672b1b7235da613d7177e72558893a0bdcd320466d60",
    "musl_1.2.3.orig.tar.gz": "7d5b0b6062521e4627e099e4c9dc8248d32a30285e959b7eecaa780cf8cfd4a4",
}
PACKAGES = ("lua5.3=5.3.6-2", "musl=1.2.3-1")
LUA_FLAGS = ("-DLUA_COMPAT_5_2", "-Dluai_makeseed()=0x5eed")
# In C, streams are ours; musl's own function makes the texts.
RENAMED = ("-Dvfprintf=__format",)
IN_LIBRARY = "-DAO_LIBRARY"
QUIET = ("-w", "-std=gnu99")
# The first moment that a zip can tell.
LONG_AGO = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Tree:
    """Where the sources and the objects of one width lie."""

    bits: Target
    lua: Path
    musl: Path
    out: Path

    def zig(self) -> Zig:
        return Zig(self.bits, self.out)

    def compile(self, jobs: Iterable[Job]) -> tuple[Path, ...]:
        ordered = list(jobs)
        prefixes = [f"-ffile-prefix-map={folder}=." for folder in (self.lua, self.musl, HERE)]
        self.zig().compile(ordered, (*FLAGS, *QUIET, *prefixes))
        return tuple(job.object for job in ordered)

    def public(self) -> list[str]:
        include = (self.out / "include", self.musl / "arch/generic", self.musl / "include")
        return _includes(HERE / "arch/wasm", *include)

    def inner(self) -> list[str]:
        """What musl's own files are compiled with."""
        own = _includes(self.musl / "src/include", self.musl / "src/internal")
        return [*own, "-D_XOPEN_SOURCE=700", *self.public()]

    def object(self, name: str) -> Path:
        return self.out / f"{name.replace('/', '_')}.o"


def _includes(*folders: Path) -> list[str]:
    return [part for folder in folders for part in ("-I", str(folder))]


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


def planted(bits: Target, folder: Path) -> Tree:
    """A place for one width, with the header that musl makes by its own sed script; the rest of its build is not needed."""
    tree = Tree(bits, folder / "lua-5.3.6/src", folder / "musl-1.2.3", folder / f"out{bits}")
    bits_folder = tree.out / "include/bits"
    bits_folder.mkdir(parents=True)
    script = tree.musl / "tools/mkalltypes.sed"
    texts = (HERE / "arch/wasm/bits/alltypes.h.in", tree.musl / "include/alltypes.h.in")
    made = subprocess.run(["sed", "-f", script, *texts], capture_output=True, check=True)
    (bits_folder / "alltypes.h").write_bytes(made.stdout)
    assembly = (HERE / "stack.S.in").read_text().replace("PTR", f"i{bits}")
    (tree.out / "stackpointer.s").write_text(assembly)
    return tree


def template_jobs(tree: Tree) -> Iterator[Job]:
    for name in sources.MUSL:
        source = tree.musl / f"src/{name}.c"
        yield Job(source, tree.object(f"musl_{name}"), tree.inner())
    yield from lua_jobs(tree)
    for name in sources.OURS:
        flags = [*tree.public(), "-I", str(tree.lua)]
        yield Job(HERE / f"{name}.c", tree.object(name), flags)
    yield Job(HERE / "fwritex.c", tree.object("fwritex"), tree.inner())
    yield Job(tree.out / "stackpointer.s", tree.object("stackpointer"), [])


def lua_jobs(tree: Tree) -> Iterator[Job]:
    for name in sources.LUA:
        source = tree.lua / f"{name}.c"
        yield Job(source, tree.object(f"lua_{name}"), [*tree.public(), *LUA_FLAGS])


def template(tree: Tree) -> bytes:
    """A module that runs the Lua program that is put into it."""
    objects = tree.compile(template_jobs(tree))
    return narrow_table(tree.zig().link(objects, LINK, tree.out / "template.wasm"))


def c_jobs(tree: Tree) -> Iterator[Job]:
    """What programs in C are linked with, from a library that gives them what they use."""
    folders = (tree.musl / "src" / folder for folder in sources.C_FOLDERS)
    found = [f"{file.parent.name}/{file.stem}" for each in folders for file in each.glob("*.c")]
    wanted = {*sources.MUSL, *sources.C_MUSL, *found}
    for name in sorted(each for each in wanted if not each.startswith(tuple(sources.LEFT_OUT))):
        source = tree.musl / f"src/{name}.c"
        yield Job(source, tree.object(f"c_{name}"), [*tree.inner(), *RENAMED])
    yield Job(HERE / "fwritex.c", tree.object("c_fwritex"), tree.inner())
    for name in sources.OURS_IN_C:
        if name not in sources.ALWAYS:
            yield Job(HERE / f"{name}.c", tree.object(f"c_{name}"), [*tree.public(), IN_LIBRARY])


def archive(tree: Tree, name: str, objects: Iterable[Path]) -> bytes:
    made = tree.out / name
    tree.zig().run("ar", "rcsD", made.name, *(path.name for path in objects))
    return made.read_bytes()


def kit_of(tree: Tree) -> Iterator[tuple[str, bytes]]:
    """The parts for one width. The template's objects are there already."""
    host = Job(
        HERE / "host.c", tree.object("lua_host"), [*tree.public(), "-I", str(tree.lua), IN_LIBRARY]
    )
    main = Job(HERE / "c_main.c", tree.object("c_main"), tree.public())
    single = tree.compile((host, main))
    always = (*single, *map(tree.object, sources.ALWAYS))
    lua = (job.object for job in lua_jobs(tree))
    yield "libc.a", archive(tree, "libc.a", tree.compile(c_jobs(tree)))
    yield "liblua.a", archive(tree, "liblua.a", lua)
    for path in always:
        yield path.name, path.read_bytes()


def headers(tree: Tree) -> Iterator[tuple[str, bytes]]:
    """The same for both widths."""
    of_our_own = HERE / "arch/wasm/bits"
    places = (tree.musl / "include", tree.musl / "arch/generic")
    for name in sources.HEADERS:
        file = next(each for place in places if (each := place / f"{name}.h").is_file())
        yield f"{name}.h", file.read_bytes()
    for name in ("float", "posix", "setjmp", "stdint"):
        yield f"bits/{name}.h", (of_our_own / f"{name}.h").read_bytes()
    yield "bits/alltypes.h", (tree.out / "include/bits/alltypes.h").read_bytes()
    for name in sources.LUA_HEADERS:
        yield f"{name}.h", (tree.lua / f"{name}.h").read_bytes()


def kit(trees: tuple[Tree, ...]) -> bytes:
    """One file of all that C is compiled and linked with."""
    parts = {f"include/{name}": raw for name, raw in headers(trees[0])}
    for tree in trees:
        parts |= {f"wasm{tree.bits}/{name}": raw for name, raw in kit_of(tree)}
    made = trees[0].out / "c.zip"
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as packed:
        for name, raw in sorted(parts.items()):
            packed.writestr(zipfile.ZipInfo(name, LONG_AGO), raw)
    return made.read_bytes()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--check", action="store_true", help="compare with the shipped files, write nothing"
    )
    check = parser.parse_args().check
    with tempfile.TemporaryDirectory() as name:
        folder = fetched(Path(name).resolve())
        trees = tuple(planted(bits, folder) for bits in WIDTHS)
        for tree in trees:
            settle(TEMPLATES / f"lua{tree.bits}.wasm", template(tree), check=check)
        settle(TEMPLATES / "c.zip", kit(trees), check=check)


def settle(path: Path, made: bytes, *, check: bool) -> None:
    digest = hashlib.sha256(made).hexdigest()
    if check and path.read_bytes() != made:
        raise SystemExit(f"{path.name} differs: the rebuilt one has sha256 {digest}")
    if not check:
        path.write_bytes(made)
    print(f"{digest}  {path.name}")


if __name__ == "__main__":
    main()
