"""The night in which the clocks go back, in a browser: the hour that comes twice stands twice on the chart."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.builders import NOON, a_post
from tests.dashboard.world import judge
from tests.journeys.screens import Screens, served

MIDNIGHT = datetime(2026, 10, 25, 0, 0, tzinfo=UTC)
OLD = NOON - timedelta(days=4000)


@pytest.fixture
def screens(tmp_path) -> Iterator[Screens]:
    with served(tmp_path) as screens:
        night = [
            a_post("The mill is on fire", created_at=MIDNIGHT + timedelta(minutes=minute))
            for minute in range(0, 150, 5)
        ]
        night.append(a_post("The mill burns", created_at=MIDNIGHT + timedelta(minutes=40), stated_at=OLD))
        judge(screens.store, screens.incident, night, rumour="mill")
        yield screens


def ticks(page: Page) -> list[str]:
    return page.locator("[data-page=rumour] .xtick text").evaluate_all(
        "labels => labels.map((label) => label.querySelector('tspan')?.textContent ?? label.textContent)"
    )


def test_the_hour_that_comes_twice_stands_twice_and_is_marked_closer_when_zoomed(screens, page, complaints):
    page.goto(f"{screens.board}/rumour/mill")
    chart = page.locator("[data-page=rumour] .js-plotly-plot")
    expect(chart.get_by_text("01:30 GMT")).to_be_visible()
    shown = ticks(page)
    assert shown.index("01:30 BST") < shown.index("01:00 GMT") < shown.index("01:30 GMT") < shown.index("02:00")
    # As a viewer drags over a part of it.
    plain = chart.locator(".nsewdrag").first.bounding_box()
    middle = plain["y"] + plain["height"] / 2
    page.mouse.move(plain["x"] + plain["width"] * 0.35, middle)
    page.mouse.down()
    page.mouse.move(plain["x"] + plain["width"] * 0.45, middle, steps=4)
    page.mouse.up()
    expect(chart.get_by_text("01:00 GMT")).to_be_visible()
    expect(chart.get_by_text("01:58 BST")).to_be_visible()
    expect(page.get_by_text("1 post that says it is of 8 Dec 2015 is placed by its arrival")).to_be_visible()
    page.get_by_role("tab", name="Posts").click()
    posts = page.get_by_role("tabpanel", name="Posts")
    expect(posts.get_by_text("says it is of 8 Dec 2015", exact=True)).to_be_visible()
    assert complaints == []
