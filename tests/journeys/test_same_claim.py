"""Same claim?, in a real browser by the keyboard alone: merge, or hold the two to be different, and take it back.

On the board those that may be one claim stand under one heading, which the keys reach and which says so in words.
"""

from collections.abc import Iterator, Sequence

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from dashboard.words import board as board_words
from dashboard.words import same_claim as words
from models.domain.acts import Act, Officer
from models.store.messages import Judgement, Suggestion, SuggestionReason
from tests.builders import NOON
from tests.journeys.screens import Screens, served

REASON = SuggestionReason("dam-1", (1, 5), same_link=True, other_number=True, since=NOON, people=(9, 14))
PAIRS = Suggestion("b", "dam", 0.62, REASON), Suggestion("dam", "looters", 0.55, REASON)
WHO = Officer("J. Officer", "duty")
FAMILY = (Suggestion("dam", "looters", 0.8, REASON),)


@pytest.fixture
def screens(tmp_path) -> Iterator[Screens]:
    with served(tmp_path) as screens:
        suggest(screens, PAIRS)
        yield screens


def suggest(screens: Screens, suggestions: Sequence[Suggestion]) -> None:
    store, incident = screens.store, screens.incident.id
    upto, number = store.judgement.upto(incident), store.acts.constraints(incident).number
    store.judgement.save(Judgement(incident, upto, [], (), number, suggestions=suggestions)).result()


def panel(page: Page) -> Locator:
    return page.get_by_role("region", name=words.HEADING)


def press(page: Page, name: str) -> None:
    button = panel(page).get_by_role("button", name=name)
    button.focus()
    page.keyboard.press("Enter")


def test_a_pair_is_held_apart_the_other_is_merged_and_an_undo_asks_again(screens, page, complaints):
    page.goto(f"{screens.board}/rumour/dam")
    expect(panel(page).get_by_role("listitem")).to_have_count(2)
    expect(panel(page)).to_contain_text("alike in words: dam, burst; they share a link; but their numbers differ")
    assert Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa"]}).violations_count == 0

    press(page, "Not the same claim as: Looters")
    dialog = page.get_by_role("dialog", name=words.REFUSE_TITLE)
    expect(dialog).to_contain_text("Looters are in Market Street")
    page.keyboard.type("another street")
    page.keyboard.press("Enter")
    expect(panel(page).get_by_role("listitem")).to_have_count(1)
    expect(page.locator(".decisions")).to_contain_text("not to be the same claim as “Looters are in Market Street”")

    page.get_by_role("button", name="Undo decision 1").first.click()
    expect(panel(page).get_by_role("listitem")).to_have_count(2)

    press(page, "Merge with: The bridge")
    drawer = page.get_by_role("dialog", name="Merge, split or move")
    expect(drawer.get_by_role("radio", name="Merge the whole rumour")).to_be_checked()
    expect(drawer.get_by_role("radio", name="The bridge is closed")).to_be_checked()
    drawer.locator("[name=reason]").fill("two wordings")
    drawer.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("merged into another")
    decisions = screens.store.acts.decisions(screens.incident.id)
    assert [(one.act, one.into) for one in decisions] == [
        (Act.MERGE, "b"),
        (Act.UNDO, "looters"),
        (Act.REFUSE, "looters"),
    ]
    assert complaints == []


def ids_of_rows(page: Page) -> list[str]:
    """The rows of the board as those meet them who do not see the screen."""
    return page.locator(".board-grid [role=row][row-id]").evaluate_all(
        "rows => rows.map(row => row.getAttribute('row-id'))"
    )


@pytest.mark.parametrize("colours", ["dark", "light"])
def test_a_family_stands_under_one_heading_that_leads_to_where_it_is_merged(screens, page, complaints, colours):
    suggest(screens, FAMILY)
    page.emulate_media(color_scheme=colours)
    page.set_viewport_size({"width": 1280, "height": 720})
    page.goto(screens.board)
    heading = page.get_by_role("row", name="May be one claim (2)")
    link = heading.get_by_role("link", name="Merge or refuse: The dam above Northgate has burst")
    expect(link).to_be_in_viewport(ratio=1)
    assert ids_of_rows(page) == ["family:dam", "dam", "looters", "b"]
    expect(page.get_by_role("row", name="one of 2 that may be one claim")).to_have_count(2)
    assert Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag22aa"]}).violations_count == 0

    # The choice steps over the heading, up and down.
    chosen = page.locator(".board-grid .ag-row-selected")
    expect(chosen).to_have_attribute("row-id", "dam")
    page.keyboard.press("k")
    expect(chosen).to_have_attribute("row-id", "dam")
    page.keyboard.press("j")
    expect(chosen).to_have_attribute("row-id", "looters")
    page.keyboard.press("k")
    expect(page.locator("[row-id=dam] [col-id=claim]")).to_be_focused()

    # Tab goes through the heading and its link, and on.
    page.keyboard.press("Shift+Tab")
    expect(heading).to_be_focused()
    page.keyboard.press("Tab")
    expect(link).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator("[row-id=dam] [col-id=claim]")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    expect(panel(page).get_by_role("listitem")).to_have_count(1)
    assert complaints == []


def test_while_somebody_looks_a_family_that_is_refused_stays_in_place_and_asks_no_more(screens, page, complaints):
    suggest(screens, FAMILY)
    page.goto(screens.board)
    expect(page.get_by_role("row", name="May be one claim (2)")).to_be_visible()
    screens.store.acts.refuse(screens.incident.id, "dam", "looters", WHO, "two places").result()
    expect(page.get_by_role("row", name=board_words.NOTHING_TO_MERGE)).to_be_visible()
    expect(page.get_by_role("row", name="that may be one claim")).to_have_count(0)
    assert ids_of_rows(page) == ["family:dam", "dam", "looters", "b"]
    page.get_by_role("button", name="The order has changed").click()
    expect(page.locator(".board-grid .ag-full-width-row")).to_have_count(0)
    assert ids_of_rows(page) == ["dam", "b", "looters"]
    assert complaints == []
