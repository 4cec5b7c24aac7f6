"""`ao init` and `ao build`: a project's folder, and the module that is made of it."""

import hashlib
import json
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from unitstack.build import project
from unitstack.build.c_code import Tell
from unitstack.build.project import FORMATS, OUTPUT, Language, Project, read_project
from unitstack.build.starter import LANGUAGES, copy_starter
from unitstack.build.toolchain import lacking
from unitstack.cli.options import Json
from unitstack.cli.progress import waiting
from unitstack.errors import Refused


@dataclass(frozen=True, slots=True)
class Init:
    """Makes a new project: a process that builds and answers as it is."""

    name: Annotated[Path, typer.Argument(help="The folder; it is made if it is missing.")]
    lang: Annotated[
        str, typer.Option("--lang", "-l", help=f"The language: {', '.join(LANGUAGES)}.")
    ] = LANGUAGES[0]
    force: Annotated[bool, typer.Option("--force", help="Overwrite what is there.")] = False
    as_json: Json = False


def init(options: Init) -> None:
    """Copies the starter."""
    made = copy_starter(options.lang, options.name, force=options.force)
    if options.lang == "c" and (told := lacking()):
        _note(told)
    if options.as_json:
        typer.echo(json.dumps({"folder": str(options.name), "files": [each.name for each in made]}))
        return
    typer.echo("\n".join(f"made {path}" for path in made))
    typer.echo(f"`ao build {options.name}` makes a module of it")


@dataclass(frozen=True, slots=True)
class Build:
    """Makes a module, `process.wasm`, of a project in Lua or C. Its `config.yml` says how large the memory is, and how wide
    pointers are. The same files give the same bytes, on every machine. Lua needs no compiler; C, and C in `libs` beside
    Lua, needs one: `pip install 'ao-jupyter[build]'`."""

    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The project.")] = Path()
    reference_lines: Annotated[
        bool,
        typer.Option(
            "--reference-lines", help="Errors name lines as ao's own build has them: 2n - 1."
        ),
    ] = False
    as_json: Json = False


def build(options: Build) -> None:
    """Builds, and says what was built."""
    found = read_project(options.folder)
    for note in () if options.as_json else found.notes:
        _note(note)
    warned: list[str] = []
    module = _built(found, options, warned.append)
    path = options.folder / OUTPUT
    try:
        path.write_bytes(module)
    except OSError as error:
        raise Refused(f"{path} cannot be written: {error.strerror}") from error
    told = _told(found, path, module) | {"notes": [*found.notes, *warned]}
    if options.as_json:
        typer.echo(json.dumps(told))
        return
    for note in warned:
        _note(note)
    _show(found, told)


def _built(found: Project, options: Build, warn: Tell) -> bytes:
    """A compiler takes its time: meanwhile a person sees that it runs."""
    compiling = f"compiling {len(found.c_files)} files"
    with waiting(compiling) if found.c_files else nullcontext():
        return project.build(found, reference_lines=options.reference_lines, tell=warn)


def _note(text: str) -> None:
    typer.secho(f"note: {text}", fg="yellow", err=True)


def _told(found: Project, path: Path, module: bytes) -> dict[str, object]:
    config = found.config
    return {
        "file": str(path),
        "bytes": len(module),
        "sha256": hashlib.sha256(module).hexdigest(),
        "format": FORMATS[config.target].value,
        "memory_limit": config.memory_limit,
        "stack_size": config.sizes.stack,
        "initial_memory": config.sizes.initial,
        "maximum_memory": config.sizes.maximum,
        "language": found.language.value,
        "modules": sorted(found.sources),
        "compiled": [file.as_posix() for file in found.c_files],
    }


def _show(found: Project, told: dict[str, object]) -> None:
    parts = [f"{len(found.sources)} Lua"] if found.language is Language.LUA else []
    parts += [f"{len(found.c_files)} C"] if found.c_files else []
    count = len(found.sources) + len(found.c_files)
    typer.echo(
        f"{told['file']}: {told['bytes']:,} bytes of {' and '.join(parts)} {'file' if count == 1 else 'files'}"
    )
    for name in ("format", "memory_limit", "sha256"):
        typer.echo(f"  {name}: {told[name]}")
