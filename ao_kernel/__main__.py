"""`python -m ao_kernel`: runs the kernel for a connection file, or installs its kernelspec. Alone in reading the environment."""

import argparse
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Mapping
from functools import partial
from pathlib import Path

KERNELSPEC = Path(__file__).parent / "kernelspec"
NAME = "ao"
HELP = """\
python -m ao_kernel install [--user | --sys-prefix | --prefix PATH]
    tells Jupyter of the ao kernel
python -m ao_kernel grade NOTEBOOK
    runs a notebook and tells the points of its checks
python -m ao_kernel -f FILE
    runs the kernel for a connection file, as Jupyter does; --help-all lists its further options
"""


def main(arguments: list[str]) -> None:
    if arguments[:1] == ["install"]:
        install(arguments[1:])
    elif arguments[:1] == ["grade"]:
        grade(arguments[1:])
    elif arguments[:1] in (["--help"], ["-h"]):
        sys.stdout.write(HELP)
    else:
        run(arguments)


def run(arguments: list[str]) -> None:
    """Serves Jupyter until it is told to shut down."""
    from ipykernel.kernelapp import IPKernelApp  # noqa: PLC0415  `install` must not wait half a second for it

    from ao_kernel.folders import data_folder  # noqa: PLC0415
    from ao_kernel.history import History  # noqa: PLC0415
    from ao_kernel.host import Host, opener  # noqa: PLC0415
    from ao_kernel.kernel import AoKernel  # noqa: PLC0415

    data = data_folder(os.environ.get("AO_DATA"))
    AoKernel.make_history = staticmethod(partial(History, data / "history.sqlite"))
    AoKernel.make_host = staticmethod(
        partial(Host, opener(data, world_folder(), seed_in(os.environ)))
    )
    # IPython's own start-up reads a profile and keeps a history; neither is ours.
    IPKernelApp.launch_instance(argv=arguments, kernel_class=AoKernel)


def world_folder() -> Path | None:
    """Where the world of processes is kept from run to run; None for a world that begins and ends with the kernel."""
    asked = os.environ.get("AO_HOME")
    return Path(asked) if asked else None


def seed_in(environment: Mapping[str, str]) -> str | None:
    """What the kernel's first world grows from, if it is to be the same each time."""
    seed, home = environment.get("AO_SEED"), environment.get("AO_HOME")
    if seed and home:
        raise SystemExit(
            f"AO_SEED is {seed} and AO_HOME is {home}: a world from a seed begins anew each time, one in a folder goes on; "
            "unset one"
        )
    return seed or None


def install(arguments: list[str]) -> None:
    """Installs a kernelspec that names this very interpreter, for a Jupyter that runs in another."""
    from jupyter_client.kernelspec import KernelSpecManager  # noqa: PLC0415

    parser = argparse.ArgumentParser(
        prog="python -m ao_kernel install", description="Tells Jupyter of the ao kernel."
    )
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--user", action="store_true", help="for this user (the default)")
    where.add_argument("--sys-prefix", action="store_true", help="for this Python environment")
    where.add_argument("--prefix", help="below this folder")
    chosen = parser.parse_args(arguments)
    prefix = sys.prefix if chosen.sys_prefix else chosen.prefix
    with tempfile.TemporaryDirectory() as folder:
        write_kernelspec(Path(folder))
        try:
            target = KernelSpecManager().install_kernel_spec(
                folder, NAME, user=prefix is None, prefix=prefix
            )
        except OSError as error:
            where_not = error.filename or prefix
            raise SystemExit(f"cannot install in {where_not}: {error.strerror}") from None
    sys.stdout.write(f"the ao kernel is installed in {target}\n")


def grade(arguments: list[str]) -> None:
    """Runs a notebook, and ends with 1 where a point is missing."""
    from ao_kernel import grading  # noqa: PLC0415  only this needs what runs notebooks
    from ao_kernel.teaching.grading import report  # noqa: PLC0415

    parser = argparse.ArgumentParser(
        prog="python -m ao_kernel grade", description="Runs a notebook and tells its points."
    )
    parser.add_argument("notebook", type=Path)
    grades = grading.grade(parser.parse_args(arguments).notebook)
    sys.stdout.write(f"{report(grades)}\n")
    if any(each.reached < each.worth for each in grades):
        raise SystemExit(1)


def write_kernelspec(folder: Path) -> None:
    """The kernelspec with this interpreter's absolute path, so that it works from any environment."""
    shutil.copytree(KERNELSPEC, folder, dirs_exist_ok=True)
    spec = json.loads((KERNELSPEC / "kernel.json").read_text(encoding="utf-8"))
    spec["argv"][0] = sys.executable
    (folder / "kernel.json").write_text(json.dumps(spec, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
