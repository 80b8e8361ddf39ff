"""What every store must do with detected languages: keep them beside what is stated, each with its words."""

import dataclasses
from datetime import timedelta

import pytest

from models.store.messages import PostLanguage
from tests.builders import NOON, a_post, an_incident
from tests.contracts.test_store_live import arrive, gone


@pytest.fixture
def incident(store):
    return store.incidents.open(an_incident()).result()


def detect(store, *languages):
    """Say of the posts, in order of arrival, which language was detected, or None."""
    told = [PostLanguage(seq, one, one and 0.9, "a detector") for seq, one in enumerate(languages, start=1)]
    store.judgement.add_languages(told).result()


def languages(store, incident, **moment):
    rows = store.views.rows("posts_by_number", incident=incident.id, seqs=[1, 2], **moment)
    return {row["seq"]: (row["lang"], row["lang_detected"], row["lang_detected_by"]) for row in rows}


def test_what_is_detected_stands_beside_what_is_stated(store, incident):
    arrive(store, a_post(), a_post(lang="pl"))
    detect(store, "cy")
    assert languages(store, incident) == {1: (None, "cy", "a detector"), 2: ("pl", None, None)}


def test_a_reading_of_a_moment_sees_what_was_detected_by_then(store, incident):
    arrive(store, a_post())
    then = store.last_known_at()
    detect(store, "cy")
    assert languages(store, incident, as_of=then)[1][1] is None


def test_where_nothing_is_certain_nothing_is_shown(store, incident):
    arrive(store, a_post())
    detect(store, None)
    assert languages(store, incident)[1] == (None, None, None)
    assert store.judgement.edited_since_detection(incident.id) == []


@pytest.mark.parametrize("first", ["cy", None])
def test_a_language_belongs_to_the_words_that_it_was_detected_in(store, incident, first):
    post = a_post("Mae'r argae wedi torri")
    arrive(store, post, a_post("stays"))
    detect(store, first, "en")
    before = store.last_known_at()
    edited = dataclasses.replace(post, text="Tama pękła", edited_at=NOON + timedelta(minutes=1))
    arrive(store, edited)
    assert languages(store, incident)[1][1] is None
    assert languages(store, incident, as_of=before)[1][1] == first
    assert [one.text for one in store.judgement.edited_since_detection(incident.id)] == ["Tama pękła"]
    detect(store, "pl")
    assert languages(store, incident)[1][1] == "pl"
    assert languages(store, incident, as_of=before)[1][1] == first
    assert store.judgement.edited_since_detection(incident.id) == []


def test_a_post_that_was_erased_is_looked_at_no_more(store, incident):
    post = a_post()
    arrive(store, post)
    detect(store, "cy")
    arrive(store, dataclasses.replace(post, text="gone", edited_at=NOON), removals=[gone(post)])
    assert store.judgement.edited_since_detection(incident.id) == []
