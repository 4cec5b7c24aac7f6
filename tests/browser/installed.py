"""The wheel, installed into a virtual environment of its own, and the Jupyter servers that run there."""

import os
import re
import secrets
import socket
import subprocess
import sys
import sysconfig
import time
import venv
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
URL = re.compile(r"http://127\.0\.0\.1:(?P<port>\d+)/")
NAME = "ao-jupyter"
QUIET = (
    "--no-browser",
    "--allow-root",
    "--port=0",
    "--LabApp.news_url=",
    "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
)


@dataclass(frozen=True, slots=True)
class Installation:
    """A virtual environment that the wheel was installed into; Jupyter itself is borrowed from the one that tests run in."""

    prefix: Path
    wheel: Path

    @property
    def python(self) -> str:
        return str(self.prefix / "bin" / "python")

    @property
    def extension(self) -> Path:
        return self.prefix / "share" / "jupyter" / "labextensions" / NAME

    def run(self, *words: str) -> str:
        """What a Python module prints there."""
        command = [self.python, "-m", *words]
        done = subprocess.run(command, capture_output=True, text=True, check=True, env=clean())
        return done.stdout + done.stderr

    def pip(self, *words: str) -> None:
        command = [sys.executable, "-m", "pip", "--quiet", "--python", self.python, *words]
        subprocess.run(command, check=True, env=clean())

    def files(self) -> set[str]:
        """All files of the environment that did not come with Python."""
        return {
            str(path.relative_to(self.prefix))
            for path in self.prefix.rglob("*")
            if path.is_file() and "__pycache__" not in path.parts
        }


@dataclass(frozen=True, slots=True)
class Server:
    """A running Jupyter server."""

    url: str
    token: str
    folder: Path

    def page(self, path: str) -> str:
        return f"{self.url}{path}?token={self.token}&reset"


def clean() -> dict[str, str]:
    """The environment without what would lead Jupyter to another installation."""
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("JUPYTER", "PYTHON"))
    }


def build_wheel(folder: Path) -> Path:
    words = [
        "wheel",
        "--quiet",
        "--no-deps",
        "--no-build-isolation",
        "--wheel-dir",
        str(folder),
        ".",
    ]
    subprocess.run([sys.executable, "-m", "pip", *words], cwd=ROOT, check=True, env=clean())
    return next(folder.glob("ao_jupyter-*.whl"))


def install(wheel: Path, prefix: Path) -> Installation:
    """Installs the wheel into a new environment, and nothing else. What it depends on is found where the tests found it."""
    venv.create(prefix, symlinks=True)
    installation = Installation(prefix, wheel)
    installation.pip("install", "--no-deps", str(wheel))
    return installation


def lend_jupyter(prefix: Path) -> None:
    """Makes the packages of these tests' environment importable there, and its JupyterLab the one that is served."""
    site = next((prefix / "lib").glob("python*/site-packages"))
    (site / "lent.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
    own, lent = prefix / "share" / "jupyter", Path(sys.prefix) / "share" / "jupyter"
    for each in (lent / "lab", *(lent / "labextensions").iterdir()):
        target = own / each.relative_to(lent)
        if not target.exists():
            target.symlink_to(each)


@contextmanager
def serving(installation: Installation, app: str, home: Path, *settings: str) -> Iterator[Server]:
    """JupyterLab or Notebook on a free port, with settings and a folder of its own."""
    folder, token = home / "work", secrets.token_hex(8)
    folder.mkdir(parents=True)
    ask_for_no_news(home / "jupyter_config_dir")
    command = [installation.python, "-m", app, *QUIET, f"--ServerApp.root_dir={folder}"]
    private = {
        name: str(home / name.lower())
        for name in (
            "JUPYTER_CONFIG_DIR",
            "JUPYTER_RUNTIME_DIR",
            "JUPYTER_DATA_DIR",
            "XDG_DATA_HOME",
        )
    }
    server = subprocess.Popen(
        [*command, f"--IdentityProvider.token={token}", *settings],
        env={**clean(), **private, "HOME": str(home)},
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        url = url_of(server)
        drain = subprocess.Popen(["cat"], stdin=server.stderr, stdout=subprocess.DEVNULL)
        yield Server(url, token, folder)
    finally:
        # Whatever a test has met: kernels end when their server does, and the log with them.
        server.terminate()
        try:
            server.communicate(timeout=30)
        except subprocess.TimeoutExpired:
            server.kill()
            raise
        drain.wait(timeout=30)


def ask_for_no_news(config: Path) -> None:
    """Answers beforehand what JupyterLab asks each person first, over a corner of the page."""
    folder = config / "lab" / "user-settings" / "@jupyterlab" / "apputils-extension"
    folder.mkdir(parents=True)
    settings = folder / "notification.jupyterlab-settings"
    settings.write_text('{"fetchNews": "false"}', encoding="utf-8")


def url_of(server: "subprocess.Popen[str]") -> str:
    """Reads the server's log until it says where it listens."""
    assert server.stderr is not None
    for line in server.stderr:
        if found := URL.search(line):
            wait_until_listening(int(found.group("port")))
            return found.group(0)
    raise AssertionError("the server ended before it listened")


def wait_until_listening(port: int) -> None:
    """A server says where it will listen a moment before it does."""
    for _ in range(400):
        with suppress(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port)):
            return
        time.sleep(0.05)
    raise AssertionError(f"nothing listens on port {port}")
