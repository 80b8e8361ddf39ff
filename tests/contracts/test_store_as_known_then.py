"""What every store must do for whoever looks back: a read gives what was known then, by when it was written."""

import dataclasses
from datetime import timedelta

import pytest

from dashboard.views.board import read_rows
from dashboard.views.rumour import read_rumour
from dashboard.words.masking import REMOVED
from models.domain.corrections import CorrectionStatus
from models.domain.sources import Permission
from tests.builders import NOON, OFFICER, a_post, an_incident
from tests.contracts.test_store_live import arrive, gone, judge
from tests.contracts.two_rumours import correct, merge, move, refuse, with_two_rumours

LATER = NOON + timedelta(minutes=5)


@pytest.fixture
def incident(store):
    return with_two_rumours(store)


def texts(store, incident, **moment):
    return [post.text for post in read_rumour(store, incident, "dam", NOON, **moment).posts]


def titles(store, incident, **moment):
    return [row.claim for row in read_rows(store, incident, NOON, **moment).values()]


def test_the_log_is_that_of_the_moment_whatever_time_an_entry_says(store, incident):
    correct(store, incident, "dam")
    then = store.last_known_at()
    correct(store, incident, "dam")
    assert len(store.acts.corrections(incident, as_of=then)) == 1
    assert [one.number for one in store.acts.decisions(incident, as_of=then)] == [1]
    assert len(store.acts.corrections(incident)) == 2
    assert store.acts.decisions(incident, as_of=then - timedelta(microseconds=1)) == []


def test_a_correction_is_in_the_version_that_was_known(store, incident, engine):
    first = correct(store, incident, "dam")
    then = store.last_known_at()
    correct(store, incident, "dam")
    columns = "* replace (2 as version, 'withdrawn' as status, known_at + interval 1 hour as known_at)"
    engine.looks(store, f"insert into corrections select {columns} from corrections where id = '{first.id}'")
    assert store.acts.corrections(incident, as_of=then) == [first]
    now = {one.id: (one.version, one.status) for one in store.acts.corrections(incident)}
    assert now[first.id] == (2, CorrectionStatus.WITHDRAWN)


def test_constraints_are_those_of_the_moment(store, incident):
    before = store.last_known_at()
    refuse(store, incident)
    refused = store.acts.constraints(incident)
    then = store.last_known_at()
    move(store, incident, "d1")
    merge(store, incident)
    assert store.acts.constraints(incident, as_of=then) == refused
    assert store.acts.constraints(incident, as_of=before).number == 0
    assert store.acts.constraints(incident).apart == frozenset()


def test_an_incident_is_as_its_version_then_said(store):
    first = store.incidents.open(an_incident()).result()
    then = store.last_known_at()
    store.incidents.record(dataclasses.replace(first, purpose="wider"), OFFICER, "it grew").result()
    assert store.incidents.all(as_of=then) == [first]
    assert store.incidents.all(as_of=then - timedelta(microseconds=1)) == []
    assert [(one.number, one.by, one.reason) for one in store.incidents.versions(first.id)] == [
        (2, OFFICER, "it grew"),
        (1, None, None),
    ]
    (only,) = store.incidents.versions(first.id, as_of=then)
    assert (only.incident, only.recorded_at) == (first, then)


def test_a_permission_is_that_of_the_moment(store):
    store.sources.permit(Permission("feeds", "letter 1", OFFICER, NOON)).result()
    then = store.last_known_at()
    store.sources.permit(Permission("feeds", "letter 2", OFFICER, NOON)).result()
    assert store.sources.permissions(as_of=then)["feeds"].reference == "letter 1"
    assert store.sources.permissions(as_of=then - timedelta(microseconds=1)) == {}


def test_the_words_are_those_that_stood_then_though_they_were_edited_since(store):
    incident = store.incidents.open(an_incident()).result()
    post = a_post("first words")
    arrive(store, post)
    judge(store, incident, post)
    first = store.last_known_at()
    # Two edits in one batch: the second is all that was ever shown of them.
    edits = [dataclasses.replace(post, text=text, edited_at=LATER) for text in ("second words",)]
    edits.append(dataclasses.replace(post, text="third words", edited_at=LATER + timedelta(minutes=1)))
    arrive(store, *edits)
    third = store.last_known_at()
    arrive(store, dataclasses.replace(post, text="last words", edited_at=LATER + timedelta(minutes=2)))
    shown = [(texts(store, incident.id, as_of=at), titles(store, incident.id, as_of=at)) for at in (first, third)]
    assert shown == [(["first words"], ["First words"]), (["third words"], ["Third words"])]
    assert (texts(store, incident.id), titles(store, incident.id)) == (["last words"], ["Last words"])
    (post_then,) = read_rumour(store, incident.id, "dam", NOON, as_of=first).posts
    assert post_then.edited_at is None


def test_removed_words_are_removed_from_every_moment_and_that_there_were_edits_is_not(store):
    incident = store.incidents.open(an_incident()).result()
    post = a_post("first words")
    arrive(store, post)
    judge(store, incident, post)
    first = store.last_known_at()
    arrive(store, dataclasses.replace(post, text="second words", edited_at=LATER))
    second = store.last_known_at()
    arrive(store, removals=[gone(post)])
    for moment in (first, second):
        (shown,) = read_rumour(store, incident.id, "dam", NOON, as_of=moment).posts
        assert (shown.text, shown.edited_at) == (REMOVED, LATER if moment == second else None)
        assert titles(store, incident.id, as_of=moment) == [REMOVED]
