"""What every engine of the store must do."""

import dataclasses
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.domain.acts import Act
from models.domain.corrections import CorrectionDraft, Verdict
from models.domain.posts import DeadLetter
from models.domain.rumours import EventKind, RumourEvent, Stance, StanceJudgement, State
from models.errors import Refused
from models.store.messages import Arrival, ArrivedPost, JudgedPost, Judgement
from tests.builders import NOON, OFFICER, a_post, an_incident, save


@pytest.fixture
def incident(store):
    return with_a_rumour(store)


def with_a_rumour(store):
    """An incident with the rumour "r" on its board."""
    incident = store.incidents.open(an_incident()).result()
    surfaced = RumourEvent("r", EventKind.SURFACED, NOON, detail={"rule": "by hand"})
    store.judgement.save(Judgement(incident.id, 0, [], [surfaced])).result()
    return incident


def a_draft(**changes) -> CorrectionDraft:
    fields = {
        "rumour": "r",
        "verdict": Verdict.FALSE,
        "wording": "The dam is sound.",
        "channel": "X",
        "authority": "Gold commander",
        "evidence_url": None,
        "issued_at": NOON,
    }
    return CorrectionDraft(**{**fields, **changes})


def test_a_post_comes_back_as_it_was_saved(store, incident):
    post = a_post(
        "Zażółć 🌊 \u202eabc", author_followers=None, reposts=3, flags=("NUL stripped",), url="https://a.example"
    )
    save(store, incident, [post])
    assert store.judgement.unjudged(incident.id, 0, 10) == [dataclasses.replace(post, seq=1, place=1)]


def test_a_post_is_stored_once_however_often_it_comes(store, incident):
    post = a_post()
    arrival = Arrival([ArrivedPost(post, {incident.id: "test"})] * 3)
    first, again = store.posts.add(arrival).result(), store.posts.add(arrival).result()
    assert (first.new, first.seen, again.new, again.seen) == (1, 2, 0, 3)
    assert len(store.judgement.unjudged(incident.id, 0, 10)) == 1


def test_a_repeat_with_another_date_is_still_a_repeat(store, incident):
    post = a_post()
    save(store, incident, [post])
    save(store, incident, [dataclasses.replace(post, created_at=NOON + timedelta(days=1), text="changed")])
    assert [one.text for one in store.judgement.unjudged(incident.id, 0, 10)] == [post.text]


def test_the_cursor_is_saved_with_its_batch(opening):
    store = opening()
    store.posts.add(Arrival([], cursor=("source", "17"))).result()
    store.posts.add(Arrival([], cursor=("source", "18"))).result()
    assert opening().sources.cursor("source") == "18"


def test_a_batch_that_fails_leaves_nothing_behind(store, incident):
    spoilt = dataclasses.replace(a_post(), arrived_at=None)
    arrival = Arrival([ArrivedPost(a_post(), {incident.id: "test"}), ArrivedPost(spoilt, {})], cursor=("source", "1"))
    with pytest.raises(Exception, match="refused"):
        store.posts.add(arrival).result()
    assert store.judgement.unjudged(incident.id, 0, 10) == []
    assert store.sources.cursor("source") is None


def test_posts_come_to_the_pipeline_in_order_of_arrival(store, incident):
    posts = [a_post(minute=minute) for minute in (5, 1, 3)]
    save(store, incident, posts[:2])
    save(store, incident, posts[2:])
    assert [post.id for post in store.judgement.unjudged(incident.id, 1, 10)] == [post.id for post in posts[1:]]


def test_dead_letters_are_counted_by_reason(store):
    letters = [
        DeadLetter("test", str(n), reason, "{", NOON) for n, reason in enumerate(["no id", "no id", "not JSON"])
    ]
    store.posts.add(Arrival([], letters)).result()
    assert store.sources.dead_letters_by_reason() == {"no id": 2, "not JSON": 1}


def test_known_at_strictly_increases_even_when_the_clock_stands_still(store, incident):
    stamps = []
    for _ in range(5):
        save(store, incident, [a_post()])
        stamps.append(store.last_known_at())
    assert stamps == sorted(set(stamps))


def test_known_at_goes_on_after_a_restart(opening):
    store = opening()
    incident = with_a_rumour(store)
    save(store, incident, [a_post()])
    store.acts.decide(incident.id, "r", Act.TAKE, OFFICER, "mine").result()
    before = store.last_known_at()
    assert opening().last_known_at() == before


def test_an_incident_is_opened_once(store, incident):
    store.incidents.open(an_incident(purpose="another")).result()
    assert store.incidents.all() == [incident]


def test_a_judgement_comes_back_in_order_with_vectors_as_they_were(store, incident):
    save(store, incident, [a_post(), a_post()])
    first, second = store.judgement.unjudged(incident.id, 0, 10)
    vector = np.linspace(-1, 1, 384).astype(np.float16)
    stance = _stance(Stance.DENY)
    judged = [
        JudgedPost(first, "f", first.id, "r", opens_flow=True, confidence=0.5, stance=stance, vector=vector),
        JudgedPost(second, "f", second.id, "r", opens_flow=False),
    ]
    event = RumourEvent("r", EventKind.SURFACED, NOON, likelihood=0.7, detail={"rule": "three people"})
    store.judgement.save(Judgement(incident.id, second.place, judged, [event], encoder="this")).result()
    back = list(store.judgement.posts(incident.id, "this"))
    assert [(one.post, one.flow, one.rumour, one.opens_flow, one.stance) for one in back] == [
        (one.post, one.flow, one.rumour, one.opens_flow, one.stance) for one in judged
    ]
    np.testing.assert_array_equal(back[0].vector, vector)
    assert store.judgement.upto(incident.id) == second.place
    assert store.judgement.events(incident.id)[-1] == event


def test_a_decision_needs_a_reason(store, incident):
    with pytest.raises(Refused, match="Enter a reason"):
        store.acts.decide(incident.id, "r", Act.TAKE, OFFICER, "  ")


@pytest.mark.parametrize("rumour", ["another", 5, None, {"a": 1}])
def test_an_act_on_what_is_not_on_that_board_is_refused(store, incident, rumour):
    with pytest.raises(Refused):
        store.acts.decide(incident.id, rumour, Act.TAKE, OFFICER, "mine").result()
    with pytest.raises(Refused):
        store.acts.correct(incident.id, a_draft(rumour=rumour), OFFICER).result()
    with pytest.raises(Refused):
        store.acts.decide("nowhere", "r", Act.TAKE, OFFICER, "mine").result()
    assert store.acts.decisions(incident.id) == []


def test_a_correction_cannot_be_decided_without_its_wording(store, incident):
    with pytest.raises(Refused, match="Use the correction form"):
        store.acts.decide(incident.id, "r", Act.CORRECT, OFFICER, "mine")


def test_half_characters_and_nul_are_mended_before_they_are_chained(store, incident):
    store.acts.decide(incident.id, "r", Act.TAKE, OFFICER, "mine \ud83d\x00 now").result()
    assert store.acts.decisions(incident.id)[0].reason == "mine ? now"
    assert store.acts.broken_decision(incident.id) is None


def test_a_decision_says_who_what_when_and_why(store, incident):
    store.acts.decide(incident.id, "r", Act.PARK, OFFICER, "waiting for the reservoir operator").result()
    (decision,) = store.acts.decisions(incident.id, "r")
    assert (decision.state, decision.officer, decision.reason) == (
        State.WATCHING,
        OFFICER,
        "waiting for the reservoir operator",
    )


def test_a_correction_enters_as_issued_with_its_decision_in_one_transaction(store, incident):
    correction = store.acts.correct(incident.id, a_draft(), OFFICER).result()
    assert store.acts.corrections(incident.id) == [correction]
    assert (correction.status, correction.version, correction.approved_by) == ("issued", 1, None)
    (decision,) = store.acts.decisions(incident.id)
    assert (decision.state, decision.correction) == (State.ANSWERED, correction.id)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("wording", " "),
        ("channel", ""),
        ("authority", ""),
        ("wording", "x" * 2001),
        ("evidence_url", "javascript:alert(1)"),
        ("evidence_url", "http://[bad"),
        ("issued_at", NOON + timedelta(hours=1)),
        ("review_by", NOON - timedelta(hours=1)),
    ],
)
def test_a_correction_that_is_not_in_order_is_refused_by_field(store, incident, field, value):
    with pytest.raises(Refused) as refusal:
        store.acts.correct(incident.id, a_draft(**{field: value}), OFFICER)
    assert list(refusal.value.problems) == [field]
    assert store.acts.corrections(incident.id) == []


def test_the_chain_of_decisions_shows_where_it_was_tampered_with(store, incident, engine):
    for reason in ("one", "two", "three"):
        store.acts.decide(incident.id, "r", Act.TAKE, OFFICER, reason).result()
    assert store.acts.broken_decision(incident.id) is None
    engine.looks(store, "update decisions set reason = 'other' where number = 2")
    assert store.acts.broken_decision(incident.id) == 2


def test_acts_are_not_held_up_by_machine_batches(store, incident):
    batches = [
        store.posts.add(Arrival([ArrivedPost(a_post(), {incident.id: "test"}) for _ in range(500)])) for _ in range(6)
    ]
    store.acts.decide(incident.id, "r", Act.TAKE, OFFICER, "mine").result()
    waiting = [batch for batch in batches if not batch.done()]
    wait(batches)
    assert waiting, "the act was committed while batches were still waiting"


def test_readers_on_other_threads_see_only_their_own_rows(store, incident):
    posts = [a_post() for _ in range(40)]
    save(store, incident, posts)

    def the_one_after(place: int) -> int:
        return store.judgement.unjudged(incident.id, place, 1)[0].place

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(the_one_after, range(39))) == list(range(1, 40))


def test_any_text_survives_the_store(opening):
    store = opening()
    incident = store.incidents.open(an_incident()).result()
    texts = st.lists(
        st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00")), min_size=1, max_size=5
    )

    @settings(max_examples=40)
    @given(texts=texts)
    def survives(texts):
        posts = [a_post(text) for text in texts]
        before = max((post.place for post in store.judgement.unjudged(incident.id, 0, 10**6)), default=0)
        save(store, incident, posts)
        assert [post.text for post in store.judgement.unjudged(incident.id, before, 10)] == texts

    survives()


def _stance(label: Stance):
    return StanceJudgement(label, {stance: 0.7 if stance is label else 0.1 for stance in Stance}, "model")
