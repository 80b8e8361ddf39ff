"""Looking back in a real browser: a moment is chosen on the review, every page shows what was known then."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from dashboard.paths import at, search_for
from dashboard.words import playhead as words
from models.domain.acts import Act, Officer
from models.domain.corrections import CorrectionDraft, Verdict
from tests.builders import NOON, a_post
from tests.dashboard.world import judge
from tests.journeys.screens import Screens, served

WHO = Officer("J. Officer", "duty")
BEFORE = NOON + timedelta(minutes=20)
AFTER = NOON + timedelta(minutes=40)
WORDING = "The dam is sound. Engineers are on site."


@pytest.fixture
def screens(tmp_path) -> Iterator[Screens]:
    """At 12:30 the dam was taken and answered and a rumour about wolves went up; it is 12:50 now."""
    with served(tmp_path) as screens:
        store, incident = screens.store, screens.incident
        store.engine.clock.advance_to(NOON + timedelta(minutes=30))
        judge(store, incident, [a_post("Wolves are in the park", minute=29)], rumour="wolves")
        store.acts.decide(incident.id, "dam", Act.TAKE, WHO, "checking with the operator").result()
        draft = CorrectionDraft("dam", Verdict.FALSE, WORDING, "X", "Gold commander", None, NOON)
        store.acts.correct(incident.id, draft, WHO).result()
        store.engine.clock.advance_to(NOON + timedelta(minutes=50))
        yield screens


def line(page: Page) -> Locator:
    return page.get_by_role("region", name=words.LABEL)


def rows(page: Page) -> Locator:
    return page.locator(".board-grid .ag-center-cols-container [role=row]")


def no_violations(page: Page) -> bool:
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag22aa"]})
    assert found.violations_count == 0, found.generate_report()
    return True


def test_a_moment_is_chosen_on_the_review_and_all_pages_show_it_until_the_present(screens, page, complaints):
    page.goto(f"{screens.board}/review")
    expect(line(page)).to_contain_text(words.CHOOSE)
    expect(page.locator("main")).to_contain_text("4 rumours on the board")

    # A time is typed; the amber line says which moment is shown, and the clock stands there.
    field = line(page).get_by_role("textbox", name=words.TIME)
    field.fill("20 Nov 2026, 12:20")
    field.press("Enter")
    expect(line(page)).to_contain_text("This is the past: as known at 20 Nov 2026, 12:20")
    expect(page.locator("main")).to_contain_text("3 rumours on the board")
    expect(page.locator("#clock")).to_have_text("12:20:00")
    expect(page.locator("#data-age")).to_have_text("the past")
    assert no_violations(page)

    # The board as it stood: three rumours, none answered, and nothing that can be done.
    page.get_by_role("link", name="Board", exact=True).click()
    expect(rows(page)).to_have_count(3)
    expect(page.locator(".ag-row[row-id=dam]")).to_contain_text("new")
    expect(page.locator(".detail-claim")).to_be_visible()
    expect(page.locator("[data-opens]:visible")).to_have_count(0)
    expect(page.locator("[data-act]")).to_have_count(0)
    assert no_violations(page)
    for key in "tcpds":
        page.keyboard.press(key)
    expect(page.locator("dialog[open], .drawer:visible")).to_have_count(0)

    # The rumour's page as it stood, by the keyboard.
    page.locator("[row-id=dam] [col-id=claim]").click()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("The dam above Northgate has burst")
    expect(page.get_by_label("Corrections")).to_contain_text("No correction has been logged.")
    # What was known then may be taken out; nothing else may be done.
    acts = "main [data-opens]:not([data-opens=export]), main form, main input[type=checkbox]"
    expect(page.locator(acts)).to_have_count(0)
    assert no_violations(page)

    # Steps move the moment on the very page; the focus stays on the step.
    step = line(page).get_by_role("link", name="+10 min")
    step.focus()
    page.keyboard.press("Enter")
    expect(line(page)).to_contain_text("12:30")
    expect(step).to_be_focused()
    page.keyboard.press("Enter")
    expect(line(page)).to_contain_text("12:40")
    expect(page.get_by_label("Corrections")).to_contain_text(WORDING)
    expect(page.get_by_label("Decisions")).to_contain_text("checking with the operator")
    assert page.url.endswith(search_for(AFTER))

    line(page).get_by_role("link", name=words.TO_THE_PRESENT).click()
    expect(line(page)).to_have_count(0)
    expect(page.get_by_role("button", name="Close")).to_be_visible()
    expect(page.locator("#data-age")).not_to_have_text("the past")
    assert "as_of" not in page.url
    assert complaints == []


def test_the_slider_moves_over_the_incidents_life_by_the_keyboard(screens, page, complaints):
    page.goto(at(f"{screens.board}/review", BEFORE))
    slider = line(page).get_by_role("slider")
    expect(slider).to_have_attribute("aria-valuetext", "20 Nov 2026, 12:20")
    slider.focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    expect(line(page)).to_contain_text(re.compile(r"as known at 20 Nov 2026, 12:1[78]"))
    expect(slider).to_be_focused()
    page.keyboard.press("End")
    expect(page.locator("main")).to_contain_text("4 rumours on the board")
    assert complaints == []


def test_a_time_that_cannot_be_read_or_has_not_come_is_said_beside_it(screens, page):
    page.goto(at(screens.board, BEFORE))
    field = line(page).get_by_role("textbox", name=words.TIME)
    for text, said in (("soon", "Enter a time such as"), ("20 Nov 2026, 23:00", words.NOT_YET)):
        field.fill(text)
        line(page).get_by_role("button", name=words.SHOW).click()
        expect(line(page).get_by_role("alert")).to_contain_text(said)
    expect(line(page)).to_contain_text("12:20")


def test_links_and_the_way_back_keep_the_moment(screens, page):
    page.goto(at(f"{screens.board}/rumour/dam", BEFORE))
    for name in ("← Board", "Review", "Sources", "Incidents"):
        page.get_by_role("link", name=name).first.click()
        expect(line(page)).to_contain_text("12:20")
    page.get_by_role("link", name="Settings of").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("as they were")
    expect(page.locator("main form")).to_have_count(0)
    page.go_back()
    expect(line(page)).to_contain_text("12:20")
    assert search_for(BEFORE) in page.url
