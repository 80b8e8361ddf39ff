"""Same claim?, in a real browser by the keyboard alone: merge, or hold the two to be different, and take it back."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from dashboard.words import same_claim as words
from models.domain import Act
from models.store.messages import Judgement, Suggestion, SuggestionReason
from tests.builders import NOON
from tests.journeys.screens import Screens, served
from tests.journeys.steps import say_who_i_am

REASON = SuggestionReason("dam-1", (1, 5), same_link=True, other_number=True, since=NOON, people=(9, 14))
PAIRS = Suggestion("b", "dam", 0.62, REASON), Suggestion("dam", "looters", 0.55, REASON)


@pytest.fixture
def screens(tmp_path) -> Iterator[Screens]:
    with served(tmp_path) as screens:
        store, incident = screens.store, screens.incident.id
        upto, number = store.judgement.upto(incident), store.acts.constraints(incident).number
        store.judgement.save(Judgement(incident, upto, [], (), number, suggestions=PAIRS)).result()
        yield screens


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
    say_who_i_am(page)
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
