"""The picture of bubbles: what is drawn of which posts, and what a browser is sent of it."""

from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.components.bubbles_data import picture_data
from dashboard.forms import caption
from dashboard.views import bubbles
from dashboard.views.bubbles import PictureKeeper
from models.clock import utc_time
from models.domain.rumours import Stance
from models.measures.bubbles import STANCES
from tests.builders import NOON, OFFICER, a_post
from tests.contracts.test_store_live import arrive, gone
from tests.dashboard.world import ANALYST, an_app, judge, opened, problems_of, send

SUPPORT, DENY = STANCES.index(Stance.SUPPORT), STANCES.index(Stance.DENY)


@pytest.fixture
def incident(store):
    return opened(store)


@pytest.fixture
def pictures(store):
    return PictureKeeper(store)


def test_of_a_rumour_each_flow_is_a_circle_and_of_an_incident_each_rumour(store, incident, pictures):
    judge(store, incident, [a_post(), a_post()], rumour="dam", flow="one flow")
    judge(store, incident, [a_post("No it has not")], rumour="dam", stances=[Stance.DENY])
    judge(store, incident, [a_post("Wolves!")], rumour="wolves")
    of_rumour, of_incident = pictures.picture(incident.id, "dam"), pictures.picture(incident.id, None)
    assert of_rumour.groups.tolist() == [0, 0, 1]
    assert [flow.stance for flow in of_rumour.flows] == [Stance.SUPPORT, Stance.DENY]
    assert of_incident.group_ids == ("dam", "wolves")
    assert of_incident.groups.tolist() == [0, 0, 0, 1]


def test_a_group_that_is_not_on_the_board_has_no_bubbles(store, incident, pictures):
    judge(store, incident, [a_post()], surfaced=False)
    assert pictures.picture(incident.id, None).posts == 0


def test_posts_without_a_time_are_counted_and_not_drawn(store, incident, pictures):
    judge(store, incident, [a_post(), a_post(created_at=None)])
    picture = pictures.picture(incident.id, "dam")
    assert (picture.posts, len(picture.times), picture.undated) == (2, 1, 1)


def test_a_following_that_is_not_known_stays_unknown(store, incident, pictures):
    judge(store, incident, [a_post(author_followers=900), a_post(author_followers=None), a_post(author_followers=0)])
    picture = pictures.picture(incident.id, "dam")
    assert picture.followers == (900, None, 0)
    assert picture.radii**2 == pytest.approx([900, bubbles.UNKNOWN_FOLLOWERS, bubbles.LEAST_FOLLOWERS])


def test_what_officials_post_is_drawn_and_is_no_vote(store, incident, pictures):
    judge(
        store, incident, [a_post(), a_post("We know of no such thing", official=True)], stances=[Stance.SUPPORT] * 2
    )
    picture = pictures.picture(incident.id, "dam")
    assert picture.is_official.tolist() == [False, True]
    assert np.sum(list(picture.minutes.values()), axis=0)[SUPPORT] == 1


def test_the_strip_counts_posts_by_minute_and_stance(store, incident, pictures):
    posts = [a_post(minute=0), a_post(minute=0), a_post(minute=3)]
    judge(store, incident, posts, stances=[Stance.SUPPORT, Stance.DENY, Stance.DENY])
    minutes = pictures.picture(incident.id, "dam").minutes
    first = int(NOON.timestamp() // 60)
    assert {minute - first: (one[SUPPORT], one[DENY]) for minute, one in minutes.items()} == {0: (1, 1), 3: (0, 1)}


def test_where_there_are_too_many_posts_the_smallest_voices_are_left_out_and_counted(
    store, incident, pictures, monkeypatch
):
    monkeypatch.setattr(bubbles, "MOST_CIRCLES", 2)
    judge(store, incident, [a_post(author_followers=followers) for followers in (10, 200, 600, 90_000)])
    picture = pictures.picture(incident.id, "dam")
    assert picture.followers == (600, 90_000)
    assert (picture.left_out, picture.least_followers) == (2, 250)
    assert np.sum(list(picture.minutes.values())) == 4


def test_erased_words_are_gone_from_the_picture_as_of_any_moment(store, incident, pictures):
    post = a_post("A private person's name")
    judge(store, incident, [post])
    then = store.last_known_at()
    arrive(store, removals=[gone(post)])
    for as_of in (None, then):
        assert [flow.text for flow in pictures.picture(incident.id, "dam", as_of).flows] == ["[removed]"]


def test_the_picture_of_the_past_holds_what_was_known_then(store, incident, pictures):
    judge(store, incident, [a_post()])
    then = store.last_known_at()
    judge(store, incident, [a_post(), a_post()])
    assert len(pictures.picture(incident.id, "dam", then).times) == 1
    assert len(pictures.picture(incident.id, "dam").times) == 3


@given(st.lists(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 10**6)), min_size=1, max_size=8), max_size=5))
@settings(deadline=None, max_examples=25)
def test_a_picture_that_grew_post_by_post_is_that_of_a_replay(batches):
    rows, laid = [], None
    for batch in batches:
        rows += [(len(rows) + place, str(flow), followers) for place, (flow, followers) in enumerate(batch)]
        laid = bubbles._carried_on(laid, rows)
        afresh = bubbles._carried_on(None, rows)
        assert np.array_equal(laid.packing.posts, afresh.packing.posts)
        assert np.array_equal(laid.packing.groups, afresh.packing.groups)


def test_a_browser_is_sent_only_what_it_does_not_have(store, incident, pictures):
    judge(store, incident, [a_post(), a_post()])
    first = picture_data(pictures.picture(incident.id, "dam"), None)
    judge(store, incident, [a_post(minute=2)])
    have = {"layout": first["layout"], "posts": 2, "flows": 2}
    more = picture_data(pictures.picture(incident.id, "dam"), have)
    assert (more["layout"], more["from"], len(more["t"]), len(more["circles"])) == (first["layout"], 2, 1, 3)


@pytest.mark.parametrize(
    "have", [None, 5, {}, {"layout": "x", "posts": 1, "flows": 1}, {"posts": -1}, {"posts": 10**9, "flows": "x"}]
)
def test_a_browser_that_has_another_layout_is_sent_all(store, incident, pictures, have):
    judge(store, incident, [a_post(), a_post()])
    assert picture_data(pictures.picture(incident.id, "dam"), have)["from"] == 0


def test_a_flow_that_leaves_the_rumour_makes_another_layout(store, incident, pictures):
    judge(store, incident, [a_post(), a_post(), a_post()])
    before = pictures.picture(incident.id, "dam")
    flow = before.flows[0].id
    store.acts.split(incident.id, "dam", [flow], officer=OFFICER, reason="another claim").result()
    after = pictures.picture(incident.id, "dam")
    assert after.layout != before.layout
    assert flow not in {one.id for one in after.flows}


def about(incident, moment="2026-11-20T12:05:00.000Z", rumour="dam"):
    return {"incident": incident.id, "rumour": rumour, "moment": moment}


def test_a_caption_is_pinned_to_the_moment_shown_and_can_be_taken_away(store, incident):
    judge(store, incident, [a_post()])
    app = an_app(store)
    send(app, caption.FORM, {"text": "  First denial,\n by the water company "}, about(incident), officer=ANALYST)
    (pinned,) = store.annotations.of(incident.id, "dam")
    assert (pinned.text, pinned.pinned_by.name) == ("First denial, by the water company", "A. Nalyst")
    assert pinned.pinned_to == utc_time("2026-11-20T12:05:00Z")
    then = store.last_known_at()
    send(app, caption.AWAY, {}, {"incident": incident.id, "caption": pinned.id}, officer=ANALYST, request="two")
    assert store.annotations.of(incident.id, "dam") == []
    assert store.annotations.of(incident.id, "dam", as_of=then) == [pinned]


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00Z", "1969-12-31T23:59:59Z", "9999-12-31T23:59:59Z"])
def test_a_caption_at_the_end_of_the_calendar_is_refused(store, incident, moment):
    judge(store, incident, [a_post()])
    sent = send(an_app(store), caption.FORM, {"text": "Denied"}, about(incident, moment), officer=ANALYST)
    assert "that the picture shows" in problems_of(sent, caption.FORM)["text"]
    assert store.annotations.of(incident.id, "dam") == []


@pytest.mark.parametrize("moment", ["", "noon", "\ud800"])
def test_a_caption_without_a_moment_is_refused_in_words(store, incident, moment):
    sent = send(an_app(store), caption.FORM, {"text": "Denied"}, about(incident, moment), officer=ANALYST)
    assert "move the playhead" in problems_of(sent, caption.FORM)["text"]


@pytest.mark.parametrize("text", ["", "  ", "x" * 201])
def test_a_caption_needs_words_and_has_a_limit(store, incident, text):
    sent = send(an_app(store), caption.FORM, {"text": text}, about(incident), officer=ANALYST)
    assert "text" in problems_of(sent, caption.FORM)


def test_the_same_request_pins_one_caption(store, incident):
    app = an_app(store)
    for _ in range(2):
        send(app, caption.FORM, {"text": "Denied"}, about(incident), officer=ANALYST, request="same")
    assert len(store.annotations.of(incident.id)) == 1


def test_the_captions_of_an_incident_hold_those_of_its_rumours(store, incident):
    store.annotations.pin(incident.id, "dam", NOON, "Of the dam", OFFICER).result()
    store.annotations.pin(incident.id, None, NOON + timedelta(minutes=1), "Of all", OFFICER).result()
    assert [one.text for one in store.annotations.of(incident.id)] == ["Of the dam", "Of all"]
    assert [one.text for one in store.annotations.of(incident.id, "dam")] == ["Of the dam"]
