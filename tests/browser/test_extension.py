"""The extension in JupyterLab and Notebook, from the wheel in an environment of its own: what a person sees and does there."""

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Error, Locator, Page, expect

from tests.browser.conftest import ARTIFACTS
from tests.browser.installed import (
    NAME,
    Installation,
    Server,
    build_wheel,
    install,
    lend_jupyter,
    serving,
)

pytestmark = pytest.mark.browser
LONG = 60_000
SOON_MS = 200
"""How soon a message is to be seen in the panel, whatever cells do."""

TWO = ("%engine lua", "%spawn bob", "%spawn alice")
PONG = 'Handlers.add("pong", "Ping", function (msg) msg.reply({ Action = "Pong" }) end)'
TALK = 'Send({ Target = "bob", Action = "Ping", Data = "hello bob" })'
HOSTILE = (
    "<script>window.hacked=1</script><img src=x onerror='window.hacked=1'>"
    "<a href='javascript:window.hacked=1'>x</a>\\27[31mred\\u{202e}txt.exe"
)
MEGABYTE = 1_000_000
SETTLED = "() => new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn)))"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_wheel(tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def installation(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installation:
    installed = install(wheel, tmp_path_factory.mktemp("installed") / "venv")
    lend_jupyter(installed.prefix)
    return installed


@pytest.fixture(scope="module")
def lab(installation: Installation, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(installation, "jupyterlab", tmp_path_factory.mktemp("lab")) as server:
        yield server


@dataclass
class Tab:
    """A page, and what went wrong on it."""

    page: Page
    errors: list[str] = field(default_factory=list)

    @property
    def ours(self) -> list[str]:
        """What went wrong in the extension."""
        return [error for error in self.errors if NAME in error]

    def open(self, server: Server, cells: tuple[str, ...], *, at: str = "lab/tree") -> None:
        """Opens a new notebook with these cells and runs them."""
        name = f"{len(list(server.folder.iterdir()))}.ipynb"
        (server.folder / name).write_text(notebook(cells), encoding="utf-8")
        self.page.goto(server.page(f"{at}/{name}"))
        self.page.locator(".jp-Notebook .jp-Cell").first.wait_for(timeout=LONG)
        self.wait_for_kernel(server, name)
        self.run_all()

    def wait_for_kernel(self, server: Server, name: str) -> None:
        """Until the page is connected to the notebook's kernel: before that it would ask which one is meant."""
        for _ in range(LONG // 100):
            sessions = self.page.request.get(
                f"{server.url}api/sessions?token={server.token}"
            ).json()
            kernels = [each["kernel"] for each in sessions if each["path"].endswith(name)]
            if any(each["connections"] and each["execution_state"] == "idle" for each in kernels):
                return
            self.page.wait_for_timeout(100)
        raise AssertionError(f"{name} has no kernel")

    def run_all(self) -> None:
        self.page.get_by_role("menuitem", name="Run", exact=True).click()
        self.page.get_by_text("Run All Cells", exact=True).click()
        self.wait_until_run()

    def wait_until_run(self) -> None:
        prompts = self.page.locator(".jp-Notebook .jp-CodeCell .jp-InputPrompt")
        expect(prompts.filter(has_text="[*]")).to_have_count(0, timeout=LONG)

    def command(self, label: str) -> None:
        """Chooses a command in the palette."""
        field = self.page.locator("#modal-command-palette input")
        self.open_palette(field)
        field.fill(label)
        items = self.page.locator("#modal-command-palette .lm-CommandPalette-item")
        items.filter(has_text=label).first.click()

    def open_palette(self, field: Locator) -> None:
        # A page that is still being laid out takes the focus back, and with that the palette closes.
        for _ in range(10):
            self.page.get_by_role("menuitem", name="View", exact=True).click()
            self.page.get_by_text("Activate Command Palette", exact=True).click()
            self.page.wait_for_timeout(300)
            if field.is_visible():
                return
        raise AssertionError("the palette does not stay open")

    def show_panel(self) -> Locator:
        if not self.panel.is_visible():
            self.command("Show the ao Panel")
        expect(self.panel).to_be_visible(timeout=LONG)
        return self.panel

    @property
    def panel(self) -> Locator:
        return self.page.locator("#ao-panel")

    def process(self, name: str) -> Locator:
        return self.panel.get_by_role("option").filter(has=self.page.get_by_text(name, exact=True))

    def letter(self, text: str) -> Locator:
        return self.panel.locator(".ao-letter").filter(has_text=text).first

    def execute(self, source: str) -> None:
        """Runs that in the last cell, and does not wait for it."""
        cell = self.page.locator(".jp-Notebook .jp-Cell").last
        cell.locator(".cm-content").click()
        self.page.keyboard.insert_text(source)
        self.page.keyboard.press("Shift+Enter")

    def send(self, action: str, data: str) -> None:
        """Sends a message to the selected process by the panel's form."""
        form = self.panel.locator("form").filter(has=self.page.get_by_text("Send", exact=True))
        if not form.is_visible():
            self.panel.get_by_text("Send a message").click()
        form.get_by_label("Action").fill(action)
        form.get_by_label("Data").fill(data)
        form.get_by_role("button", name="Send", exact=True).click()

    def interrupt(self) -> None:
        self.page.locator('[data-command="notebook:interrupt-kernel"]').first.click()
        self.wait_until_run()

    def draw(self) -> None:
        self.page.evaluate(SETTLED)


def notebook(cells: tuple[str, ...]) -> str:
    made: list[dict[str, object]] = [
        {
            "cell_type": "code",
            "id": f"cell-{number}",
            "metadata": {},
            "source": source,
            "outputs": [],
            "execution_count": None,
        }
        for number, source in enumerate((*cells, ""))
    ]
    spec = {"name": "ao", "display_name": "ao", "language": "lua"}
    return json.dumps(
        {"cells": made, "metadata": {"kernelspec": spec}, "nbformat": 4, "nbformat_minor": 5}
    )


@pytest.fixture
def tab(browser: Browser, artifacts: Path, request: pytest.FixtureRequest) -> Iterator[Tab]:
    page = browser.new_page(viewport={"width": 1400, "height": 1000})
    tab = Tab(page)

    def note(message: ConsoleMessage) -> None:
        if message.type == "error":
            tab.errors.append(f"{message.text} at {message.location}")

    def fail(error: Error) -> None:
        tab.errors.append(f"{error.message} at {error.stack}")

    page.on("console", note)
    page.on("pageerror", fail)
    yield tab
    page.screenshot(path=artifacts / f"extension-{request.node.name}.png")
    page.close()
    assert tab.ours == []


def select(tab: Tab, name: str) -> None:
    tab.process(name).click()
    expect(tab.process(name)).to_have_attribute("aria-selected", "true")


def test_the_panel_shows_two_processes_talking(tab: Tab, lab: Server, artifacts: Path) -> None:
    tab.open(lab, (*TWO, "%%on bob\n" + PONG, TALK))
    tab.show_panel()
    select(tab, "alice")

    tab.letter("Pong").wait_for(timeout=LONG)
    expect(tab.process("alice")).to_contain_text("cells go here")
    expect(tab.process("bob")).to_contain_text("nonce 2")
    trace = tab.panel.locator(".ao-trace").filter(has_text="3 messages").first
    trace.locator("summary").click()
    expect(trace.locator(".ao-hop")).to_have_count(3)
    expect(trace).to_contain_text("hello bob")
    tab.letter("Pong").locator("summary").click()
    expect(tab.page.locator(".ao-status")).to_contain_text("alice nonce 2 · local")
    tab.draw()
    tab.page.screenshot(path=artifacts / "extension-panel-light.png")


def test_a_cells_card_leads_to_its_processes(tab: Tab, lab: Server) -> None:
    tab.open(lab, (*TWO, TALK))

    tab.page.locator(".ao-result summary").click()
    tab.page.locator(".ao-result .ao-link").filter(has_text="bob").first.click()

    expect(tab.panel).to_be_visible(timeout=LONG)
    expect(tab.process("bob")).to_have_attribute("aria-selected", "true", timeout=LONG)


def test_aos_words_and_commands_are_marked_in_cells(tab: Tab, lab: Server) -> None:
    tab.open(lab, ("%spawn alice", "return #Inbox, ao.id"))
    editors = tab.page.locator(".jp-Notebook .cm-content")

    expect(editors.nth(0).locator(".ao-magic-name")).to_have_text("%spawn", timeout=LONG)
    expect(editors.nth(1).locator(".ao-global")).to_have_text(["Inbox", "ao"])


def test_an_inbox_is_up_to_date_in_200_ms_while_a_cell_is_busy(tab: Tab, lab: Server) -> None:
    tab.open(lab, TWO)
    tab.show_panel()
    select(tab, "bob")
    tab.letter("Process").wait_for(timeout=LONG)
    tab.execute("while true do end")
    expect(tab.page.locator(".jp-InputPrompt").filter(has_text="[*]")).to_be_visible(timeout=LONG)

    took = [milliseconds_until_seen(tab, f"Meanwhile-{number}") for number in range(5)]

    tab.interrupt()
    assert median(took) <= SOON_MS, took


def milliseconds_until_seen(tab: Tab, action: str) -> float:
    """From pressing Send until the letter is on the page, by the page's own clock."""
    tab.page.evaluate(
        """action => {
            const inbox = document.querySelector('.ao-letters');
            window.seen = new Promise(resolve => {
                const look = () => inbox.textContent.includes(action) && resolve(performance.now());
                new MutationObserver(look).observe(inbox, { childList: true, subtree: true });
            });
            addEventListener('submit', () => { window.pressed = performance.now(); }, { capture: true, once: true });
        }""",
        action,
    )
    tab.send(action, "x")
    return float(tab.page.evaluate("() => window.seen.then(seen => seen - window.pressed)"))


def test_a_reply_from_the_panel_arrives(tab: Tab, lab: Server) -> None:
    tab.open(lab, (*TWO, 'Send({ Target = "bob", Action = "Question", Data = "how are you?" })'))
    tab.show_panel()
    select(tab, "bob")
    letter = tab.letter("Question")
    letter.locator("summary").click()

    letter.get_by_label("Action").fill("Answer")
    letter.get_by_label("Data").fill('fine, "thank" you')
    letter.get_by_role("button", name="Reply").click()

    expect(tab.panel.get_by_role("status").first).to_have_text("bob replied to alice", timeout=LONG)
    select(tab, "alice")
    tab.letter("Answer").wait_for(timeout=LONG)
    expect(tab.letter("Answer")).to_contain_text('fine, "thank" you')


def test_a_process_is_spawned_and_used_from_the_panel(tab: Tab, lab: Server) -> None:
    tab.open(lab, TWO)
    tab.show_panel()

    tab.panel.get_by_label("Name").first.fill("carol")
    tab.panel.get_by_role("button", name="Spawn").click()
    expect(tab.process("carol")).to_contain_text("cells go here", timeout=LONG)
    select(tab, "bob")
    tab.panel.get_by_role("button", name="Send cells here").click()

    expect(tab.process("bob")).to_contain_text("cells go here", timeout=LONG)
    tab.execute("Name")
    tab.wait_until_run()
    expect(tab.page.locator(".jp-OutputArea-executeResult").last).to_contain_text("bob")


def test_after_a_restart_and_after_a_reload_the_panel_is_there_again(tab: Tab, lab: Server) -> None:
    tab.open(lab, TWO)
    tab.show_panel()
    expect(tab.process("bob")).to_be_visible(timeout=LONG)

    tab.command("Restart Kernel…")
    tab.page.get_by_role("button", name="Confirm Kernel Restart").click()
    expect(tab.panel).to_contain_text("No process yet", timeout=LONG)
    tab.page.wait_for_load_state("networkidle")
    tab.wait_for_kernel(lab, ".ipynb")
    tab.run_all()
    expect(tab.process("bob")).to_be_visible(timeout=LONG)

    tab.page.keyboard.press("Control+s")
    tab.page.reload()
    tab.page.locator(".jp-Notebook .jp-Cell").first.wait_for(timeout=LONG)
    tab.show_panel()
    expect(tab.process("bob")).to_be_visible(timeout=LONG)
    expect(tab.process("alice")).to_contain_text("cells go here")


def test_the_panel_follows_the_theme(tab: Tab, lab: Server, artifacts: Path) -> None:
    tab.open(lab, (*TWO, "%%on bob\n" + PONG, TALK, 'error("on purpose")'))
    tab.show_panel()
    tab.letter("Pong").wait_for(timeout=LONG)
    light = brightness(tab)

    labels = tab.page.locator(".lm-Menu-itemLabel")
    tab.page.get_by_role("menuitem", name="Settings", exact=True).click()
    labels.filter(has_text="Theme").first.click()
    labels.get_by_text("JupyterLab Dark", exact=True).click()
    expect(tab.page.locator("body")).to_have_attribute(
        "data-jp-theme-name", "JupyterLab Dark", timeout=LONG
    )
    expect(tab.page.locator("#jupyterlab-splash")).to_have_count(0, timeout=LONG)

    tab.draw()
    tab.page.screenshot(path=artifacts / "extension-panel-dark.png")
    back, front = brightness(tab)
    assert light[0] > light[1]
    assert back < front


def brightness(tab: Tab) -> tuple[float, float]:
    """How bright the panel's ground is, and its writing."""
    found: list[float] = tab.panel.evaluate(
        """panel => {
            const style = getComputedStyle(panel);
            return [style.backgroundColor, style.color].map(
                colour => colour.match(/[\\d.]+/g).slice(0, 3).reduce((sum, part) => sum + Number(part), 0));
        }"""
    )
    return found[0], found[1]


def test_all_of_it_is_done_by_keyboard(tab: Tab, lab: Server) -> None:
    tab.open(lab, (*TWO, 'Send({ Target = "bob", Action = "Question" })'))
    tab.command("Show the ao Panel")
    expect(tab.process("alice")).to_be_focused(timeout=LONG)

    tab.page.keyboard.press("Home")
    expect(tab.process("bob")).to_be_focused()
    expect(tab.process("bob")).to_have_attribute("aria-selected", "true")
    tab.letter("Question").wait_for(timeout=LONG)
    walk_to(tab, tab.letter("Question").locator("summary"))
    tab.page.keyboard.press("Enter")
    expect(tab.letter("Question").get_by_label("Action")).to_be_visible()
    walk_to(tab, tab.letter("Question").get_by_label("Action"))
    tab.page.keyboard.type("Answer")
    tab.page.keyboard.press("Control+Enter")

    expect(tab.panel.get_by_role("status").first).to_have_text("bob replied to alice", timeout=LONG)


def walk_to(tab: Tab, place: Locator) -> None:
    """Presses Tab until the place has the focus."""
    for _ in range(30):
        tab.page.keyboard.press("Tab")
        if place.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError("thirty presses of Tab do not lead there")


def test_hostile_content_is_shown_as_text_and_executes_nothing(
    tab: Tab, lab: Server, artifacts: Path
) -> None:
    bad = f'Send({{ Target = "bob", Action = "{HOSTILE}", Data = "{HOSTILE}" .. string.rep("w", {MEGABYTE}) }})'
    tab.open(lab, (*TWO, bad))
    tab.show_panel()
    select(tab, "bob")
    letter = tab.letter("window.hacked")
    letter.locator("summary").click()

    button = letter.get_by_role("button", name="show all")
    expect(button).to_contain_text("characters", timeout=LONG)
    tab.page.locator(".ao-result summary").click()

    for place in (letter, tab.page.locator(".ao-result").last):
        expect(place).to_contain_text("<script>window.hacked=1</script>")
        assert place.locator("script, img, a").count() == 0
        assert place.evaluate("place => /[\\u202e\\u001b]/.test(place.textContent)") is False
    tab.draw()
    tab.page.screenshot(path=artifacts / "extension-hostile.png")
    button.click()
    assert letter.locator("pre").evaluate("text => text.textContent.length") > MEGABYTE
    assert tab.page.evaluate("() => window.hacked") is None


def test_the_tutorial_is_opened_in_a_folder_of_ones_own(tab: Tab, lab: Server) -> None:
    tab.page.goto(lab.page("lab"))
    tab.page.locator(".jp-LauncherCard").filter(has_text="Start ao Tutorial").click(timeout=LONG)

    expect(tab.page.locator(".jp-Notebook")).to_contain_text("Hello, process", timeout=LONG)
    assert (lab.folder / "ao-tutorial" / "00-hello-process.ipynb").is_file()


def test_a_page_without_any_kernel_stays_clean(tab: Tab, lab: Server) -> None:
    tab.page.goto(lab.page("lab"))
    tab.page.locator(".jp-LauncherCard").first.wait_for(timeout=LONG)

    tab.show_panel()

    expect(tab.panel).to_contain_text("No ao kernel here")
    expect(tab.page.locator(".ao-status")).to_be_hidden()
    expect(tab.panel.get_by_role("listbox")).to_be_hidden()


def test_a_page_with_the_extension_disabled_stays_clean(
    tab: Tab, installation: Installation, tmp_path: Path
) -> None:
    settings = tmp_path / "jupyter_config_dir" / "labconfig"
    settings.mkdir(parents=True)
    (settings / "page_config.json").write_text(
        json.dumps({"disabledExtensions": {NAME: True}}), encoding="utf-8"
    )
    with serving(installation, "jupyterlab", tmp_path) as server:
        tab.open(server, (*TWO, TALK))

        expect(tab.page.locator(".jp-OutputArea-output").last).to_contain_text("set off: 1 message")
        assert tab.page.locator("#ao-panel, .ao-status, .ao-result, .ao-global").count() == 0


def test_notebook_shows_the_panel_too(
    tab: Tab, installation: Installation, artifacts: Path, tmp_path: Path
) -> None:
    with serving(installation, "notebook", tmp_path) as server:
        tab.open(server, (*TWO, "%%on bob\n" + PONG, TALK), at="notebooks")
        tab.show_panel()

        expect(tab.process("alice")).to_contain_text("cells go here", timeout=LONG)
        select(tab, "alice")
        tab.letter("Pong").wait_for(timeout=LONG)
        tab.page.locator(".ao-result summary").click()
        expect(tab.page.locator(".ao-result .ao-link").first).to_be_visible()
        tab.draw()
        tab.page.screenshot(path=artifacts / "extension-notebook.png")


def test_jupyter_lists_it_as_enabled_and_uninstalling_leaves_nothing(
    wheel: Path, installation: Installation, tmp_path: Path
) -> None:
    listed = installation.run("jupyterlab.labextensions", "list")
    assert any(
        line.split()[:1] == [NAME] and "enabled" in line and "OK" in line
        for line in listed.splitlines()
    ), listed

    other = install(wheel, tmp_path / "venv")
    assert (other.extension / "install.json").is_file()
    other.pip("uninstall", "--yes", NAME)

    left = [name for name in other.files() if "ao" in Path(name).name.lower() or NAME in name]
    assert left == []


TAKES_FLOOD = """%%on bob
taken = 0
Handlers.add("flood", "Flood", function () taken = taken + 1 end)"""
FLOOD = 'for i = 1, 12000 do Send({ Target = "bob", Action = "Flood", Data = tostring(i) }) end'
FLOODED = 12_000
LATENCY_MS = 100
A_QUICK_HAND = 60
"""Milliseconds between two keys."""

GROWTH = 5_000_000
"""Bytes: what the page's own journal of outputs and a collection that was not complete may leave."""

WATCH_KEYS = """() => {
    window.keys = [];
    new PerformanceObserver(list => {
        for (const entry of list.getEntries()) {
            if (entry.name === 'keydown') window.keys.push(entry.duration);
        }
    }).observe({ type: 'event', durationThreshold: 16 });
}"""


@pytest.mark.slow
def test_a_flood_of_messages_leaves_the_page_responsive_and_its_memory_flat(
    tab: Tab, lab: Server
) -> None:
    tab.open(lab, ("%budget 1000000", *TWO, TAKES_FLOOD))
    tab.show_panel()
    select(tab, "bob")
    tab.letter("Process").wait_for(timeout=LONG)
    before = used_memory(tab)
    tab.page.evaluate(WATCH_KEYS)
    tab.execute(FLOOD)
    tab.page.locator(".jp-Notebook .jp-Cell").last.locator(".cm-content").click()
    begun, pressed = time.monotonic(), 0
    while nonce_of(tab, "bob") < FLOODED and time.monotonic() < begun + 120:
        tab.page.keyboard.press("x")
        tab.page.wait_for_timeout(A_QUICK_HAND)
        pressed += 1
    seconds = time.monotonic() - begun

    slow = sorted(tab.page.evaluate("() => window.keys"))
    latencies = [0.0] * (pressed - len(slow)) + slow
    p95 = latencies[int(len(latencies) * 0.95)]
    grown = used_memory(tab) - before
    figures = (
        f"{FLOODED / seconds:.0f} messages/s, {pressed} keys, p95 {p95:.0f} ms, {grown:,} bytes"
    )
    (ARTIFACTS / "extension-flood.txt").write_text(figures + "\n", encoding="utf-8")
    assert nonce_of(tab, "bob") >= FLOODED, figures
    assert p95 <= LATENCY_MS, figures
    assert grown <= GROWTH, figures


def nonce_of(tab: Tab, name: str) -> int:
    """The number of the process's latest message, as the panel shows it."""
    text = tab.process(name).locator(".ao-mark-nonce").inner_text()
    return int(text.removeprefix("nonce ").replace(",", ""))


def used_memory(tab: Tab) -> int:
    """Bytes that the page's scripts hold after a collection."""
    session = tab.page.context.new_cdp_session(tab.page)
    session.send("HeapProfiler.collectGarbage")
    used: int = session.send("Runtime.getHeapUsage")["usedSize"]
    session.detach()
    return used
