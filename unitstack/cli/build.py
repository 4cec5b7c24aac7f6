"""`ao init` and `ao build`: a project's folder, and the module that is made of it."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from unitstack.build import project
from unitstack.build.project import FORMATS, OUTPUT, Project, read_project
from unitstack.build.starter import LANGUAGES, copy_starter
from unitstack.errors import Refused

Json = Annotated[bool, typer.Option("--json", help="Answer in JSON.")]


@dataclass(frozen=True, slots=True)
class Init:
    """Makes a new project in the folder NAME: a process that builds and runs as it is."""

    name: Annotated[Path, typer.Argument(help="The folder; it is made if it is missing.")]
    lang: Annotated[
        str, typer.Option("--lang", "-l", help=f"The language: {', '.join(LANGUAGES)}.")
    ] = LANGUAGES[0]
    force: Annotated[bool, typer.Option("--force", help="Overwrite what is there.")] = False
    as_json: Json = False


def init(options: Init) -> None:
    """Copies the starter."""
    made = copy_starter(options.lang, options.name, force=options.force)
    if options.as_json:
        typer.echo(json.dumps({"folder": str(options.name), "files": [each.name for each in made]}))
        return
    typer.echo("\n".join(f"made {path}" for path in made))
    typer.echo(f"`ao build {options.name}` makes a module of it")


@dataclass(frozen=True, slots=True)
class Build:
    """Makes `process.wasm` of the Lua files in DIR, with what its `config.yml` asks for. No compiler runs: the same files
    give the same bytes, on every machine."""

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
    module = project.build(found, reference_lines=options.reference_lines)
    path = options.folder / OUTPUT
    try:
        path.write_bytes(module)
    except OSError as error:
        raise Refused(f"{path} cannot be written: {error.strerror}") from error
    _show(found, path, module, as_json=options.as_json)


def _show(found: Project, path: Path, module: bytes, *, as_json: bool) -> None:
    config = found.config
    told = {
        "file": str(path),
        "bytes": len(module),
        "sha256": hashlib.sha256(module).hexdigest(),
        "format": FORMATS[config.target].value,
        "memory_limit": config.memory_limit,
        "stack_size": config.sizes.stack,
        "initial_memory": config.sizes.initial,
        "maximum_memory": config.sizes.maximum,
        "modules": sorted(found.sources),
        "notes": list(found.notes),
    }
    if as_json:
        typer.echo(json.dumps(told))
        return
    for note in found.notes:
        typer.secho(f"note: {note}", fg="yellow", err=True)
    typer.echo(f"{path}: {len(module):,} bytes of {len(found.sources)} Lua files")
    for name in ("format", "memory_limit", "sha256"):
        typer.echo(f"  {name}: {told[name]}")
