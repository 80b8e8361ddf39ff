"""An incident whose posts try to do harm, for every test of what leaves the house."""

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from dashboard.publish.about import About, read_about
from dashboard.publish.selection import Mask, Selection
from models.domain.acts import Act, Officer
from models.domain.corrections import CorrectionDraft, Verdict
from models.domain.incidents import Incident
from models.domain.posts import Removal
from models.domain.rumours import Stance
from models.domain.sources import HealthEvent, HealthKind
from models.store.duckdb.store import DuckDBStore
from models.store.messages import Arrival
from tests.builders import NOON, a_clock, a_post
from tests.dashboard.world import judge, opened

LATER = NOON + timedelta(hours=3)
HOSTILE = (
    '=HYPERLINK("http://evil.example","click")',
    "+1+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(1+1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "＝1+1",
    'a "quote", a comma,\r\nand a line',
    "<script>alert(1)</script><img src=x onerror=alert(2)>",
    "</title></style><svg onload=alert(3)>",
    "{{ 7 * 7 }} {% raw %} ${7*7}",
    "right \u202eto left\u202c and \u2066isolated",
    "bell \x07 escape \x1b[31m",
    "$\\frac{1}{$ \\input{x}",
    "水 🐯 e\u0301 \u200d",
    "Z" + "\u0301" * 5_000,
    "x" * 20_000,
    "",
)
ANALYST = Officer("A. <b>Nalyst</b>", "analyst")
# Signed in, and of a service whose name is a formula.
SIGNED_IN = Officer("S. Igned-In", "duty", "=Northgate Police", "u17")


@pytest.fixture(scope="module")
def store(empty_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[DuckDBStore]:
    """One for all tests of a file: they only read it."""
    folder = tmp_path_factory.mktemp("published") / "store"
    shutil.copytree(empty_database, folder)
    opened = DuckDBStore(folder, a_clock())
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def incident(store) -> Incident:
    return a_hostile_incident(store)


def a_hostile_incident(store: DuckDBStore) -> Incident:
    """Its rumour "dam" has an ordinary life, "evil" holds the harmful posts, one post was erased."""
    incident = opened(store, name="EXERCISE <i>Northgate</i> flood", exercise=True)
    gone = a_post("Words that somebody took back", id="gone:1", minute=5)
    judge(store, incident, [gone])
    texts = ("The dam has burst, says @dam_watch https://flood.example/by/dam_watch", "Is it true?", "It is a hoax")
    first = "bluesky:at://did:plc:dam/0"
    there = {"latitude": 53.3811, "longitude": -1.4701, "url": "https://flood.example/dam_watch/1"}
    answer = a_post("No", reply_to=first, minute=12, author_followers=7, **there)
    judge(store, incident, [answer], stances=[Stance.DENY])
    posts = [a_post(text, id=f"{first[:-1]}{place}", minute=3 * place) for place, text in enumerate(texts)]
    judge(store, incident, posts, stances=[Stance.SUPPORT, Stance.QUERY, Stance.DENY], likelihood=0.7)
    hostile = [a_post(text, id=f"evil:{place}", minute=20 + place) for place, text in enumerate(HOSTILE)]
    judge(store, incident, hostile, rumour="evil", stances=[Stance.COMMENT, None])
    store.posts.add(Arrival(removals=[Removal("test", "deleted", LATER, post="gone:1")])).result()
    store.acts.decide(incident.id, "dam", Act.TAKE, ANALYST, "=1+1 <b>asked</b> by @dam_watch {{ 7 * 7 }}").result()
    draft = CorrectionDraft("dam", Verdict.FALSE, "=The dam <b>stands</b>\x07\x1f\u202e", "radio", "Gold", None, NOON)
    store.acts.correct(incident.id, draft, SIGNED_IN).result()
    gap = HealthEvent("feeds", HealthKind.GAP_CLOSED, NOON, "503 <b>", NOON, NOON + timedelta(minutes=4))
    store.sources.add_health([gap]).result()
    return incident


@pytest.fixture(scope="module")
def masked(incident) -> Selection:
    return Selection(incident, LATER, mask=Mask(b"a key of this test"))


@pytest.fixture
def whole(incident) -> Selection:
    return Selection(incident, LATER, mask=None)


@pytest.fixture
def about(store, masked) -> About:
    return read_about(store, masked, ANALYST, "debrief", LATER, {})
