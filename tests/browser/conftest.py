"""A real JupyterLab on a free port, and a page of it in headless Chromium."""

import os
import re
import secrets
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

from tests.browser.installed import wait_until_listening

ROOT = Path(__file__).parents[2]
ARTIFACTS = ROOT / "build" / "artifacts"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or "chromium"
URL = re.compile(r"http://127\.0\.0\.1:(?P<port>\d+)/")
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@dataclass(frozen=True, slots=True)
class Lab:
    """A running JupyterLab server."""

    url: str
    token: str
    folder: Path

    def page_url(self, path: str = "lab") -> str:
        return f"{self.url}{path}?token={self.token}&reset"


def start_lab(folder: Path, home: Path) -> tuple[subprocess.Popen[str], str]:
    token = secrets.token_hex(8)
    command = [
        sys.executable,
        "-m",
        "jupyterlab",
        "--no-browser",
        "--allow-root",
        "--port=0",
        f"--notebook-dir={folder}",
    ]
    settings = [
        f"--IdentityProvider.token={token}",
        "--LabApp.news_url=",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    ]
    private = {
        name: str(home / name.lower())
        for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_RUNTIME_DIR", "XDG_DATA_HOME")
    }
    server = subprocess.Popen(
        [*command, *settings], env={**os.environ, **private}, stderr=subprocess.PIPE, text=True
    )
    return server, token


def wait_for_url(server: subprocess.Popen[str]) -> str:
    """Reads the server's log until it says where it listens."""
    assert server.stderr is not None
    for line in server.stderr:
        if found := URL.search(line):
            wait_until_listening(int(found.group("port")))
            return found.group(0)
    raise AssertionError("the server ended before it listened")


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    home, folder = tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("work")
    shutil.copytree(ROOT / "notebooks", folder, dirs_exist_ok=True)
    server, token = start_lab(folder, home)
    try:
        url = wait_for_url(server)
        with subprocess.Popen(["cat"], stdin=server.stderr, stdout=subprocess.DEVNULL):
            yield Lab(url, token, folder)
            server.terminate()
    finally:
        server.kill()
        server.communicate(timeout=20)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture
def console() -> list[str]:
    """What the page reported as errors."""
    return []


@pytest.fixture
def page(
    browser: Browser, console: list[str], artifacts: Path, request: pytest.FixtureRequest
) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": 1280, "height": 960})

    def note(message: ConsoleMessage) -> None:
        if message.type == "error":
            console.append(message.text)

    page.on("console", note)
    yield page
    page.screenshot(path=artifacts / f"{request.node.name}.png")
    page.close()


@pytest.fixture(scope="session")
def artifacts() -> Path:
    ARTIFACTS.mkdir(parents=True, exist_ok=True)
    return ARTIFACTS
