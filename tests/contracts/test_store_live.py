"""What every store must do for live sources: incidents, edits, erasure, health."""

import dataclasses
from datetime import timedelta

import numpy as np
import pytest

from dashboard.views.board import read_rows
from dashboard.words.masking import REMOVED
from models.domain.incidents import Watch
from models.domain.posts import DeadLetter, Kind, Removal
from models.domain.rumours import EventKind, RumourEvent
from models.domain.sightings import HeardBy, Sighting, SightingDraft
from models.domain.sources import HealthEvent, HealthKind, Permission, SourceGap
from models.errors import Refused
from models.judgement.embed import DIMENSIONS
from models.store.messages import Arrival, ArrivedPost, JudgedPost, Judgement
from tests.builders import NOON, OFFICER, a_post, an_incident

LATER = NOON + timedelta(hours=1)


@pytest.fixture
def incident(store):
    return store.incidents.open(an_incident()).result()


def arrive(store, *posts, removals=(), letters=(), health=(), incidents=("incident-Northgate flood",), cursor=None):
    arrived = [ArrivedPost(post, dict.fromkeys(incidents, "matched: dam")) for post in posts]
    return store.posts.add(Arrival(arrived, letters, cursor, removals, health)).result()


def gone(post, **changes):
    fields = {"source": "test", "reason": "deleted", "removed_at": LATER, "post": post.id}
    return Removal(**{**fields, **changes})


def judge(store, incident, *posts, rumour="dam"):
    """Each post a flow of its own, with a vector, the first one the title."""
    stored = {
        post.id: post for post in store.judgement.unjudged(incident.id, store.judgement.upto(incident.id), 1000)
    }
    vector = np.ones(DIMENSIONS, np.float16)
    judged = [
        JudgedPost(stored[post.id], f"flow-{post.id}", post.id, rumour, opens_flow=True, vector=vector)
        for post in posts
    ]
    event = RumourEvent(rumour, EventKind.TITLE, NOON, post=posts[0].id)
    surfaced = RumourEvent(rumour, EventKind.SURFACED, NOON)
    store.judgement.save(
        Judgement(incident.id, stored[posts[-1].id].place, judged, [event, surfaced], encoder="this")
    ).result()


def texts(store, incident):
    return [one.post.text for one in store.judgement.posts(incident.id, "this")]


def test_a_post_that_two_incidents_want_is_stored_once(store, incident):
    other = store.incidents.open(an_incident("Southgate fire")).result()
    post = a_post()
    assert arrive(store, post, incidents=(incident.id, other.id)).new == 1
    (here,), (there,) = (store.judgement.unjudged(one.id, 0, 10) for one in (incident, other))
    assert here.seq == there.seq
    assert here.place != there.place


def test_a_stored_post_may_reach_another_incident_later_and_is_judged_there(store, incident):
    other = store.incidents.open(an_incident("Southgate fire")).result()
    early, late = a_post(), a_post()
    arrive(store, early)
    arrive(store, late, incidents=(other.id,))
    judge(store, other, late)
    saved = arrive(store, early, incidents=(incident.id, other.id))
    assert (saved.new, saved.seen, saved.linked) == (0, 1, 1)
    assert [post.id for post in store.judgement.unjudged(other.id, store.judgement.upto(other.id), 10)] == [early.id]


def test_it_tells_which_incidents_posts_have_reached(store, incident):
    other = store.incidents.open(an_incident("Southgate fire")).result()
    both, one = a_post(), a_post()
    arrive(store, both, incidents=(incident.id, other.id))
    arrive(store, one)
    assert store.posts.incidents_of([both.id, one.id, "unknown"]) == {
        both.id: {incident.id, other.id},
        one.id: {incident.id},
    }


def test_newer_words_replace_the_former_ones(store, incident):
    post = a_post("The dam has burst")
    arrive(store, post)
    edited = dataclasses.replace(post, text="The dam has NOT burst", edited_at=LATER)
    assert arrive(store, edited).edited == 1
    assert store.judgement.unjudged(incident.id, 0, 10)[0].text == "The dam has NOT burst"


def test_an_edit_that_comes_again_or_late_changes_nothing(store, incident):
    post = a_post("first")
    second = dataclasses.replace(post, text="second", edited_at=LATER)
    third = dataclasses.replace(post, text="third", edited_at=LATER + timedelta(minutes=1))
    arrive(store, post, third)
    saved = arrive(store, post, second, third)
    assert (saved.new, saved.edited) == (0, 0)
    assert store.judgement.unjudged(incident.id, 0, 10)[0].text == "third"


def test_the_same_id_with_other_words_and_no_time_of_edit_is_a_clash_that_changes_nothing(store, incident):
    post = a_post("first")
    arrive(store, post)
    saved = arrive(store, dataclasses.replace(post, text="other"))
    assert (saved.seen, saved.edited, saved.dead, len(saved.clashes)) == (0, 0, 1, 1)
    assert store.judgement.unjudged(incident.id, 0, 10)[0].text == "first"


def test_a_removed_post_loses_its_words_address_place_and_vector_but_is_still_counted(store, incident):
    post, other = a_post(url="https://a.example/x", latitude=52.0, longitude=-1.0), a_post()
    arrive(store, post, other)
    judge(store, incident, post, other)
    assert arrive(store, removals=[gone(post)]).removed == 1
    first, second = store.judgement.posts(incident.id, "this")
    assert (first.post.text, first.post.url, first.post.latitude, first.post.longitude) == ("", None, None, None)
    assert first.vector is None
    assert (second.post.text, second.vector is not None) == (other.text, True)
    assert [row.posts for row in read_rows(store, incident.id, NOON).values()] == [2]


def test_a_removed_post_names_no_rumour_any_more(store, incident):
    post = a_post()
    arrive(store, post)
    judge(store, incident, post)
    arrive(store, removals=[gone(post)])
    assert [row.claim for row in read_rows(store, incident.id, NOON).values()] == [REMOVED]


def test_the_words_that_an_edit_replaced_are_removed_too(store, incident, engine):
    post = a_post("the first words")
    arrive(store, post, dataclasses.replace(post, text="the second words", edited_at=LATER))
    arrive(store, removals=[gone(post)])
    assert engine.looks(store, "select text from post_versions") == [("",)]


def test_a_tombstone_keeps_a_post_from_coming_back(opening):
    store = opening()
    incident = store.incidents.open(an_incident()).result()
    post = a_post()
    arrive(store, post)
    arrive(store, removals=[gone(post)])
    store = opening()
    again = arrive(store, post, dataclasses.replace(post, text="back", edited_at=LATER))
    assert (again.new, again.refused, again.edited) == (0, 2, 0)
    assert store.judgement.unjudged(incident.id, 0, 10) == []


def test_a_delete_that_comes_before_its_post_keeps_it_out(store, incident):
    post = a_post()
    arrive(store, removals=[gone(post)])
    assert arrive(store, post).refused == 1


def test_a_firehose_delete_of_a_post_that_is_not_here_leaves_nothing(store, incident):
    post = a_post()
    arrive(store, removals=[gone(post, in_order=True)])
    assert arrive(store, post).new == 1


def test_a_post_deleted_in_the_batch_that_brought_it_is_erased(store, incident):
    post = a_post()
    saved = arrive(store, post, removals=[gone(post, in_order=True)])
    assert (saved.new, saved.removed) == (1, 1)
    assert store.judgement.unjudged(incident.id, 0, 10) == []
    assert arrive(store, post).refused == 1


def test_reposts_go_with_what_they_repeat(store, incident):
    post = a_post()
    repost = a_post("RT @x: " + post.text, kind=Kind.REPOST, repost_of=post.id)
    arrive(store, post, repost)
    assert arrive(store, removals=[gone(post)]).removed == 2
    assert store.judgement.unjudged(incident.id, 0, 10) == []


def test_a_removed_account_takes_all_that_it_had_posted_by_then(store, incident):
    before = [a_post(author="ann", minute=minute) for minute in range(3)]
    after, others = a_post(author="ann", minute=90), a_post(author="bob")
    arrive(store, *before, others)
    account = Removal("test", "account removed", LATER, author="ann")
    assert arrive(store, removals=[account]).removed == 3
    again = arrive(store, before[0], a_post(author="ann", minute=5), after)
    assert (again.refused, again.new) == (2, 1)
    assert {post.id for post in store.judgement.unjudged(incident.id, 0, 10)} == {others.id, after.id}


def test_a_false_date_does_not_save_a_post_from_the_removal_of_its_account(store, incident):
    dated = a_post(author="ann", minute=24 * 60)
    arrive(store, dated)
    arrive(store, removals=[Removal("test", "account removed", LATER, author="ann", in_order=True)])
    assert store.judgement.unjudged(incident.id, 0, 10) == []


def test_a_dead_letter_of_what_was_erased_is_not_kept_again(store, incident):
    letter = DeadLetter("test", "1", "wrong type: url", "{}", NOON, post="p1", author="ann")
    arrive(store, removals=[gone(a_post(id="p1"))])
    assert arrive(store, letters=[letter]).dead == 0


def test_a_removal_counts_once_however_often_it_comes(store, incident):
    post = a_post()
    arrive(store, post)
    assert [arrive(store, removals=[gone(post)]).removed for _ in range(2)] == [1, 0]
    assert store.posts.erased(incident.id) == 1


def test_a_removal_reaches_dead_letters(store, incident):
    kept, by_id, by_author = (
        DeadLetter("test", str(n), "wrong type: url", "{}", NOON, post=f"p{n}", author=f"a{n}") for n in range(3)
    )
    arrive(store, letters=[kept, by_id, by_author])
    arrive(
        store,
        removals=[
            gone(a_post(id="p1")),
            Removal("test", "account removed", LATER, author="a2"),
        ],
    )
    assert store.sources.dead_letters("test", 10) == [kept]


def test_a_dead_letter_that_is_read_again_is_kept_once_and_can_be_discarded(store, incident):
    letter = DeadLetter("test", "0:1", "no id", "{}", NOON)
    assert arrive(store, letters=[letter]).dead == 1
    assert arrive(store, letters=[letter]).dead == 0
    assert store.sources.discard_letter(letter.id, "by J. Officer").result()
    assert not store.sources.discard_letter(letter.id, "by J. Officer").result()
    assert store.sources.dead_letters("test", 10) == []
    assert [event.detail for event in store.sources.health("test", 10)] == ["no id; by J. Officer"]


def test_a_cursor_that_only_moves_on_changes_no_view(store, incident):
    before = store.views.version
    arrive(store, cursor=("bluesky", "5"))
    assert (store.views.version, store.sources.cursor("bluesky")) == (before, "5")
    assert store.sources.cursor_saved_at("bluesky") > NOON
    assert store.sources.cursor_saved_at("other") is None


def test_a_gap_is_as_it_was_known(store, incident):
    opened = HealthEvent("bluesky", HealthKind.GAP_OPENED, NOON, "no network", began_at=NOON)
    store.sources.add_health([opened]).result()
    then = store.last_known_at()
    assert store.sources.gaps() == [SourceGap("bluesky", NOON, None, "no network")]
    store.sources.add_health(
        [HealthEvent("bluesky", HealthKind.GAP_FILLED, LATER, "caught up", NOON, LATER)]
    ).result()
    assert store.sources.gaps() == []
    assert store.sources.gaps(as_of=then) == [SourceGap("bluesky", NOON, None, "no network")]


def test_the_end_of_a_gap_counts_though_its_beginning_comes_with_it(store, incident):
    opened = HealthEvent("bluesky", HealthKind.GAP_OPENED, NOON, "no network", began_at=NOON)
    closed = HealthEvent("bluesky", HealthKind.GAP_CLOSED, LATER, "too old", NOON, LATER)
    store.sources.add_health([opened, closed]).result()
    assert store.sources.gaps() == [SourceGap("bluesky", NOON, LATER, "too old")]


def test_two_open_incidents_are_not_called_the_same(store):
    store.incidents.record(an_incident(), OFFICER, "opened").result()
    with pytest.raises(Refused) as refused:
        store.incidents.record(dataclasses.replace(an_incident(), id="another"), OFFICER, "opened").result()
    assert set(refused.value.problems) == {"name"}


def test_a_vector_made_of_words_that_were_erased_meanwhile_is_not_kept(store, incident):
    post = a_post()
    arrive(store, post)
    stored = store.judgement.unjudged(incident.id, 0, 1)
    arrive(store, removals=[gone(post)])
    one = JudgedPost(stored[0], "f", post.id, "r", opens_flow=True, vector=np.ones(DIMENSIONS, np.float16))
    store.judgement.save(Judgement(incident.id, stored[0].place, [one], encoder="this")).result()
    assert [judged.vector for judged in store.judgement.posts(incident.id, "this")] == [None]


def test_an_incident_is_not_changed_without_a_reason(store):
    with pytest.raises(Refused):
        store.incidents.record(an_incident(), OFFICER, " ").result()


def test_who_stopped_a_source_last_is_remembered(opening):
    store = opening()
    kinds = (HealthKind.STOPPED, HealthKind.STARTED, HealthKind.STOPPED, HealthKind.ERROR)
    store.sources.add_health(
        [HealthEvent("feeds", kind, NOON, f"{kind.value} {n}") for n, kind in enumerate(kinds)]
    ).result()
    assert opening().sources.last_switch("feeds").kind is HealthKind.STOPPED
    assert opening().sources.last_switch("bluesky") is None


def test_the_latest_permission_counts(store):
    for reference in ("draft", "agreement 12"):
        store.sources.permit(Permission("x", reference, OFFICER, NOON)).result()
    assert store.sources.permissions() == {"x": Permission("x", "agreement 12", OFFICER, NOON)}


def test_an_incident_changes_in_versions_and_keeps_its_posts(opening):
    store = opening()
    incident = an_incident(watch=Watch(terms=("dam",)))
    store.incidents.record(incident, OFFICER, "opened").result()
    wider = dataclasses.replace(incident, name="Northgate", watch=Watch(terms=("dam", "flood"), area=_SQUARE))
    store.incidents.record(wider, OFFICER, "it spreads").result()
    assert opening().incidents.all() == [wider]


def test_an_incident_that_a_program_opens_again_gives_what_stands(store, incident):
    closed = dataclasses.replace(incident, closed_at=LATER)
    store.incidents.record(closed, OFFICER, "over").result()
    assert store.incidents.open(incident).result() == closed


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": " "}, "name"),
        ({"purpose": ""}, "purpose"),
        ({"lawful_basis": ""}, "lawful_basis"),
        ({"watch": Watch(terms=("the",))}, "terms"),
        ({"watch": Watch(terms=("#",))}, "terms"),
        ({"watch": Watch(terms=("x" * 101,))}, "terms"),
        ({"watch": Watch(languages=("english",))}, "languages"),
        ({"watch": Watch(area="{}")}, "area"),
        ({"watch": Watch(area='{"type": ["Polygon"]}')}, "area"),
        ({"watch": Watch(area='{"type": "Polygon", "coordinates": [[[0,0],[1,1],[1,0],[0,1],[0,0]]]}')}, "area"),
        ({"watch": Watch(accounts=("x" * 101,))}, "accounts"),
        ({"watch": Watch(area='{"type": "Polygon", "coordinates": [[[53, 400], [53, 401], [54, 401]]]}')}, "area"),
    ],
)
def test_what_an_incident_may_not_say_is_refused_by_field(store, changes, field):
    with pytest.raises(Refused) as refused:
        store.incidents.record(an_incident(**changes), OFFICER, "opened")
    assert set(refused.value.problems) == {field}


def test_a_sighting_is_a_post_of_its_incident(store, incident):
    draft = SightingDraft(" Water over the road ", HeardBy.TELEPHONE, NOON, "a neighbour, did not see it herself")
    sighting = store.acts.log_sighting(incident.id, draft, OFFICER).result()
    (post,) = store.judgement.unjudged(incident.id, 0, 10)
    assert (post.kind, post.text, post.created_at) == (Kind.SIGHTING, "Water over the road", NOON)
    assert sighting == Sighting(post, dataclasses.replace(draft, text="Water over the road"), OFFICER)


def test_a_sighting_whose_words_were_erased_is_not_logged_again_by_its_request(store, incident):
    draft = SightingDraft("Water over the road", HeardBy.TELEPHONE, NOON, "a neighbour")
    post = store.acts.log_sighting(incident.id, draft, OFFICER, "r1").result().post
    arrive(store, removals=[gone(post)])
    again = store.acts.log_sighting(incident.id, draft, OFFICER, "r1").result()
    assert (again.post.id, again.draft.text) == (post.id, "")
    assert store.judgement.unjudged(incident.id, 0, 10) == []


def test_a_sighting_without_words_or_without_a_word_on_its_source_is_refused(store, incident):
    with pytest.raises(Refused) as refused:
        store.acts.log_sighting(incident.id, SightingDraft("", HeardBy.RADIO, NOON, " "), OFFICER)
    assert set(refused.value.problems) >= {"text", "reliability"}


def test_posts_are_asked_after_by_their_source_in_order(store, incident):
    mine, removed, other = a_post(), a_post(), a_post(source="feeds:x")
    arrive(store, mine, removed, other)
    arrive(store, removals=[gone(removed)])
    (found,) = store.posts.of_source("test", 0, 10)
    assert found[1] == mine.id
    assert store.posts.of_source("test", found[0], 10) == []


_SQUARE = (
    '{"type": "Polygon", "coordinates": [[[-1.2, 52.9], [-1.1, 52.9], [-1.1, 53.0], [-1.2, 53.0], [-1.2, 52.9]]]}'
)
