"""The widgets as a person sees them, in JupyterLab and in Notebook 7: shown, fed while a cell runs, reloaded, closed."""

import base64
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import Lab

pytestmark = pytest.mark.browser
LONG = 60_000
SOON = 10_000
BEGUN = re.compile(r"\[[*\d]+\]:")

WORLD = """Handlers.add("ping", "Ping", function (msg) msg.reply({ Action = "Pong", Data = "pong" }) end)
Handlers.add("transfer", { Action = "Transfer", Quantity = "_" }, function () end)
Balances = { alice = 10, bob = { deep = { deeper = true } } }"""
LETTER = '<img src=x onerror="document.title=1"> hello'
WIDGETS = {
    "inbox": "%inbox live",
    "card": "%card",
    "send": "%send",
    "timeline": "%timeline live",
    "trace": "%trace live",
}
CELLS = (
    "%spawn alice",
    WORLD,
    "%spawn bob",
    f"Send({{ Target = 'alice', Action = 'Note', Data = [[{LETTER}]] }})\n"
    "Send({ Target = 'alice', Action = 'Ping' })",
    "%use alice",
    *WIDGETS.values(),
    "%use bob",
)
BUSY = "local n = 0 while true do n = n + 1 end"

COLOURS = """async (png) => {
  const image = new Image()
  image.src = "data:image/png;base64," + png
  await image.decode()
  const canvas = new OffscreenCanvas(image.width, image.height), seen = new Map()
  const context = canvas.getContext("2d")
  context.drawImage(image, 0, 0)
  const pixels = new Uint32Array(context.getImageData(0, 0, image.width, image.height).data.buffer)
  for (const pixel of pixels) seen.set(pixel, (seen.get(pixel) || 0) + 1)
  return { colours: seen.size, most: Math.max(...seen.values()) / pixels.length }
}"""

READ = (".ao-heading", ".ao-widget th", ".ao-widget pre", ".ao-list select")
BRIGHTNESS = """(selector) => {
  const [r, g, b] = getComputedStyle(document.querySelector(selector)).color.match(/[\\d.]+/g).map(Number)
  return (0.299 * r + 0.587 * g + 0.114 * b) / 255
}"""
"""How bright the text of an element is, from 0 to 1."""


@dataclass(frozen=True, slots=True)
class Front:
    """A front end with the notebook of all widgets open in it, and what its page reported as errors."""

    name: str
    page: Page
    errors: list[str]
    artifacts: Path

    def widget(self, name: str) -> Locator:
        return self.page.locator(".ao-widget").nth(list(WIDGETS).index(name))

    def picture(self, name: str, taken: str = "") -> bytes:
        """A picture of a widget, which is kept."""
        path = self.artifacts / f"widget-{name}-{self.name}{taken}.png"
        return self.widget(name).screenshot(path=path)


def write_notebook(folder: Path, name: str) -> None:
    cells: list[dict[str, object]] = [
        {
            "id": f"cell-{number}",
            "cell_type": "code",
            "source": source,
            "metadata": {},
            "outputs": [],
            "execution_count": None,
        }
        for number, source in enumerate(CELLS)
    ]
    kernel = {"name": "ao", "display_name": "ao", "language": "lua"}
    notebook = {
        "cells": cells,
        "metadata": {"kernelspec": kernel},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    (folder / name).write_text(json.dumps(notebook), encoding="utf-8")


@pytest.fixture(scope="module", params=["lab", "notebook"])
def front(
    request: pytest.FixtureRequest, browser: Browser, lab: Lab, artifacts: Path
) -> Iterator[Front]:
    name = f"widgets-{request.param}.ipynb"
    write_notebook(lab.folder, name)
    page = browser.new_page(viewport={"width": 1100, "height": 3200})
    errors: list[str] = []
    page.on("console", lambda each: errors.append(each.text) if each.type == "error" else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(lab.page_url(f"lab/tree/{name}" if request.param == "lab" else f"notebooks/{name}"))
    try:
        run_all(page)
        expect(page.locator(".ao-widget")).to_have_count(len(WIDGETS), timeout=LONG)
        yield Front(request.param, page, errors, artifacts)
    finally:
        page.screenshot(path=artifacts / f"widgets-{request.param}.png")
        page.close()


def run_all(page: Page) -> None:
    """Runs all cells. Before the kernel is connected, a front end drops what it is asked to run."""
    begun = page.locator(".jp-Notebook .jp-InputPrompt").filter(has_text=BEGUN)
    page.locator(".jp-Notebook .jp-CodeCell").first.wait_for(timeout=LONG)
    if page.locator("#jp-main-statusbar").is_visible():
        expect(page.get_by_text("ao | Idle")).to_be_visible(timeout=LONG)
    while begun.count() == 0:
        page.get_by_role("menuitem", name="Run", exact=True).click()
        page.get_by_text("Run All Cells", exact=True).click()
        page.wait_for_timeout(1000)


def run_cell(front: Front, source: str) -> None:
    front.page.locator(".jp-Notebook .jp-Cell").last.locator(".cm-content").click()
    front.page.keyboard.press("Control+a")
    front.page.keyboard.insert_text(source)
    front.page.keyboard.press("Control+Enter")


def send_note(front: Front, data: str) -> None:
    """Presses Send: a message that no cell waits for."""
    form = front.widget("send")
    form.get_by_placeholder("such as Ping").fill("Note")
    form.locator("textarea").nth(1).fill(data)
    form.get_by_role("button", name="Send").click()


@pytest.mark.parametrize("name", WIDGETS)
def test_each_widget_is_shown_and_no_picture_of_it_is_blank(front: Front, name: str) -> None:
    widget = front.widget(name)
    expect(widget.get_by_role("heading")).to_be_visible(timeout=LONG)

    picture = base64.b64encode(front.picture(name)).decode()

    seen = front.page.evaluate(COLOURS, picture)
    assert seen["colours"] > 20
    assert seen["most"] < 0.99


def test_widgets_follow_messages_while_a_cell_runs(front: Front) -> None:
    run_cell(front, BUSY)
    expect(front.page.locator(".jp-InputPrompt").filter(has_text="[*]:")).to_have_count(
        1, timeout=SOON
    )

    send_note(front, "while busy")

    inbox = front.widget("inbox").locator(".ao-list option").first
    expect(inbox).to_contain_text("while\u00a0busy", timeout=SOON)
    expect(front.widget("trace")).to_contain_text("Note", timeout=SOON)
    expect(front.widget("timeline").get_by_role("heading")).to_contain_text(
        "Note from you", timeout=SOON
    )
    expect(front.widget("card")).to_contain_text("3 messages", timeout=SOON)
    front.page.keyboard.press("Escape")
    stop(front)


def stop(front: Front) -> None:
    front.page.locator(
        '[data-command="notebook:interrupt-kernel"], [data-jp-item-name="interrupt"]'
    ).first.click()
    expect(front.page.locator(".jp-InputPrompt").filter(has_text="[*]:")).to_have_count(
        0, timeout=SOON
    )


def test_a_message_is_opened_by_keyboard_and_its_html_is_only_text(front: Front) -> None:
    inbox = front.widget("inbox")
    title = front.page.title()

    inbox.get_by_role("button", name="▼").focus()
    for key in ("Enter", "Space"):
        front.page.keyboard.press(key)

    expect(inbox.locator("pre")).to_contain_text("<img src=x", timeout=SOON)
    expect(inbox.locator("pre img")).to_have_count(0)
    expect(inbox.get_by_role("button", name="Reply to bob")).to_be_visible()
    assert front.page.title() == title
    front.picture("inbox", "-open")


def test_a_table_of_the_state_unfolds(front: Front) -> None:
    card = front.widget("card")

    card.locator(".ao-list option").filter(has_text="Balances").click()
    card.get_by_role("button", name="Unfold").click()

    expect(card.locator(".ao-list option").nth(1)).to_contain_text("alice", timeout=SOON)
    front.picture("card", "-unfolded")


def test_the_slider_goes_through_the_log(front: Front) -> None:
    timeline = front.widget("timeline")
    timeline.locator(".widget-readout").focus()

    front.page.keyboard.press("Control+a")
    front.page.keyboard.type("1")
    front.page.keyboard.press("Enter")
    timeline.get_by_role("button", name="changes").click()

    expect(timeline).to_contain_text("Handlers.transfer", timeout=SOON)
    front.picture("timeline", "-changes")


def test_widgets_can_be_read_in_the_dark_theme(front: Front) -> None:
    choose_theme(front.page, "JupyterLab Dark")

    bright = [front.page.evaluate(BRIGHTNESS, selector) for selector in READ]
    front.picture("inbox", "-dark")
    front.picture("card", "-dark")

    choose_theme(front.page, "JupyterLab Light")
    assert min(bright) > 0.6


def choose_theme(page: Page, name: str) -> None:
    page.get_by_role("menuitem", name="Settings", exact=True).click()
    page.locator(".lm-Menu-itemLabel").get_by_text("Theme", exact=True).hover()
    page.locator(".lm-Menu-itemLabel").get_by_text(name, exact=True).click()
    is_dark = "false" if "Dark" in name else "true"
    expect(page.locator("body")).to_have_attribute("data-jp-theme-light", is_dark, timeout=SOON)


def test_widgets_are_there_again_when_the_page_is_loaded_anew(front: Front) -> None:
    front.page.keyboard.press("Control+s")
    expect(front.page.locator(".jp-mod-dirty")).to_have_count(0, timeout=SOON)
    before = front.widget("inbox").get_by_role("heading").inner_text()

    front.page.reload()

    expect(front.page.locator(".ao-widget")).to_have_count(len(WIDGETS), timeout=LONG)
    expect(front.widget("inbox").get_by_role("heading")).to_have_text(before, timeout=SOON)
    send_note(front, "after the reload")
    expect(front.widget("inbox").locator(".ao-list option").first).to_contain_text(
        "after\u00a0the\u00a0reload", timeout=SOON
    )


def test_a_widget_is_closed_by_its_button_and_nothing_was_wrong_in_the_page(front: Front) -> None:
    front.widget("trace").get_by_role("button", name="Close").click()

    expect(front.page.locator(".ao-widget")).to_have_count(len(WIDGETS) - 1, timeout=SOON)
    assert [text for text in front.errors if is_ours(text)] == []


def is_ours(text: str) -> bool:
    """Whether an error of the page may come from a widget or the kernel. Notebook has two of its own, with or without us."""
    return not any(each in text for each in ("'schema'", "filebrowser:open-path", "favicon"))
