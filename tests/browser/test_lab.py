"""The main job as a person does it: JupyterLab, the ao card, a cell, the Stop button."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Lab

pytestmark = pytest.mark.browser
LONG = 60_000


def open_launcher(page: Page, lab: Lab) -> None:
    page.goto(lab.page_url())
    page.locator(".jp-LauncherCard").first.wait_for(timeout=LONG)


def new_ao_notebook(page: Page, lab: Lab) -> None:
    open_launcher(page, lab)
    page.locator('.jp-LauncherCard[data-category="Notebook"][title^="ao"]').click()
    wait_until_idle(page)


def wait_until_idle(page: Page) -> None:
    expect(page.get_by_text("ao | Idle")).to_be_visible(timeout=LONG)


def run_cell(page: Page, source: str) -> None:
    cell = page.locator(".jp-Notebook .jp-Cell").last
    cell.locator(".cm-content").click()
    page.keyboard.insert_text(source)
    page.keyboard.press("Shift+Enter")


def test_the_ao_card_opens_a_notebook_whose_cells_are_lua(
    page: Page, lab: Lab, artifacts: Path, console: list[str]
) -> None:
    new_ao_notebook(page, lab)

    run_cell(page, 'print("hello from " .. Name)\nreturn 6 * 7')

    outputs = page.locator(".jp-Cell .jp-OutputArea-output")
    expect(outputs.filter(has_text="hello from").first).to_be_visible(timeout=LONG)
    expect(page.locator(".jp-OutputArea-executeResult").filter(has_text="42").first).to_be_visible(
        timeout=LONG
    )
    page.screenshot(path=artifacts / "lab-first-cell.png")
    assert [text for text in console if "ao" in text.lower().split()] == []


def test_the_stop_button_ends_an_endless_loop_and_state_is_kept(
    page: Page, lab: Lab, artifacts: Path
) -> None:
    new_ao_notebook(page, lab)
    run_cell(page, "kept = 41")
    expect(page.locator(".jp-InputPrompt").filter(has_text="[1]:").first).to_be_visible(
        timeout=LONG
    )
    run_cell(page, "while true do end")
    expect(page.locator(".jp-InputPrompt").filter(has_text="[*]:").first).to_be_visible(
        timeout=LONG
    )

    page.locator(
        '[data-command="notebook:interrupt-kernel"], [data-jp-item-name="interrupt"]'
    ).first.click()

    expect(
        page.locator(".jp-OutputArea-output").filter(has_text="Interrupted").first
    ).to_be_visible(timeout=LONG)
    run_cell(page, "kept + 1")
    expect(page.locator(".jp-OutputArea-executeResult").filter(has_text="42").first).to_be_visible(
        timeout=LONG
    )
    page.screenshot(path=artifacts / "lab-interrupt.png")


def test_the_first_notebook_runs_by_clicking(page: Page, lab: Lab, artifacts: Path) -> None:
    page.goto(lab.page_url("lab/tree/00-hello-process.ipynb"))
    wait_until_idle(page)

    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_text("Run All Cells", exact=True).click()

    cells = page.locator(".jp-Notebook .jp-CodeCell")
    expect(cells.last.locator(".jp-InputPrompt").filter(has_text="[*]")).to_have_count(
        0, timeout=LONG
    )
    expect(cells.last.locator(".jp-InputPrompt")).not_to_have_text("[ ]:", timeout=LONG)
    page.screenshot(path=artifacts / "lab-hello-process.png", full_page=True)
    assert (
        page.locator(
            '.jp-OutputArea-output[data-mime-type="application/vnd.jupyter.error"]'
        ).count()
        == 0
    )
