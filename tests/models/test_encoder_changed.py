"""After an upgrade of the encoder its flows are read anew: vectors of two encoders never mix, decisions stand."""

import logging
from datetime import timedelta

import numpy as np
import pytest

from models.domain.posts import Removal
from models.domain.rumours import EventKind
from models.errors import EncoderGone
from models.judgement.pipeline import Pipeline
from models.judgement.surfacing import SurfacingRule
from models.store.duckdb.store import DuckDBStore
from models.store.messages import Arrival
from models.text.letters import is_read_by_encoder
from tests.builders import LEARNT, NOON, WordsEncoder, a_clock, a_post, an_incident, save
from tests.models.test_pipeline import exercise_posts

LATER = NOON + timedelta(days=1)
FIRST, SECOND = slice(0, 300), slice(300, 600)


def posts_that_encoders_read() -> list:
    """Vectors of letters are the same for every encoder, so they would lie elsewhere beside the new one's."""
    posts = [post for post in exercise_posts(620) if is_read_by_encoder(post.text, post.lang)]
    return posts[:600]


class NewEncoder(WordsEncoder):
    """The same texts are as near as before, but by vectors that resemble none of the former ones."""

    digest = "new words"

    def __init__(self):
        self.read: list[str] = []

    def encode(self, texts):
        self.read += texts
        return np.roll(super().encode(texts), 1, axis=1)


class NewEncoderThatFailsOnce(NewEncoder):
    def encode(self, texts):
        if not self.read:
            self.read.append("nothing")
            raise EncoderGone("ended")
        return super().encode(texts)


@pytest.fixture
def incident(store):
    return store.incidents.open(an_incident()).result()


@pytest.fixture
def first_half(store, incident):
    """What the former encoder's pipeline judged."""
    posts = posts_that_encoders_read()
    save(store, incident, posts[FIRST])
    a_pipeline(store, incident, WordsEncoder()).advance(LATER)
    return posts


@pytest.fixture
def always_new(tmp_path):
    """A store whose every flow was read by the new encoder."""
    opened = DuckDBStore(tmp_path / "always new", a_clock())
    incident, posts = opened.incidents.open(an_incident()).result(), posts_that_encoders_read()
    for half in (FIRST, SECOND):
        save(opened, incident, posts[half])
        a_pipeline(opened, incident, NewEncoder()).advance(LATER)
    yield opened
    opened.close()


def a_pipeline(store, incident, encoder, **changes) -> Pipeline:
    return Pipeline(incident.id, store, encoder, LEARNT, with_room_for_all, **changes)


def with_room_for_all() -> SurfacingRule:
    """Who comes first does not matter: the likelihoods that the former encoder's vectors gave stay as they are."""
    return SurfacingRule(budget_per_hour=1_000, least_likelihood=0.0, large_group=40)


def vectors(store, incident, encoder=NewEncoder) -> dict[str, bytes]:
    judged = store.judgement.posts(incident.id, encoder.digest)
    return {one.flow: one.vector.tobytes() for one in judged if one.vector is not None}


def flows_with_vectors(store, incident, encoder=NewEncoder) -> set[str]:
    return set(vectors(store, incident, encoder))


def where_each_is(store, incident, posts) -> list[tuple[str, str, str]]:
    return [(row.id, row.flow, row.rumour) for row in store.judgement.final_rows(incident.id)[posts]]


def happened(store, incident) -> list[tuple]:
    kinds = (EventKind.SURFACED, EventKind.TITLE, EventKind.MERGED, EventKind.SPLIT)
    return [
        (event.rumour, event.kind, event.happened_at, event.post)
        for event in store.judgement.events(incident.id)
        if event.kind in kinds
    ]


def forget_who_read(store) -> None:
    """As in a store that was written before vectors carried a digest."""
    with store.engine.connection.cursor() as connection:
        connection.execute("update embeddings set encoder = null")


def test_it_decides_as_where_everything_was_always_read_by_the_new_encoder(store, incident, first_half, always_new):
    # The former encoder put the first half where the new one does: from there on only the vectors could differ.
    assert where_each_is(store, incident, FIRST) == where_each_is(always_new, incident, FIRST)
    save(store, incident, first_half[SECOND])
    a_pipeline(store, incident, NewEncoder()).advance(LATER)
    # What the former vectors decided of a rumour, its title and likelihood, stands until it gets another post.
    assert where_each_is(store, incident, SECOND) == where_each_is(always_new, incident, SECOND)
    assert where_each_is(store, incident, FIRST) == where_each_is(always_new, incident, FIRST)
    assert happened(store, incident) == happened(always_new, incident)
    assert vectors(store, incident) == vectors(always_new, incident)


def test_what_was_decided_is_not_decided_again(store, incident, first_half):
    before = store.judgement.final_rows(incident.id), store.judgement.events(incident.id)
    a_pipeline(store, incident, NewEncoder()).advance(LATER)
    assert (store.judgement.final_rows(incident.id), store.judgement.events(incident.id)) == before


def test_every_flow_with_words_is_read_once_and_never_again(store, incident, first_half):
    by_former = flows_with_vectors(store, incident, WordsEncoder)
    encoder = NewEncoder()
    a_pipeline(store, incident, encoder).advance(LATER)
    assert len(encoder.read) == len(by_former) > 40
    assert flows_with_vectors(store, incident) == by_former
    again = NewEncoder()
    a_pipeline(store, incident, again).advance(LATER)
    assert again.read == []


def test_nothing_is_read_anew_where_the_encoder_is_the_same(store, incident, first_half, caplog):
    class Counted(WordsEncoder):
        def encode(self, texts):
            raise AssertionError("asked to read")

    a_pipeline(store, incident, Counted()).advance(LATER)
    assert caplog.text == ""


def test_vectors_of_nobody_knows_which_encoder_are_read_anew(store, incident, first_half):
    by_former = flows_with_vectors(store, incident, WordsEncoder)
    forget_who_read(store)
    assert flows_with_vectors(store, incident, WordsEncoder) == set()
    a_pipeline(store, incident, WordsEncoder()).advance(LATER)
    assert flows_with_vectors(store, incident, WordsEncoder) == by_former


def test_it_says_how_many_flows_are_read_anew_and_when_that_is_done(store, incident, first_half, caplog):
    flows = len(flows_with_vectors(store, incident, WordsEncoder))
    caplog.set_level(logging.WARNING)
    a_pipeline(store, incident, NewEncoder()).advance(LATER)
    assert [record.getMessage() for record in caplog.records] == [
        f"Reading {flows:,} flows anew: the encoder has changed",
        "All flows are read by this encoder",
    ]


def test_reading_anew_can_be_left_after_any_batch_and_goes_on_where_it_was(store, incident, first_half, caplog):
    encoder = NewEncoder()
    pipeline = a_pipeline(store, incident, encoder, batch_posts=20)
    assert next(pipeline.batches(LATER)) == 0
    assert len(encoder.read) == 20
    assert len(flows_with_vectors(store, incident)) == 20
    # Whoever left it may start again.
    again = NewEncoder()
    a_pipeline(store, incident, again).advance(LATER)
    assert not set(encoder.read[:5]) & set(again.read)
    waiting = [record.getMessage() for record in caplog.records if "Reading" in record.getMessage()]
    assert waiting[1] == f"Reading {len(again.read):,} flows anew: the encoder has changed"


def test_no_stance_is_read_before_every_flow_is(store, incident, first_half):
    pipeline = a_pipeline(store, incident, NewEncoder(), batch_posts=20)
    save(store, incident, first_half[SECOND])
    batches = pipeline.batches(LATER)
    next(batches)
    assert (pipeline.read_stances(), pipeline.reconsider()) == (0, 0)
    for _ in batches:
        pass
    assert pipeline.read_stances() > 0


def test_an_encoder_that_fails_meanwhile_loses_nothing(store, incident, first_half):
    by_former = flows_with_vectors(store, incident, WordsEncoder)
    pipeline = a_pipeline(store, incident, NewEncoderThatFailsOnce())
    with pytest.raises(EncoderGone):
        pipeline.advance(LATER)
    pipeline.advance(LATER)
    assert flows_with_vectors(store, incident) == by_former


def test_words_that_were_erased_are_not_read_and_the_others_are(store, incident):
    gone, there = a_post("The dam above Northgate has burst"), a_post("Wolves have escaped from the zoo at Southgate")
    save(store, incident, [gone, there])
    a_pipeline(store, incident, WordsEncoder()).advance(LATER)
    store.posts.add(Arrival(removals=[Removal("test", "asked for", LATER, post=gone.id)])).result()
    encoder = NewEncoder()
    a_pipeline(store, incident, encoder).advance(LATER)
    assert encoder.read == [there.text]


def test_each_vector_stance_and_score_says_which_weights_made_it(store, incident, first_half):
    judged = list(store.judgement.posts(incident.id, WordsEncoder.digest))
    assert {one.stance.weights for one in judged if one.stance} == {WordsEncoder.stance_digest}
    scored = [event for event in store.judgement.events(incident.id) if event.likelihood is not None]
    assert {event.kind for event in scored} == {EventKind.SCORE, EventKind.SURFACED}
    assert {event.weights for event in scored} == {LEARNT.likelihood.digest}
    assert LEARNT.likelihood.digest is not None
