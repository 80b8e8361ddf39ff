"""Judging that goes on by itself: turns, faults, stances when there is time, and a stop in the midst of it."""

import logging
from contextlib import closing
from datetime import timedelta

import pytest

from models.domain.posts import Removal
from models.domain.rumours import Stance
from models.errors import EncoderGone, Stopped, StoreError
from models.judgement import judges as judging
from models.judgement.judges import Judges
from models.judgement.pipeline import BATCH_POSTS, STANCES_A_BATCH, Pipeline
from models.store.duckdb.store import DuckDBStore
from tests.builders import (
    LEARNT,
    NOON,
    WordsEncoder,
    a_clock,
    a_post,
    a_rule,
    an_incident,
    everything_decided,
    exercise_posts,
    save,
)
from tests.contracts.test_store_live import arrive
from tests.ingest.live import HandClock

LATER = NOON + timedelta(days=1)


@pytest.fixture
def incident(store):
    return store.incidents.open(an_incident()).result()


def the_judges(store, encoder=None) -> Judges:
    return Judges(store, encoder or WordsEncoder(), LEARNT, a_rule, HandClock(LATER))


def judge_all(judges: Judges, store) -> None:
    """Turns until nothing changes any more, as a running Grapevine takes them."""
    version = None
    while version != store.views.version:
        version = store.views.version
        judges.take_turns()


def stances(store, incident) -> list[Stance | None]:
    return [row.stance and Stance(row.stance) for row in store.judgement.final_rows(incident.id)]


def test_turns_decide_what_one_run_over_everything_decides(store, incident, tmp_path):
    save(store, incident, exercise_posts(300))
    judge_all(the_judges(store), store)
    with closing(DuckDBStore(tmp_path / "at once", a_clock())) as other:
        other.incidents.open(incident).result()
        save(other, incident, exercise_posts(300))
        Pipeline(incident.id, other, WordsEncoder(), LEARNT, a_rule).advance(LATER)
        assert everything_decided(store, incident) == everything_decided(other, incident)


def test_an_incident_with_a_long_backlog_does_not_hold_up_another(store, incident, monkeypatch):
    monkeypatch.setattr(judging, "BATCHES_A_TURN", 2)
    other = store.incidents.open(an_incident("Southgate fire")).result()
    save(store, incident, [a_post() for _ in range(2 * BATCH_POSTS + 1)])
    save(store, other, [a_post("smoke over Southgate")])
    judges = the_judges(store)
    judges.take_turns()
    assert len(store.judgement.final_rows(incident.id)) == 2 * BATCH_POSTS
    assert len(store.judgement.final_rows(other.id)) == 1
    judges.take_turns()
    assert len(store.judgement.final_rows(incident.id)) == 2 * BATCH_POSTS + 1


def test_some_stances_are_read_each_turn_and_the_rest_when_no_post_waits(store, incident):
    count = STANCES_A_BATCH + 5
    save(store, incident, [a_post(f"claim{n} of{n} its{n} own{n} kind{n}") for n in range(count)])
    judges = the_judges(store)
    judges.take_turns()
    assert sum(stance is not None for stance in stances(store, incident)) == STANCES_A_BATCH
    judges.take_turns()
    assert None not in stances(store, incident)


def test_nothing_is_read_where_nothing_has_changed(store, incident, monkeypatch):
    save(store, incident, [a_post()])
    judges = the_judges(store)
    judge_all(judges, store)
    monkeypatch.setattr(store.incidents, "all", lambda: pytest.fail("the store was read"))
    judges.take_turns()


class TestFaults:
    @pytest.fixture(autouse=True)
    def two_incidents(self, store, incident):
        self.other = store.incidents.open(an_incident("Southgate fire")).result()
        save(store, incident, [a_post("broken")])
        save(store, self.other, [a_post("smoke over Southgate")])

    def failing(self, error):
        class Failing(WordsEncoder):
            fails = True

            def encode(self, texts):
                if self.fails and "broken" in texts:
                    raise error
                return super().encode(texts)

        return Failing()

    def test_one_incidents_fault_is_shown_and_silences_no_other(self, store, incident):
        judges = the_judges(store, self.failing(EncoderGone("The process that reads texts has ended.")))
        judges.take_turns()
        assert judges.state().fault == "Northgate flood: The process that reads texts has ended."
        assert not judges.state().healthy
        assert len(store.judgement.final_rows(self.other.id)) == 1

    def test_it_is_tried_again_and_over_once_it_works(self, store, incident):
        encoder = self.failing(EncoderGone("ended"))
        judges = the_judges(store, encoder)
        judges.take_turns()
        encoder.fails = False
        judges.take_turns()
        assert judges.state() is None
        assert len(store.judgement.final_rows(incident.id)) == 1

    def test_the_same_fault_is_logged_once(self, store, incident, caplog):
        judges = the_judges(store, self.failing(EncoderGone("ended")))
        for _ in range(3):
            judges.take_turns()
        assert [one.getMessage() for one in caplog.records] == ["judging of Northgate flood stopped: ended"]

    def test_a_fault_nobody_thought_of_is_shown_too(self, store, incident, caplog):
        judges = the_judges(store, self.failing(ZeroDivisionError("by zero")))
        judges.take_turns()
        assert judges.state().fault == "Northgate flood: stopped by ZeroDivisionError. See the log."
        assert "ZeroDivisionError at " in caplog.text
        assert "by zero" not in caplog.text

    def test_a_store_that_cannot_be_read_is_shown(self, store, monkeypatch):
        monkeypatch.setattr(store.incidents, "all", lambda: (_ for _ in ()).throw(StoreError("disk gone")))
        judges = the_judges(store)
        judges.take_turns()
        assert judges.state().fault == "disk gone"


def test_what_was_erased_is_forgotten_and_leaves_the_log_on_disk(store, incident, monkeypatch):
    first = a_post()
    save(store, incident, [first, a_post("wolves escaped from the wildlife park")])
    judges, folded = the_judges(store), []
    judge_all(judges, store)
    whole, forgotten = store.checkpoint, []
    monkeypatch.setattr(store, "checkpoint", lambda: folded.append(1) or whole())
    monkeypatch.setattr(Pipeline, "forget", lambda pipeline: forgotten.append(pipeline.incident))
    arrive(store, removals=[Removal("test", "deleted", NOON, post=first.id)])
    judges.take_turns()
    assert (len(folded), forgotten) == (1, [incident.id])


def test_edits_in_a_row_do_not_make_every_turn_read_everything_anew(store, incident, monkeypatch):
    monkeypatch.setattr(judging, "LOOKING_BACK_SHARE", 1e-6)
    post = a_post("Is it true that the dam above Northgate has burst??")
    arrive(store, post)
    judges = the_judges(store)
    judge_all(judges, store)
    looked = []
    whole = Pipeline.reconsider
    monkeypatch.setattr(Pipeline, "reconsider", lambda pipeline: looked.append(1) or whole(pipeline))
    monkeypatch.setattr(judging.time, "monotonic", iter(range(1_000)).__next__)
    for minute in range(1, 5):
        arrive(store, a_post("That is a hoax", id=post.id, edited_at=NOON + timedelta(minutes=minute)))
        judges.take_turns()
    assert len(looked) == 1
    assert stances(store, incident) == [Stance.DENY]


def test_once_stopped_it_takes_no_turn(store, incident):
    save(store, incident, [a_post()])
    judges = the_judges(store)
    judges.stop()
    judges.take_turns()
    assert store.judgement.final_rows(incident.id) == []


@pytest.mark.parametrize("error", [Stopped(), StoreError("The store is closing")])
def test_what_fails_because_of_a_stop_is_no_fault(store, incident, caplog, error):
    class EndedByTheStop(WordsEncoder):
        def encode(self, texts):
            judges.stop()
            raise error

    save(store, incident, [a_post()])
    judges = the_judges(store, EndedByTheStop())
    judges.take_turns()
    assert judges.state() is None
    assert [one for one in caplog.records if one.levelno >= logging.WARNING] == []
