"""The data age in the top bar: calm while posts arrive, amber when they do not, however fast a replay runs."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, Response, expect

from tests.journeys.screens import Screens, served

SPEED = 60
POLLS = 3
# Every level that is ever shown.
WATCH = """
window.levels = new Set();
setInterval(() => {
    const age = document.getElementById("data-age");
    if (age && age.textContent !== "waiting for data") levels.add(age.dataset.level);
}, 20);
"""
# What is shown when the newest post arrived so many seconds ago, for whoever watches.
SHOWN = """([seconds, speed]) => {
    const now = Date.UTC(2026, 10, 20, 18), age = document.getElementById("data-age");
    dash_clientside.live.take({ now, last: now - seconds * speed * 1000, speed });
    return [age.dataset.level, age.textContent];
}"""


@pytest.fixture
def screens(tmp_path) -> Iterator[Screens]:
    with served(tmp_path, speed=SPEED) as screens:
        yield screens


def tells_the_time(answer: Response) -> bool:
    return "_dash-update-component" in answer.url and '"live"' in answer.text()


def test_a_fast_replay_is_live_from_the_first_answer_on(screens, page: Page):
    page.add_init_script(WATCH)
    page.goto(screens.board)
    for _ in range(POLLS):
        with page.expect_response(tells_the_time):
            pass
    expect(page.locator("#data-age")).to_contain_text("live, ")
    assert page.evaluate("Array.from(levels)") == ["fine"]


@pytest.mark.parametrize("speed", [1, SPEED])
def test_two_minutes_without_a_post_are_amber_at_any_speed(screens, page: Page, speed):
    page.goto(screens.board)
    expect(page.locator("#data-age")).to_contain_text("live, ")
    assert page.evaluate(SHOWN, [119, speed]) == ["fine", "live, 1 min"]
    assert page.evaluate(SHOWN, [121, speed]) == ["attention", "no posts for 2 min"]
