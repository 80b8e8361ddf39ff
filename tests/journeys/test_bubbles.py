"""The Reading the Riots picture in a real browser: played, scrubbed and explained by the keyboard alone."""

import io
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect
from pypdf import PdfReader

from dashboard.words import bubbles as words
from models.domain.rumours import Stance
from tests.builders import NOON, a_post
from tests.dashboard.world import judge
from tests.journeys.screens import Screens, served


@pytest.fixture
def screens(tmp_path) -> Iterator[Screens]:
    with served(tmp_path) as screens:
        posts = [
            a_post(f"No, the dam holds ({place})", minute=7 + place // 4, author_followers=900) for place in range(24)
        ]
        judge(screens.store, screens.incident, posts, rumour="dam", stances=[Stance.DENY] * 24)
        yield screens


def moment(page: Page) -> Locator:
    return page.locator("[data-part=moment]")


def cell(page: Page, stance: str) -> Locator:
    """How many posts of a stance there were so far."""
    return page.get_by_role("row", name=stance).get_by_role("cell").last


def ink(page: Page) -> int:
    """How many points of the canvas something is drawn on."""
    return page.locator(".bubbles-canvas").evaluate(
        "canvas => canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data"
        ".filter((value, place) => place % 4 === 3 && value > 0).length"
    )


def test_the_playhead_is_scrubbed_by_keyboard_and_the_list_follows(screens, page, complaints):
    page.goto(f"{screens.board}/rumour/dam")
    page.get_by_role("link", name="Bubbles").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("dam")
    expect(cell(page, "deny")).to_have_text("24")
    drawn_at_the_end = ink(page)
    assert drawn_at_the_end > 0

    slider = page.get_by_role("slider", name=words.PLAYHEAD)
    slider.focus()
    page.keyboard.press("Home")
    expect(cell(page, "deny")).to_have_text("0")
    expect(moment(page)).to_contain_text("12:01")
    expect(slider).to_have_attribute("aria-valuetext", "20 Nov 2026, 12:01")
    assert ink(page) != drawn_at_the_end
    page.keyboard.press("End")
    expect(cell(page, "deny")).to_have_text("24")
    assert complaints == []


def test_the_strip_of_a_young_incident_leaves_no_gap_that_no_source_left(screens, page):
    more = [a_post(f"The water is at the bridge ({place})", minute=place) for place in range(15)]
    judge(screens.store, screens.incident, more, rumour="bridge", flow="bridge", stances=[Stance.SUPPORT] * 15)
    page.goto(f"{screens.board}/bubbles")
    expect(cell(page, "deny")).to_have_text("24")
    # Of the columns of points at the foot of the bars, above the ticks, those that are empty.
    empty = page.locator(".bubbles-strip").evaluate(
        "strip => { const row = strip.getContext('2d').getImageData(0, strip.height - 18, strip.width, 1).data;"
        " return row.filter((value, place) => place % 4 === 3 && value === 0).length / strip.width; }"
    )
    assert empty < 0.05


def test_on_paper_it_is_light_and_without_controls(screens, page):
    page.emulate_media(color_scheme="dark")
    page.goto(f"{screens.board}/bubbles")
    expect(cell(page, "deny")).to_have_text("24")
    theme = "document.documentElement.getAttribute('data-mantine-color-scheme')"
    assert page.evaluate(theme) == "dark"
    page.evaluate(f"window.addEventListener('beforeprint', () => {{ window.printedIn = {theme}; }})")
    printed = " ".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(page.pdf())).pages)
    assert words.MOMENT_LIST in printed
    assert words.SPEED not in printed
    assert (page.evaluate("window.printedIn"), page.evaluate(theme)) == ("light", "dark")


def test_it_plays_from_the_start_to_the_end_and_stops(screens, page, complaints):
    page.goto(f"{screens.board}/bubbles")
    expect(cell(page, "deny")).to_have_text("24")
    page.get_by_label(words.SPEED).fill("20")
    page.get_by_role("slider", name=words.PLAYHEAD).press("Home")
    page.get_by_role("button", name=words.PLAY, exact=True).press("Enter")
    expect(page.get_by_role("button", name=words.PAUSE, exact=True)).to_be_visible()
    expect(page.get_by_role("button", name=words.PLAY, exact=True)).to_be_visible()
    expect(cell(page, "deny")).to_have_text("24")
    assert complaints == []


def test_with_reduced_motion_it_goes_on_in_steps(screens, page):
    page.emulate_media(reduced_motion="reduce")
    page.goto(f"{screens.board}/bubbles")
    expect(cell(page, "deny")).to_have_text("24")
    page.get_by_label(words.SPEED).fill("1")
    page.get_by_role("slider", name=words.PLAYHEAD).press("Home")
    page.get_by_role("button", name=words.PLAY, exact=True).click()
    expect(moment(page)).to_contain_text("12:02")
    expect(moment(page)).to_contain_text("12:03")


def test_a_flow_is_chosen_by_keyboard_and_explained(screens, page):
    page.goto(f"{screens.board}/bubbles")
    expect(cell(page, "deny")).to_have_text("24")
    page.get_by_role("img", name=words.PICTURE_LABEL).focus()
    page.keyboard.press("ArrowRight")
    tip = page.locator(".bubbles-tip")
    expect(tip).to_be_visible()
    expect(tip.locator("strong")).to_contain_text("dam")
    page.keyboard.press("Enter")
    page.wait_for_url("**/rumour/dam/bubbles")


@pytest.mark.role("Analyst")
def test_a_caption_is_pinned_to_the_moment_shown_and_taken_away(screens, page, complaints):
    page.goto(f"{screens.board}/rumour/dam/bubbles")
    expect(cell(page, "deny")).to_have_text("24")
    page.get_by_role("slider", name=words.PLAYHEAD).press("Home")
    page.get_by_role("button", name=words.PIN).press("Enter")
    page.keyboard.type("The first post, by nobody known")
    page.keyboard.press("Enter")
    expect(page.locator(".bubbles-pinned")).to_contain_text("The first post, by nobody known")
    expect(page.locator(".bubbles-caption")).to_contain_text("The first post, by nobody known — Analyst")
    (pinned,) = screens.store.annotations.of(screens.incident.id, "dam")
    assert pinned.pinned_to == NOON.replace(minute=1)

    page.get_by_role("button", name="Take the caption").click()
    expect(page.locator(".bubbles-pinned")).to_have_count(0)
    assert screens.store.annotations.of(screens.incident.id) == []
    assert complaints == []


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_the_page_meets_wcag_2_2_aa_as_far_as_a_machine_can_tell(screens, page, scheme):
    page.emulate_media(color_scheme=scheme)
    page.goto(f"{screens.board}/rumour/dam/bubbles")
    expect(cell(page, "deny")).to_have_text("24")
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]})
    assert found.violations_count == 0, found.generate_report()


def test_bubbles_grow_as_posts_arrive_and_stay_where_they_are(screens, page):
    page.goto(f"{screens.board}/rumour/dam/bubbles")
    expect(cell(page, "deny")).to_have_text("24")
    where = (
        "() => { const {x, y} = window.grapevine.bubbles.state().picture; return [x.slice(0, 20), y.slice(0, 20)]; }"
    )
    before = page.evaluate(where)
    judge(screens.store, screens.incident, [a_post("No!", minute=14)], rumour="dam", stances=[Stance.DENY])
    expect(cell(page, "deny")).to_have_text("25")
    assert page.evaluate(where) == before


@pytest.mark.role("Analyst")
def test_the_picture_is_saved_as_it_is_shown(screens, page):
    page.goto(f"{screens.board}/rumour/dam/bubbles")
    expect(cell(page, "deny")).to_have_text("24")
    page.get_by_role("button", name=words.SAVE, exact=True).first.press("Enter")
    dialog = page.get_by_role("dialog", name=words.SAVE_TITLE)
    dialog.locator("[name=reason]").fill("morning briefing")
    with page.expect_download() as download:
        dialog.get_by_role("button", name=words.SAVE).click()
    assert download.value.suggested_filename.startswith("bubbles-2026-11-20")
    assert [one.reason for one in screens.store.consultations.of(screens.incident.id)] == ["morning briefing"]
