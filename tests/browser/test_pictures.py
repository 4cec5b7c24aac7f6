"""Pictures as JupyterLab shows them: drawn, in both themes, and with nothing in them that runs."""

# mypy: disable-error-code="no-untyped-call"
# nbformat is untyped in part.

import re
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import Locator, Page, expect

from ao_kernel.telling.summary import summary_bundle
from ao_kernel.telling.traces import picture_of
from tests.ao_kernel.pictures.builders import a_failure, a_message
from tests.browser.conftest import Lab
from tests.browser.test_lab import LONG, new_ao_notebook, run_cell

pytestmark = pytest.mark.browser

PONG = (
    'Handlers.add("ping", "Ping", function (msg) msg.reply({ Action = "Pong", Data = "pong" }) end)'
)
HOSTILE = (
    'Send({ Target = "alice", Action = "<img src=x onerror=\'window.owned = 1\'>", '
    'Data = "</text><script>window.owned = 1</script>" })'
)
DONE = re.compile(r"\[\d+\]:")
TALK = 'Send({ Target = "alice", Action = "Ping", Data = "hello" })'


def run(page: Page, source: str) -> Locator:
    """Runs the last cell to its end; answers with its outputs."""
    cells = page.locator(".jp-Notebook .jp-CodeCell")
    cell = cells.nth(cells.count() - 1)
    run_cell(page, source)
    expect(cell.locator(".jp-InputPrompt")).to_have_text(DONE, timeout=LONG)
    return cell.locator(".jp-OutputArea-output")


def _is_drawn(picture: Locator) -> bool:
    width: int = picture.evaluate("image => image.complete ? image.naturalWidth : 0")
    return width > 200


def test_pictures_are_drawn_and_what_processes_write_is_text(
    page: Page, lab: Lab, artifacts: Path, console: list[str]
) -> None:
    new_ao_notebook(page, lab)
    run(page, "%spawn alice")
    run(page, PONG)
    run(page, "%spawn bob")

    summary = run(page, TALK)
    expect(summary.filter(has_text="set off: 2 messages").first).to_be_visible()
    for cell in (f"%%trace\n{TALK}\n{HOSTILE}", "%graph", "%timeline"):
        picture = run(page, cell).locator("img").first
        picture.scroll_into_view_if_needed()
        assert _is_drawn(picture)
        page.screenshot(path=artifacts / f"picture-{cell.split()[0].strip('%')}.png")
    for cell in ("%trace 5 mermaid", "%graph mermaid"):
        diagram = run(page, cell).locator(".jp-RenderedMermaid img, .jp-RenderedMermaid svg").first
        expect(diagram).to_be_visible(timeout=LONG)
        diagram.scroll_into_view_if_needed()
        page.screenshot(path=artifacts / f"picture-mermaid-{cell.split()[0].strip('%')}.png")

    assert page.evaluate("window.owned") is None
    assert [text for text in console if "ao" in text.lower().split()] == []


def test_pictures_can_be_read_on_a_dark_page(page: Page, lab: Lab, artifacts: Path) -> None:
    new_ao_notebook(page, lab)
    page.get_by_role("menuitem", name="Settings", exact=True).click()
    page.get_by_text("Theme", exact=True).hover()
    page.get_by_text("JupyterLab Dark", exact=True).click()
    run(page, "%spawn alice")
    run(page, PONG)

    picture = run(page, f"%%trace\n{TALK}").locator("img").first

    picture.scroll_into_view_if_needed()
    assert _is_drawn(picture)
    page.screenshot(path=artifacts / "picture-dark.png")


def test_a_notebook_from_elsewhere_still_tells_what_happened_and_runs_nothing(
    page: Page, lab: Lab, artifacts: Path
) -> None:
    hostile = "<script>window.owned = 1</script><img src=x onerror='window.owned = 1'>"
    messages = (a_message(action="Ping", data=hostile), a_failure(error=hostile))
    shown = [summary_bundle(messages, ("kid",)), picture_of(messages)]
    notebook = nbformat.v4.new_notebook(
        cells=[
            nbformat.v4.new_code_cell(
                "-- from elsewhere",
                outputs=[nbformat.v4.new_output("display_data", data=dict(b)) for b in shown],
            )
        ],
        metadata={"kernelspec": {"name": "ao", "display_name": "ao"}},
    )
    nbformat.write(notebook, lab.folder / "elsewhere.ipynb")

    page.goto(lab.page_url("lab/tree/elsewhere.ipynb"))

    outputs = page.locator(".jp-OutputArea-output")
    summary = outputs.filter(has_text="set off: 2 messages").first
    expect(summary).to_be_visible(timeout=LONG)
    if summary.locator("details[open]").count() == 0:
        summary.locator("summary").click()
    expect(summary.get_by_text("<script>").first).to_be_visible()
    expect(outputs.filter(has_text="alice").last).to_be_visible()
    page.screenshot(path=artifacts / "picture-elsewhere.png")
    assert page.evaluate("window.owned") is None
