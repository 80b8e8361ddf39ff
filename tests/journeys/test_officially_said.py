"""What is officially said, in a real browser: the shelf opens by the keyboard and scrolls by it."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.builders import a_post, save
from tests.journeys.screens import Screens, served

WARNING = "RED rain warning {}. Area: Dale. From 20 Nov 2026, 12:00 until 20 Nov 2026, 23:00.\n\nYellow rain warning."


@pytest.fixture
def screens(tmp_path) -> Iterator[Screens]:
    with served(tmp_path) as screens:
        first = a_post(WARNING.format(0), kind="alert", official=True)
        later = (a_post(WARNING.format(n), kind="alert", official=True, minute=n) for n in range(1, 12))
        last = a_post("Cancelled: rain warning.", kind="alert", official=True, minute=15, quote_of=first.id)
        advice = a_post("Boil your water until we have tested it", official=True, minute=14)
        save(screens.store, screens.incident, [first, *later, advice, last])
        yield screens


def test_warnings_are_read_on_the_board_by_the_keyboard(page: Page, screens):
    page.set_viewport_size({"width": 1280, "height": 720})
    page.goto(screens.board)
    shelf = page.locator("#board-official")
    expect(shelf).to_contain_text(
        "Officially said: 13 warnings and 1 post, the newest of 12:15: Cancelled: rain warning."
    )
    page.locator("#board-official summary").focus()
    page.keyboard.press("Enter")
    expect(shelf.get_by_role("listitem")).to_have_count(14)
    expect(shelf.get_by_role("listitem").last).to_contain_text("replaced or ended by a later one")
    page.keyboard.press("Tab")
    page.keyboard.press("End")
    expect(shelf.get_by_role("listitem").last).to_be_in_viewport()
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag22aa"]})
    assert found.violations_count == 0, found.generate_report()
