"""Which flows wait for a stance, whether the store has found before that none waits or is opened anew.

A store may remember that no flow waited, and then look only at what has changed since: it answers as one that
remembers nothing.
"""

import dataclasses
from datetime import timedelta

import pytest

from models.domain.posts import Removal
from models.domain.rumours import EventKind, RumourEvent
from models.store.messages import Arrival, FlowStance, JudgedPost, Judgement
from tests.builders import NOON, a_post, an_incident, save
from tests.contracts.two_rumours import A_STANCE, by_model, judge, merge, move, undo, with_two_rumours

CLAIMS = {"dam": "test:d1", "bridge": "test:b1"}


def read(store, incident, *flows, rumour, claim=None):
    stance = dataclasses.replace(A_STANCE, claim=claim or CLAIMS.get(rumour))
    store.stances.save(incident, [FlowStance(flow, rumour, stance) for flow in flows]).result()


def waiting(store, incident, limit=10):
    """The flows without a stance, and those that were read toward a former title."""
    asked = (store.stances.missing, store.stances.toward_former_titles)
    return tuple([(one.flow, one.rumour, one.claim) for one in ask(incident, limit)] for ask in asked)


def open_a_flow(store, incident):
    judge(store, an_incident(), "wolves", "w1", stance=None, surfaced=False)


def open_an_unread_flow_and_put_it_elsewhere(store, incident):
    open_a_flow(store, incident)
    by_model(store, incident, ("w1", "dam"))


def copy_a_flow_without_words(store, incident):
    save(store, an_incident(), [a_post("what g1 says", id="test:copy")])
    (copy,) = store.judgement.unjudged(incident, store.judgement.upto(incident), 10)
    judged = [JudgedPost(copy, "g1", copy.id, "gone", opens_flow=False)]
    store.judgement.save(Judgement(incident, copy.place, judged, encoder="this")).result()


def retitle(store, incident):
    by_model(store, incident, events=[RumourEvent("dam", EventKind.TITLE, NOON, post="test:d2")])


def put_a_flow_elsewhere(store, incident):
    by_model(store, incident, ("d3", "bridge"))


def put_a_flow_elsewhere_and_back(store, incident):
    by_model(store, incident, ("d3", "bridge"))
    by_model(store, incident, ("d3", "dam"))


def move_a_flow(store, incident):
    move(store, incident, "d3")


def move_back(store, incident):
    decision = move(store, incident, "d3")
    read(store, incident, "d3", rumour="bridge")
    undo(store, incident, decision)


def read_toward_another_claim(store, incident):
    read(store, incident, "d2", rumour="dam", claim="test:b1")


CHANGES = {
    open_a_flow: ([("w1", "wolves", "test:w1")], []),
    open_an_unread_flow_and_put_it_elsewhere: ([("w1", "dam", "test:d1")], []),
    copy_a_flow_without_words: ([("g1", "gone", "test:g1")], []),
    retitle: ([], [(flow, "dam", "test:d2") for flow in ("d1", "d2", "d3")]),
    put_a_flow_elsewhere: ([], [("d3", "bridge", "test:b1")]),
    put_a_flow_elsewhere_and_back: ([], []),
    move_a_flow: ([], [("d3", "bridge", "test:b1")]),
    move_back: ([], [("d3", "dam", "test:d1")]),
    read_toward_another_claim: ([], [("d2", "dam", "test:d1")]),
    merge: ([], [(flow, "bridge", "test:b1") for flow in ("d1", "d2", "d3")]),
}


@pytest.fixture
def incident(store):
    """Every flow is read toward its rumour's title, but for one whose words are gone."""
    incident = with_two_rumours(store)
    judge(store, an_incident(), "gone", "g1", stance=None, surfaced=False)
    store.posts.add(Arrival(removals=[Removal("test", "deleted", NOON + timedelta(hours=1), "test:g1")])).result()
    read(store, incident, "d1", "d2", "d3", rumour="dam")
    read(store, incident, "b1", "b2", rumour="bridge")
    assert waiting(store, incident) == ([], [])
    return incident


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_what_waits_after_a_change_is_the_same_when_the_store_is_opened_anew(store, incident, opening, change):
    change(store, incident)
    found = waiting(store, incident)
    assert found == CHANGES[change]
    assert waiting(opening(), incident) == found


def test_what_was_given_and_not_read_yet_waits_on(store, incident):
    open_a_flow(store, incident)
    retitle(store, incident)
    found = waiting(store, incident)
    assert waiting(store, incident) == found
    assert waiting(store, incident, limit=1) == ([("w1", "wolves", "test:w1")], [("d1", "dam", "test:d2")])
    read(store, incident, "w1", rumour="wolves", claim="test:w1")
    read(store, incident, "d1", "d2", "d3", rumour="dam", claim="test:d2")
    assert waiting(store, incident) == ([], [])


def test_each_incident_is_looked_at_by_itself(store, incident):
    other = store.incidents.open(an_incident("Another")).result()
    assert waiting(store, other.id) == ([], [])
    open_a_flow(store, incident)
    assert waiting(store, other.id) == ([], [])
    assert waiting(store, incident)[0] == [("w1", "wolves", "test:w1")]


def test_more_changes_than_are_named_to_the_database_are_found_all_the_same(store, incident, monkeypatch):
    monkeypatch.setattr("models.store.duckdb.stances.MOST_NAMED", 1)
    judge(store, an_incident(), "wolves", "w1", "w2", stance=None, surfaced=False)
    assert [flow for flow, *_ in waiting(store, incident)[0]] == ["w1", "w2"]
