"""Pictures say what they are inside and below the chart, hold the chart's figures, and run nothing."""

import io
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from defusedxml import ElementTree
from PIL import Image

from dashboard.figures.bubbles import Frame, still
from dashboard.figures.spread import spread_figure
from dashboard.figures.style import COLOURS
from dashboard.publish.export import export
from dashboard.publish.pictures import spread_picture
from dashboard.publish.selection import Format, Selection
from dashboard.views.bubbles import PictureKeeper
from models.domain.rumours import Stance
from models.measures.spread import StanceMinute, spread_series
from tests.builders import NOON
from tests.dashboard.publish.conftest import ANALYST, HOSTILE, LATER

SVG = "{http://www.w3.org/2000/svg}"
MINUTE = timedelta(minutes=1)


def picture(store, incident, rumour: str, format: Format) -> bytes:
    selection = Selection(incident, LATER, rumour=rumour)
    return b"".join(export(store, selection, format, ANALYST, "debrief", LATER).chunks)


def test_a_png_says_inside_what_it_is_of_and_who_made_it(store, incident):
    image = Image.open(io.BytesIO(picture(store, incident, "dam", Format.PNG)))
    assert "As known at: 20 Nov 2026, 15:00" in image.text["Description"]
    assert "What it holds: one rumour: Claim: The dam has burst" in image.text["Description"]
    assert (image.text["Author"], image.text["Creation Time"]) == ("A. <b>Nalyst</b>", "2026-11-20T15:00:00+00:00")


def test_an_svg_says_it_inside_and_below_the_chart(store, incident):
    root = ElementTree.fromstring(picture(store, incident, "dam", Format.SVG))
    words = [text for element in root.iter() for text in [element.text or ""]]
    assert any("As known at: 20 Nov 2026, 15:00" in one for one in words)
    seen = ["".join(element.itertext()) for element in root.iter(f"{SVG}text")]
    assert any("as known at 20 Nov 2026, 15:00" in one for one in seen)
    assert "Claim: The dam has burst, says" in " ".join(seen)


@pytest.mark.parametrize("title", [text for text in HOSTILE if text])
@pytest.mark.parametrize("kind", ["png", "svg"])
def test_no_title_breaks_a_picture_or_runs_in_it(title, kind):
    series = spread_series([], start=NOON, end=NOON + MINUTE, interval=MINUTE)
    drawn = spread_picture(
        series, [], [], [], now=NOON, title=title, footer=title, caption={"Title": title}, kind=kind
    )
    if kind == "png":
        Image.open(io.BytesIO(drawn)).verify()
        return
    root = ElementTree.fromstring(drawn, forbid_dtd=False)
    assert not [one for one in root.iter() if one.tag.removeprefix(SVG) in {"script", "foreignObject", "image"}]
    assert not [name for one in root.iter() for name in one.attrib if name.lower().startswith("on")]


def test_the_bars_are_those_of_the_chart_on_screen():
    minutes = [StanceMinute(NOON + at * MINUTE, {Stance.SUPPORT: at, Stance.DENY: 1}) for at in range(1, 5)]
    series = spread_series(minutes, start=NOON, end=NOON + 5 * MINUTE, interval=MINUTE)
    on_screen = spread_figure(series, [], [], now=NOON)
    drawn = spread_picture(series, [], [], [], now=NOON, title="", footer="", caption={}, kind="svg").decode()
    for bars in on_screen.data:
        # An SVG of matplotlib's draws one path a bar, and one in the key.
        shown = sum(1 for posts in bars.y if posts)
        colour = bars.marker.color.lower()
        assert drawn.lower().count(f"fill: {colour}") + drawn.lower().count(f"stroke: {colour}") >= shown
    assert COLOURS[Stance.SUPPORT].lower() in drawn.lower()


def test_the_axis_has_the_autumn_hour_twice():
    start = datetime(2026, 10, 25, 0, 0, tzinfo=UTC)
    series = spread_series([], start=start, end=start + 150 * MINUTE, interval=5 * MINUTE)
    drawn = spread_picture(series, [], [], [], now=NOON, title="", footer="", caption={}, kind="svg")
    words = ["".join(one.itertext()) for one in ElementTree.fromstring(drawn).iter(f"{SVG}text")]
    twice = [f"01:{minute} {zone}" for zone in ("BST", "GMT") for minute in ("00", "15", "30", "45")]
    assert [word for word in words if word.endswith(("BST", "GMT"))] == twice


def test_the_key_shows_every_stance_as_it_is_drawn_also_one_that_nobody_took():
    minutes = [StanceMinute(NOON, {Stance.SUPPORT: 1})]
    series = spread_series(minutes, start=NOON, end=NOON + MINUTE, interval=MINUTE)
    drawn = spread_picture(series, [], [], [], now=NOON, title="", footer="", caption={}, kind="svg").decode()
    assert all(COLOURS[stance].lower() in drawn for stance in Stance)
    # matplotlib's own first colours
    assert "#1f77b4" not in drawn
    assert "#ff7f0e" not in drawn


def test_a_chart_stays_as_it_is_while_bubbles_are_drawn_beside_it(store, incident):
    alone = picture(store, incident, "dam", Format.SVG)
    bubbles = PictureKeeper(store).picture(incident.id, "dam")
    frame = Frame("", "", NOON, NOON + timedelta(hours=1))
    with ThreadPoolExecutor() as others:
        stills = [others.submit(still, bubbles, frame, NOON + MINUTE, MINUTE, "svg") for _ in range(6)]
        charts = [others.submit(picture, store, incident, "dam", Format.SVG) for _ in range(4)]
        assert {one.result() for one in charts} == {alone}
        assert len({one.result() for one in stills}) == 1


def test_the_same_chart_is_the_same_file(store, incident):
    assert picture(store, incident, "dam", Format.SVG) == picture(store, incident, "dam", Format.SVG)
