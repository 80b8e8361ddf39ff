"""Every vector, stance and likelihood carries the digest of what made it, and vectors of two encoders never mix."""

import numpy as np
import pytest

from models.domain.rumours import EventKind, RumourEvent, Stance, StanceJudgement
from models.judgement.embed import DIMENSIONS
from models.store.messages import FlowStance, JudgedPost, Judgement, Reassignment
from tests.builders import NOON, a_post, an_incident, save
from tests.contracts.test_store_live import arrive, gone


@pytest.fixture
def incident(store):
    return store.incidents.open(an_incident()).result()


def a_vector(value: float) -> np.ndarray:
    return np.full(DIMENSIONS, value, np.float16)


def a_stance(weights: str | None, by: str = "model") -> StanceJudgement:
    return StanceJudgement(Stance.DENY, dict.fromkeys(Stance, 0.25), by, weights)


def read(store, incident, *flows: str, encoder: str | None, **more) -> None:
    """Each flow with one post, named after it, and a vector by this encoder."""
    save(store, incident, [a_post(f"what {flow} says", id=f"test:{flow}") for flow in flows])
    stored = store.judgement.unjudged(incident.id, store.judgement.upto(incident.id), 100)
    judged = [
        JudgedPost(post, flow, post.id, "r", opens_flow=True, vector=a_vector(1), stance=more.get("stance"))
        for flow, post in zip(flows, stored, strict=True)
    ]
    store.judgement.save(Judgement(incident.id, stored[-1].place, judged, encoder=encoder)).result()


def vectors(store, incident, encoder: str) -> dict[str, float | None]:
    """The first number of each flow's vector."""
    return {
        one.flow: None if one.vector is None else float(one.vector[0])
        for one in store.judgement.posts(incident.id, encoder)
    }


def test_only_the_vectors_of_the_asked_encoder_are_read(store, incident):
    read(store, incident, "old", encoder="former")
    read(store, incident, "new", encoder="this")
    assert vectors(store, incident, "this") == {"old": None, "new": 1.0}
    assert vectors(store, incident, "former") == {"old": 1.0, "new": None}


def test_a_vector_of_an_unknown_encoder_is_none_of_any(store, incident):
    read(store, incident, "f", encoder=None)
    assert vectors(store, incident, "this") == {"f": None}
    assert store.judgement.flows_to_read_anew(incident.id, "this", 10).waiting == 1


def test_flows_to_be_read_anew_come_in_order_of_arrival_and_are_counted_in_all(store, incident):
    read(store, incident, "z", "a", encoder="former")
    read(store, incident, "this one", encoder="this")
    read(store, incident, "m", encoder=None)
    flows = store.judgement.flows_to_read_anew(incident.id, "this", 2)
    assert flows.waiting == 3
    assert list(flows.words.items()) == [("z", "what z says"), ("a", "what a says")]


def test_there_is_nothing_to_read_anew_where_all_is_of_this_encoder(store, incident):
    read(store, incident, "f", encoder="this")
    flows = store.judgement.flows_to_read_anew(incident.id, "this", 10)
    assert (flows.waiting, flows.words) == (0, {})


def test_another_incidents_flows_are_another_incidents_affair(store, incident):
    other = store.incidents.open(an_incident("Southgate fire")).result()
    read(store, other, "f", encoder="former")
    assert store.judgement.flows_to_read_anew(incident.id, "this", 10).waiting == 0
    store.judgement.replace_vectors(incident.id, "this", {"f": a_vector(2)}).result()
    assert vectors(store, other, "former") == {"f": 1.0}


def test_new_vectors_stand_in_the_place_of_the_former_ones_after_a_restart(opening):
    store = opening()
    incident = store.incidents.open(an_incident()).result()
    read(store, incident, "a", "b", encoder="former")
    store.judgement.replace_vectors(incident.id, "this", {"a": a_vector(2)}).result()
    store = opening()
    assert vectors(store, incident, "this") == {"a": 2.0, "b": None}
    assert list(store.judgement.flows_to_read_anew(incident.id, "this", 10).words) == ["b"]


def test_erased_words_are_not_read_anew_and_get_no_vector_back(store, incident):
    read(store, incident, "gone", "there", encoder="former")
    flows = store.judgement.flows_to_read_anew(incident.id, "this", 10)
    # Erased while the encoder reads them.
    arrive(store, removals=[gone(a_post(id="test:gone"))])
    store.judgement.replace_vectors(incident.id, "this", {flow: a_vector(2) for flow in flows.words}).result()
    assert vectors(store, incident, "this") == {"gone": None, "there": 2.0}
    assert store.judgement.flows_to_read_anew(incident.id, "this", 10).waiting == 0


def test_a_flow_without_a_vector_is_none_to_be_read(store, incident):
    save(store, incident, [a_post(id="test:reply")])
    (post,) = store.judgement.unjudged(incident.id, 0, 10)
    reply = JudgedPost(post, "reply", post.id, "r", opens_flow=True)
    store.judgement.save(Judgement(incident.id, post.place, [reply], encoder="former")).result()
    assert store.judgement.flows_to_read_anew(incident.id, "this", 10).waiting == 0


def test_a_stance_carries_the_weights_that_read_it(store, incident):
    read(store, incident, "at once", encoder="this", stance=a_stance("stance weights"))
    read(store, incident, "later", encoder="this")
    first, later = store.judgement.posts(incident.id, "this")
    assert (first.stance.weights, later.stance) == ("stance weights", None)
    assert store.stances.missing(incident.id, 10)[0].flow == "later"
    store.stances.save(incident.id, [FlowStance("later", "r", a_stance("newer"))])
    store.stances.save(incident.id, []).result()
    assert [one.stance.weights for one in store.judgement.posts(incident.id, "this")] == ["stance weights", "newer"]


def test_a_stance_that_goes_along_to_another_rumour_keeps_its_weights(store, incident):
    read(store, incident, "f", encoder="this", stance=a_stance("stance weights"))
    number, upto = store.acts.constraints(incident.id).number, store.judgement.upto(incident.id)
    moved = [Reassignment("f", "another")]
    store.judgement.save(Judgement(incident.id, upto, [], (), number, moved)).result()
    (one,) = store.judgement.posts(incident.id, "this")
    assert (one.rumour, one.stance.weights) == ("another", "stance weights")


def test_a_stance_that_a_person_read_was_read_by_no_weights(store, incident):
    read(store, incident, "f", encoder="this", stance=a_stance("stance weights"))
    number, upto = store.acts.constraints(incident.id).number, store.judgement.upto(incident.id)
    by_person = [FlowStance("f", "r", a_stance(None, by="J. Officer"))]
    store.judgement.save(Judgement(incident.id, upto, [], (), number, stances=by_person)).result()
    (one,) = store.judgement.posts(incident.id, "this")
    assert one.stance.weights is None


def test_a_score_carries_the_weights_that_made_it(opening):
    store = opening()
    incident = store.incidents.open(an_incident()).result()
    events = [
        RumourEvent("r", EventKind.TITLE, NOON, post="test:1"),
        RumourEvent("r", EventKind.SCORE, NOON, likelihood=0.7, weights="likelihood weights"),
    ]
    store.judgement.save(Judgement(incident.id, 0, [], events)).result()
    assert [event.weights for event in opening().judgement.events(incident.id)] == [None, "likelihood weights"]
