"""The top bar in a real browser: one thin line on a desk, and whole on a narrow screen, even at its longest."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from models.domain.sources import SourcePhase, SourceState
from models.domain.users import Role
from tests.builders import NOON
from tests.dashboard.world import Somebody
from tests.journeys.screens import Screens, served

pytestmark = pytest.mark.role("Alexandra Officer")
NAME = "EXERCISE Northgate flood"
OFFICER = Somebody("Alexandra Officer", Role.DUTY)
ONE_LINE_PX = 44
SHOWN = (
    ".brand",
    ".places",
    ".exercise",
    ".incident-name",
    "#clock",
    "#data-age",
    ".sources",
    "#who",
    "#theme-button",
)
# Of each part: whether it is on the screen, and whether all of its text can be read.
WHOLE = """element => {
  const box = element.getBoundingClientRect();
  return box.width > 0 && box.left >= 0 && box.right <= window.innerWidth
    && element.scrollWidth <= Math.ceil(element.clientWidth || box.width);
}"""


@pytest.fixture
def screens(tmp_path) -> Iterator[Screens]:
    finished = SourceState("exercise", SourcePhase.FINISHED, healthy=True, running=False)
    with served(tmp_path, name=NAME, source=finished) as screens:
        screens.add(OFFICER)
        yield screens


def open_board(page: Page, screens: Screens) -> None:
    # Nothing has come in for a quarter of an hour: the data age is as long as it gets.
    screens.store.engine.clock.advance_to(NOON.replace(minute=30))
    page.goto(screens.board)
    expect(page.locator("#data-age")).to_have_text(re.compile(r"no posts for \d\d min"))
    expect(page.locator(".sources")).to_contain_text("exercise finished")
    expect(page.locator("#who")).to_have_text(OFFICER.name)


def cut_off(page: Page) -> list[str]:
    return [part for part in SHOWN if not page.locator(part).first.evaluate(WHOLE)]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_bar_is_one_line_at_1280_px_with_every_part_whole(screens, page, scheme):
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": 1280, "height": 720})
    open_board(page, screens)
    assert page.locator(".top-bar").bounding_box()["height"] <= ONE_LINE_PX
    assert cut_off(page) == []


def test_the_name_beside_the_chip_says_exercise_once(screens, page):
    open_board(page, screens)
    assert page.locator(".incident-bar").inner_text().split() == ["EXERCISE", "Northgate", "flood"]


def test_the_bar_is_whole_at_400_percent_zoom(screens, page):
    page.set_viewport_size({"width": 320, "height": 640})
    open_board(page, screens)
    assert cut_off(page) == []
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
