"""A page of the past: as known then, nothing live and nothing to do; and the playhead that leads there and back."""

import re
from datetime import timedelta

import pytest

from dashboard.components.bubbles_parts import caption_list
from dashboard.paths import INCIDENTS, NEW_INCIDENT, SOURCES, Page, at, board_path, part_path, rumour_path
from dashboard.services import Moment
from dashboard.views import past as past_views
from dashboard.views.past import PastKeeper, read_life
from models.domain.acts import Act, Annotation, Officer
from models.domain.posts import Removal
from models.domain.sources import HealthEvent, HealthKind, SourcePhase, SourceState
from models.store.messages import Arrival
from tests.builders import NOON, a_post
from tests.dashboard.world import SomeSources, an_app, call, judge, opened

WHO = Officer("J. Officer", "duty")
THEN = NOON + timedelta(minutes=10)
LATER = NOON + timedelta(minutes=30)


@pytest.fixture
def incident(store):
    """At noon the dam has burst; at half past it is taken, and looters come."""
    incident = opened(store, exercise=True)
    judge(store, incident, [a_post("The dam has burst", id="test:dam")])
    store.engine.clock.advance_to(LATER)
    judge(store, incident, [a_post("Looters are in Market Street")], rumour="looters")
    store.acts.decide(incident.id, "dam", Act.TAKE, WHO, "checking").result()
    store.engine.clock.advance_to(LATER + timedelta(minutes=5))
    return incident


@pytest.fixture
def app(store, incident):
    return an_app(store, SomeSources(SourceState("feeds", SourcePhase.READING, healthy=True)))


def route(app, path, as_of=None, *, live=None):
    search = at("", as_of)
    inputs = [("url.pathname", path), ("url.search", search)]
    return call(app, "content.children", inputs, [("live.data", live)], "url.search")


def rows(app, incident, as_of):
    context = {"incident": incident.id, "as_of": as_of and as_of.isoformat()}
    inputs = [
        ("board-tabs.value", "open"),
        ("board-rank.value", "fastest"),
        ("board-window.value", "all"),
        ("board-words.value", ""),
        ("board-context.data", context),
        ("board-show.n_clicks", None),
        ("board-fill.data", None),
        ("board-chosen-before.data", None),
    ]
    return call(app, "board-grid.rowData", inputs, [], "board-context.data")


def show_rumour(app, incident, rumour, as_of):
    context = {"incident": incident.id, "rumour": rumour, "as_of": as_of and as_of.isoformat()}
    inputs = [("rumour-changed.data", None), ("rumour-drawn.data", None)]
    return call(app, "rumour-life.children", inputs, [("rumour-context.data", context)], "rumour-drawn.data")


def test_the_board_lists_what_was_known_then(app, incident):
    then, now = (rows(app, incident, as_of)["board-grid"]["rowData"] for as_of in (THEN, None))
    assert [(row["id"], row["state"]) for row in then] == [("dam", "new")]
    assert {(row["id"], row["state"]) for row in now} == {("dam", "assessing"), ("looters", "new")}


def test_a_rumours_page_is_that_of_the_moment_and_offers_nothing_to_do(app, incident):
    then, now = (str(show_rumour(app, incident, "dam", as_of)) for as_of in (THEN, None))
    assert "checking" in now
    assert "data-act" in now
    assert "checking" not in then
    assert "data-act" not in then
    assert at(board_path(incident.id), THEN) in then


def test_a_rumour_that_went_up_later_was_not_on_the_board(app, incident):
    answer = show_rumour(app, incident, "looters", THEN)
    assert answer["rumour-split"]["hidden"]
    assert "At that moment" in str(answer["rumour-head"])


@pytest.mark.parametrize("page", ["board", "rumour", "settings", "incidents", "sources", "new"])
def test_no_page_of_the_past_is_live_or_holds_a_form(app, incident, page):
    path = {
        "board": board_path(incident.id),
        "rumour": rumour_path(incident.id, "dam"),
        "settings": part_path(incident.id, Page.SETTINGS),
        "incidents": INCIDENTS,
        "sources": SOURCES,
        "new": NEW_INCIDENT,
    }[page]
    answer = route(app, path, THEN)
    content = str(answer["content"])
    assert answer["pulse"]["disabled"]
    # What was known then may be taken out; nothing else may be done.
    assert set(re.findall(r"'data-opens': '([^']*)'", content)) <= {"export"}
    assert "'data-form'" not in content
    assert "data-source-act" not in content
    assert "'disabled': False" not in content
    assert "as known at 20 Nov 2026, 12:10" in str(answer["playhead"])
    assert answer["live"]["data"] == {"now": THEN.timestamp() * 1000, "last": None, "speed": 1.0, "past": True}


@pytest.mark.parametrize(
    "part", [Page.BUBBLES, Page.COMPARE, Page.STORY, Page.CODING, Page.REPORT, Page.REVIEW], ids=str
)
def test_the_review_of_the_past_opens_no_form_but_those_that_take_something_out(app, incident, part):
    def opened_by(as_of):
        content = str(route(app, part_path(incident.id, part), as_of)["content"])
        return content, set(re.findall(r"'data-opens': '([^']*)'", content))

    content, opens = opened_by(THEN)
    assert opens <= {"export", "save-bubbles"}
    assert [to for to in re.findall(r"'href': '([^']*)'", content) if "as_of=" not in to] == []
    if part is Page.BUBBLES:
        assert "caption" in opened_by(None)[1]


def test_captions_of_the_past_stay_where_they_are(incident):
    pinned = [Annotation("one", incident.id, None, NOON, "First denial", WHO, NOON)]
    assert "data-opens" in str(caption_list(pinned, Moment(LATER)))
    then = str(caption_list(pinned, Moment(THEN, THEN)))
    assert "First denial" in then
    assert "data-opens" not in then


def test_the_present_has_no_such_line_and_only_the_way_out_of_the_past_tells_the_clock(app, incident):
    answer = route(app, board_path(incident.id))
    assert answer["playhead"]["children"] is None
    assert "live" not in answer
    assert not route(app, board_path(incident.id), live={"past": True})["live"]["data"]["past"]


def test_a_moment_that_has_not_come_is_the_present(app, incident):
    assert route(app, board_path(incident.id), LATER + timedelta(days=1))["playhead"]["children"] is None


@pytest.mark.parametrize("as_of", ["0001-01-01T00:00:00", "1969-12-31", "soon"])
def test_a_moment_that_no_computer_knows_is_refused(app, incident, as_of):
    inputs = [("url.pathname", "/"), ("url.search", f"?as_of={as_of}")]
    assert "There is no such moment" in str(call(app, "content.children", inputs, [], "url.search"))
    context = {"incident": incident.id, "rumour": "dam", "as_of": as_of}
    given = [("rumour-changed.data", None), ("rumour-drawn.data", None)]
    assert call(app, "rumour-life.children", given, [("rumour-context.data", context)], "rumour-drawn.data") == {}


def test_before_it_was_opened_an_incident_says_so_and_one_can_step_on(app, incident):
    answer = route(app, board_path(incident.id), NOON - timedelta(hours=1))
    assert "had not been opened then" in str(answer["content"])
    assert "+10 min" in str(answer["playhead"])


def test_links_keep_the_moment(app, incident):
    answer = route(app, part_path(incident.id, Page.REVIEW), THEN)
    places = str(answer["places"])
    for path in (board_path(incident.id), part_path(incident.id, Page.REVIEW), SOURCES, INCIDENTS):
        assert f"'{at(path, THEN)}'" in places
    assert at(board_path(incident.id), THEN) in str(answer["content"])


def test_the_review_chooses_from_the_first_to_the_last_that_is_known(app, store, incident):
    life = read_life(store, incident.id)
    assert (life.first_known_at < THEN, life.last_known_at) == (True, LATER + timedelta(microseconds=2))
    playhead = str(route(app, part_path(incident.id, Page.REVIEW))["playhead"])
    assert "'min': 1795176000, 'max': 1795177860, 'step': 60" in playhead


def test_a_time_that_is_typed_leads_to_its_moment(app, incident):
    def go(text):
        return call(
            app, "playhead-problem.children", [("playhead-asked.data", {"text": text})], [], "playhead-asked.data"
        )

    assert go("20 Nov 2026, 12:10")["url"]["search"] == at("", THEN)
    assert "Enter a time" in go("soon")["playhead-problem"]["children"]
    assert "not come yet" in go("20 Nov 2026, 23:10")["playhead-problem"]["children"]
    assert "url" not in go(None)


def test_the_sources_page_says_what_they_had_brought_and_what_is_not_kept(app, store, incident):
    gap = HealthEvent("feeds", HealthKind.GAP_OPENED, LATER, "no answer", NOON, None)
    store.sources.add_health([gap]).result()
    then = str(route(app, SOURCES, THEN)["content"])
    assert "1 post by then" in then
    assert "not kept for the past" in then
    assert "no answer" not in then
    store.engine.clock.advance_to(LATER + timedelta(minutes=10))
    assert "no answer" in str(route(app, SOURCES, LATER + timedelta(minutes=6))["content"])


@pytest.fixture
def read(monkeypatch):
    """One entry for each board of the past that was read."""
    found = []
    monkeypatch.setattr(past_views, "read_snapshot", lambda *given, **more: found.append(given) or object())
    return found


def test_a_moment_is_read_once_and_again_when_a_post_was_erased(store, incident, read):
    past = PastKeeper(store)
    assert past.board(incident.id, THEN) is past.board(incident.id, THEN)
    judge(store, incident, [a_post("Bridge")], rumour="bridge")
    past.board(incident.id, THEN)
    assert len(read) == 1
    store.posts.add(Arrival(removals=[Removal("test", "deleted", LATER, post="test:dam")])).result()
    past.board(incident.id, THEN)
    assert len(read) == 2


def test_a_moment_that_something_may_still_be_written_for_is_read_again_after_a_commit(store, incident, read):
    past, newest = PastKeeper(store), store.last_known_at()
    past.board(incident.id, newest)
    judge(store, incident, [a_post("Bridge")], rumour="bridge")
    past.board(incident.id, newest)
    past.board(incident.id, newest)
    assert len(read) == 2


def test_only_so_many_moments_are_kept(store, incident, read, monkeypatch):
    monkeypatch.setattr(past_views, "BOARDS_KEPT", 2)
    past = PastKeeper(store)
    first, *_ = [past.board(incident.id, THEN + timedelta(minutes=number)) for number in range(3)]
    assert past.board(incident.id, THEN) is not first
