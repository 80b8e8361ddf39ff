"""An information manager finds who opened which rumour, takes that out, and checks the chain. Nobody else can."""

import json
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from dashboard.words import audit_screen as words
from dashboard.words import board as board_words
from models.domain.audit import AuditFilter
from tests.journeys.screens import Screens, served
from tests.journeys.steps import signing_in

WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
MANAGER, DUTY = "Information manager", "Duty officer"
HEAD_OF_A_PHONE = {"width": 320, "height": 640}


@pytest.fixture
def screens(tmp_path) -> Iterator[Screens]:
    with served(tmp_path) as screens:
        yield screens


def check_with_axe(page: Page) -> None:
    # What was announced fades away, and has less contrast while it does.
    found = Axe().run(page, context={"exclude": [["#announce"]]}, options=WCAG)
    assert found.violations_count == 0, found.generate_report()[:2_000]


@pytest.fixture
def duty(browser: Browser, browser_context_args, screens) -> Iterator[Page]:
    """The browser of a duty officer, who opens a rumour and searches the board."""
    with browser.new_context(**browser_context_args) as context:
        page = signing_in(context.new_page(), DUTY)
        page.goto(f"{screens.board}/rumour/looters")
        expect(page.get_by_role("heading", name="Looters are in Market Street")).to_be_visible()
        page.goto(screens.board)
        page.get_by_label(board_words.FILTER_LABEL).fill("bridge")
        expect(page.locator("#board-grid")).not_to_contain_text("Looters")
        page.wait_for_timeout(3_000)
        yield page


@pytest.mark.role(MANAGER)
def test_a_manager_finds_who_opened_which_rumour_takes_it_out_and_checks_the_chain(screens, duty, page, complaints):
    page.goto(screens.board)
    page.get_by_role("link", name="Audit", exact=True).click()
    expect(page.get_by_role("heading", name=words.HEADING, exact=True)).to_be_visible()
    check_with_axe(page)
    page.get_by_label(words.OFFICER).select_option(label=DUTY)
    page.get_by_label(words.WHAT, exact=True).select_option(label="opened the posts of a rumour")
    page.get_by_role("button", name=words.SHOW, exact=True).click()
    rows = page.get_by_role("region", name=words.LIST).get_by_role("row")
    expect(rows.filter(has_text="signed in")).to_have_count(0)
    expect(rows.filter(has_text="Looters are in Market Street")).to_have_count(1)
    row = rows.filter(has_text="Looters are in Market Street")
    expect(row).to_contain_text("Duty officer (duty officer, Northgate Police)")
    expect(row).to_contain_text("20 Nov 2026, 12:1")
    assert "officer=duty.northgate-police" in page.url

    page.get_by_role("button", name=words.TAKE_OUT).click()
    dialog = page.get_by_role("dialog", name=words.TAKE_TITLE)
    dialog.get_by_label(words.FORMATS["jsonl"]).check()
    check_with_axe(page)
    dialog.get_by_label(words.WHY, exact=True).fill("asked for by the data protection officer")
    with page.expect_download() as download:
        dialog.get_by_role("button", name=words.TAKE).click()
    lines = [json.loads(line) for line in download.value.path().read_text().splitlines()]
    assert {(one["what"], one["officer"]) for one in lines} == {("look-at-rumour", DUTY)}
    assert "looters" in {one["subject"] for one in lines}

    page.get_by_role("link", name=words.SHOW_ALL).click()
    expect(page.get_by_role("row", name="asked for by the data protection officer")).to_be_visible()
    expect(page.get_by_role("row", name="searched the board").first).to_contain_text("bridge")
    page.get_by_role("button", name=words.CHECK).click()
    expect(page.get_by_role("status").filter(has_text="all follow")).to_contain_text("by Information manager")
    assert [one.note.officer.name for one in screens.store.audit.entries(AuditFilter(what="check-audit"))] == [
        MANAGER
    ]
    check_with_axe(page)
    # A time that is none is told beside the button, and the page stays.
    page.get_by_label(words.FROM).fill("soon")
    page.get_by_label(words.FROM).press("Enter")
    expect(page.get_by_role("alert").filter(has_text="Enter a time")).to_be_visible()
    page.set_viewport_size(HEAD_OF_A_PHONE)
    expect(page.get_by_role("button", name=words.CHECK)).to_be_visible()
    check_with_axe(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= HEAD_OF_A_PHONE["width"]
    assert complaints == []


def test_a_duty_officer_reads_who_may_see_it(screens, page):
    page.goto(f"{screens.address}audit")
    expect(page.get_by_text("You cannot do this as a duty officer. Ask an information manager.")).to_be_visible()
    expect(page.get_by_role("link", name="Audit", exact=True)).to_have_count(0)
