"""Looking back on an incident by the keyboard: two rumours compared, their address shared, the story of a peak."""

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from dashboard.words import compare as compare_words
from dashboard.words import review as review_words
from dashboard.words import story as story_words
from models.domain.acts import Act, Officer
from models.domain.corrections import CorrectionDraft, Verdict
from tests.builders import NOON, a_post
from tests.dashboard.world import judge
from tests.journeys.screens import Screens, served

BURST = [a_post("A train is stuck in the tunnel", minute=7, author_followers=50) for _ in range(40)]


@pytest.fixture
def screens(tmp_path) -> Iterator[Screens]:
    with served(tmp_path) as screens:
        judge(screens.store, screens.incident, BURST, rumour="train", flow="stuck")
        draft = CorrectionDraft("dam", Verdict.FALSE, "It holds.", "radio", "Gold", None, NOON.replace(minute=9))
        screens.store.acts.correct(screens.incident.id, draft, Officer("J. Officer", "comms")).result()
        yield screens


def without_violations(page: Page) -> bool:
    return Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]}).violations_count == 0


def choose(page: Page, words: str) -> None:
    page.keyboard.type(words)
    expect(page.get_by_role("option")).to_have_count(1)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")


def chosen_in_address(page: Page) -> list[str]:
    return [one.partition("/")[2] for one in parse_qs(urlsplit(page.url).query).get("rumour", [])]


def test_two_rumours_are_compared_by_keyboard_and_the_address_shows_the_same_to_others(screens, page, complaints):
    page.goto(f"{screens.board}/review")
    page.get_by_role("link", name=review_words.WAYS["compare"][0]).focus()
    page.keyboard.press("Enter")
    lines = page.get_by_role("region", name=compare_words.ON_ONE_AXIS)
    expect(lines.locator(".legendtext")).to_have_count(4)
    chooser = page.get_by_role("textbox", name=compare_words.RUMOURS)
    chooser.focus()
    choose(page, "dam")
    expect(lines.locator(".legendtext")).to_have_count(2)
    choose(page, "bridge")
    expect(lines.locator(".legendtext")).to_have_count(3)
    page.wait_for_function("location.search.split('rumour=').length === 3")
    assert chosen_in_address(page) == ["dam", "b"]
    page.keyboard.press("Escape")
    page.get_by_role("radio", name=compare_words.BY_CLOCK).focus()
    page.keyboard.press("ArrowRight")
    expect(lines.locator(".xtitle")).to_have_text(compare_words.AGE[False])
    page.wait_for_function("location.search.includes('by=age')")
    assert without_violations(page)

    page.goto(page.url)
    expect(lines.locator(".xtitle")).to_have_text(compare_words.AGE[False])
    expect(lines.locator(".legendtext")).to_have_text(
        ["A The dam above Northgate has burst", "B The bridge is closed", "✓ correction"]
    )
    clocks = page.get_by_role("region", name=compare_words.CLOCKS).get_by_role("row")
    expect(clocks.nth(1)).to_contain_text("A Claim: The dam above Northgate has burst")
    expect(clocks).to_have_count(5)
    assert complaints == []


def test_the_story_tells_what_drove_a_peak_and_follows_what_comes_in(screens, page, complaints):
    page.goto(f"{screens.board}/story")
    peaks = page.get_by_role("region", name=story_words.PEAKS)
    expect(peaks).to_contain_text("40 posts by 40 people in this time, reach 2,000")
    expect(peaks).to_contain_text("A train is stuck in the tunnel")
    told = page.locator(".entries")
    expect(told).to_contain_text("False: It holds. (radio, on the authority of Gold)")
    assert without_violations(page)

    page.get_by_role("checkbox", name=story_words.KINDS["correction"]).focus()
    page.keyboard.press("Space")
    expect(told).not_to_contain_text("It holds.")
    expect(told).to_contain_text("A train is stuck in the tunnel")

    officer = Officer("J. Officer", "duty")
    screens.store.acts.decide(screens.incident.id, "train", Act.TAKE, officer, "asking the driver").result()
    expect(told).to_contain_text("took this: asking the driver")
    assert complaints == []
