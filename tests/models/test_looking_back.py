"""What was erased is no longer remembered, and what was edited is judged by the words that stand."""

import dataclasses
from datetime import timedelta

import pytest

from models.domain.posts import Removal
from models.domain.rumours import EventKind, Stance
from models.judgement.pipeline import Pipeline
from tests.builders import LEARNT, NOON, WordsEncoder, a_post, a_rule, an_incident, save
from tests.contracts.test_store_live import arrive, gone

LATER = NOON + timedelta(days=1)


@pytest.fixture
def incident(store):
    return store.incidents.open(an_incident()).result()


@pytest.fixture
def pipeline(store, incident):
    return Pipeline(incident.id, store, WordsEncoder(), LEARNT, a_rule)


def stance_of(store, incident, post):
    return next(Stance(row.stance) for row in store.judgement.final_rows(incident.id) if row.id == post.id)


def rumour_of(store, incident, post):
    return next(row.rumour for row in store.judgement.final_rows(incident.id) if row.id == post.id)


def test_an_edited_post_is_judged_by_the_words_that_stand_and_stays_in_its_rumour(store, incident, pipeline):
    post = a_post("Is it true that the dam above Northgate has burst??")
    arrive(store, post)
    pipeline.advance(LATER)
    before = rumour_of(store, incident, post)
    assert stance_of(store, incident, post) is Stance.QUERY
    words = "That is a hoax, the dam above Northgate has not burst, it is fake news"
    arrive(store, dataclasses.replace(post, text=words, edited_at=NOON + timedelta(minutes=5)))
    assert pipeline.reconsider() == 1
    assert stance_of(store, incident, post) is Stance.DENY
    assert rumour_of(store, incident, post) == before
    assert pipeline.reconsider() == 0


def test_the_language_of_an_edited_post_is_detected_in_the_words_that_stand(store, incident, pipeline):
    post = a_post("Mae'r argae uwchben y dref wedi torri, ewch i dir uchel")
    arrive(store, post)
    pipeline.advance(LATER)
    words = "Tama nad miastem pękła, uciekajcie na wyższe tereny"
    arrive(store, dataclasses.replace(post, text=words, edited_at=NOON + timedelta(minutes=5)))
    pipeline.reconsider()
    (row,) = store.views.rows("posts_by_number", incident=incident.id, seqs=[1])
    assert row["lang_detected"] == "pl"


def test_nothing_is_judged_anew_where_nothing_was_edited(store, incident, pipeline):
    save(store, incident, [a_post()])
    pipeline.advance(LATER)
    assert pipeline.reconsider() == 0


def test_a_rumour_whose_title_was_erased_takes_another_posts_words(store, incident, pipeline):
    first = a_post("The dam above Northgate has burst, get to high ground now")
    second = a_post("They say the dam above Northgate burst, everyone get to high ground")
    save(store, incident, [first, second])
    pipeline.advance(LATER)
    titles = [event for event in store.judgement.events(incident.id) if event.kind is EventKind.TITLE]
    titled = next(post for post in (first, second) if post.id == titles[-1].post)
    other = second if titled is first else first
    assert rumour_of(store, incident, first) == rumour_of(store, incident, second)
    arrive(store, removals=[gone(titled)])
    pipeline.forget()
    save(store, incident, [a_post("hello")])
    pipeline.advance(LATER)
    titles = [event for event in store.judgement.events(incident.id) if event.kind is EventKind.TITLE]
    assert other.id in [event.post for event in titles if event.rumour == rumour_of(store, incident, first)][-1:]


def test_posts_erased_before_they_were_judged_are_passed_over(store, incident, pipeline):
    posts = [a_post() for _ in range(5)]
    arrive(store, *posts, removals=[Removal("test", "deleted", NOON, post=post.id) for post in posts[:4]])
    assert pipeline.advance(LATER) == 1
