"""An analyst takes an export and a report out of an incident, from the screen and by keyboard."""

import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.journeys.screens import Screens, served

WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}


@pytest.fixture
def screens(tmp_path) -> Iterator[Screens]:
    with served(tmp_path) as screens:
        yield screens


def check_with_axe(page: Page) -> None:
    found = Axe().run(page, options=WCAG)
    assert found.violations_count == 0, found.generate_report()


def fill_by_keyboard(page: Page, reason: str) -> None:
    """From the button that has the focus: open, tab to the reason, write it, send."""
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Export")
    expect(dialog).to_be_visible()
    while not dialog.get_by_label("Reason for taking it").evaluate("field => field === document.activeElement"):
        page.keyboard.press("Tab")
    page.keyboard.type(reason)
    page.keyboard.press("Enter")


@pytest.mark.role("Analyst")
def test_an_export_is_taken_by_keyboard_and_stands_in_the_record(screens, page, complaints, tmp_path):
    page.goto(f"{screens.board}/review")
    expect(page.get_by_text("Nothing has been exported yet.")).to_be_visible()
    page.get_by_role("button", name="Export…").focus()
    with page.expect_download() as download:
        fill_by_keyboard(page, "debrief of the flood")
    download.value.save_as(tmp_path / "taken.zip")
    assert zipfile.ZipFile(tmp_path / "taken.zip").read("posts.csv").count(b"\r\n") == 7
    expect(page.locator("[data-download-note]")).to_contain_text(download.value.suggested_filename)
    row = page.get_by_role("row", name="debrief of the flood")
    expect(row).to_contain_text("Analyst (analyst, Northgate Police)")
    expect(row).to_contain_text("the whole incident")
    check_with_axe(page)
    assert complaints == []


def test_a_role_that_may_not_is_told_whom_to_ask_and_keeps_its_form(screens, page):
    page.goto(f"{screens.board}/review")
    page.get_by_role("button", name="Export…").focus()
    fill_by_keyboard(page, "curious")
    expect(page.get_by_role("dialog", name="Export").get_by_role("alert").first).to_contain_text(
        "Ask an administrator or an analyst"
    )
    assert screens.store.consultations.of(screens.incident.id) == []


@pytest.mark.role("Viewer")
def test_the_chart_of_a_rumour_is_taken_from_its_page(screens, page, tmp_path):
    page.goto(f"{screens.board}/rumour/dam")
    page.get_by_role("button", name="Export…").click()
    dialog = page.get_by_role("dialog", name="Export")
    dialog.get_by_label("Spread charts as PNG").check()
    dialog.get_by_label("Reason for taking it").fill("briefing")
    with page.expect_download() as download:
        dialog.get_by_role("button", name="Export").click()
    download.value.save_as(tmp_path / "chart.png")
    assert (tmp_path / "chart.png").read_bytes().startswith(b"\x89PNG")
    assert screens.store.consultations.of(screens.incident.id)[0].filter == "one rumour (dam)"


def test_the_report_is_one_click_away_previewed_and_saved_without_a_part(screens, page, complaints, tmp_path):
    page.goto(f"{screens.board}/review")
    page.get_by_role("link", name="Incident report").click()
    preview = page.frame_locator(".report-preview")
    expect(preview.get_by_role("heading", name="Decisions", exact=True)).to_be_visible()
    check_with_axe(page)
    page.get_by_label("Decisions").uncheck()
    expect(preview.get_by_role("heading", name="Decisions", exact=True)).to_be_hidden()
    page.locator("main").get_by_label("Reason for taking it").fill("debrief")
    with page.expect_download() as download:
        page.get_by_role("button", name="Save as HTML").click()
    saved = tmp_path / download.value.suggested_filename
    download.value.save_as(saved)
    assert complaints == []
    check_the_page_that_was_saved(page, saved)


def check_the_page_that_was_saved(page: Page, saved: Path) -> None:
    """It stands alone: without a server, on a narrow screen, for a screen reader."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(saved.as_uri())
    expect(page.get_by_role("heading", level=1)).to_contain_text("Incident report: Northgate flood")
    expect(page.get_by_role("heading", name="Decisions", exact=True)).to_have_count(0)
    check_with_axe(page)
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []


@pytest.mark.parametrize("path", ["review", "report"])
def test_nothing_needs_sideways_scrolling_at_400_percent(screens, page, path):
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(f"{screens.board}/{path}")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
