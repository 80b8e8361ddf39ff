"""A stop waits for no slow call, saves nothing afterwards, and costs no post: the next start judges what was left.

Each call is held up on purpose, for as long as the test likes. Were the stop to wait for it, it would never return.
"""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import timedelta

import pytest

from ingest.matching import Matcher
from ingest.normal_form import NormalForm
from ingest.running import schedule as schedules
from ingest.running.imports import Imports
from ingest.running.schedule import Schedule
from ingest.running.worker import Worker
from ingest.source import Batch, Delete, Upsert
from models.clock import SystemClock
from models.domain.incidents import Watch
from models.domain.users import Ended
from models.judgement.incident_state import IncidentState
from models.judgement.judges import Judges
from models.judgement.pipeline import Pipeline
from models.sign_in.session_ages import SessionAges
from models.store.duckdb.store import DuckDBStore
from tests.builders import (
    LEARNT,
    NOON,
    OFFICER,
    WordsEncoder,
    a_clock,
    a_rule,
    an_incident,
    everything_decided,
    exercise_posts,
    save,
)
from tests.contracts.people import a_session, a_user
from tests.ingest.live import HandClock, Scripted, Stream
from tests.models.test_judges import judge_all
from tests.waiting import returns, until

LATER = NOON + timedelta(days=1)
POSTS = 300
RECORD = {"id": "t:1", "text": "the dam has burst", "author": "ann", "created_at": NOON.isoformat()}


class Gate:
    """Holds up whoever comes by, from when it is shut until the test opens it."""

    def __init__(self):
        self.reached = threading.Event()
        self.opened = threading.Event()

    def hold(self) -> None:
        self.reached.set()
        self.opened.wait()


@pytest.fixture
def gate() -> Iterator[Gate]:
    gate = Gate()
    yield gate
    gate.opened.set()


@pytest.fixture
def brief(monkeypatch) -> None:
    """The grace that a stop gives is only a number: none here, so that nothing ends within it by chance."""
    monkeypatch.setattr(schedules, "LEAVING_SECONDS", 0.0)


@pytest.fixture(scope="module")
def uninterrupted(tmp_path_factory):
    with closing(DuckDBStore(tmp_path_factory.mktemp("uninterrupted"), a_clock())) as store:
        incident = store.incidents.open(an_incident()).result()
        save(store, incident, exercise_posts(POSTS))
        Pipeline(incident.id, store, WordsEncoder(), LEARNT, a_rule).advance(LATER)
        yield everything_decided(store, incident)


def a_schedule(store, encoder=None) -> Schedule:
    judges = Judges(store, encoder or WordsEncoder(), LEARNT, a_rule, HandClock(LATER))
    clock, folder = HandClock(LATER), store.engine.path.parent
    imports = Imports(store, clock, folder, lambda name: NormalForm(name, b"key"), 1)
    return Schedule(store, judges, clock, imports, SessionAges())


@contextmanager
def no_word_of_it(caplog):
    """Nothing is shown in the terminal: there, warnings and errors of the log are."""
    yield
    assert [one.getMessage() for one in caplog.records if one.levelno >= logging.WARNING] == []


def held_in_encoding(gate: Gate, patch: pytest.MonkeyPatch) -> None:
    whole = WordsEncoder.encode
    patch.setattr(WordsEncoder, "encode", lambda encoder, texts: gate.hold() or whole(encoder, texts))


def held_in_stances(gate: Gate, patch: pytest.MonkeyPatch) -> None:
    whole = WordsEncoder.stances
    patch.setattr(WordsEncoder, "stances", lambda encoder, remarks: gate.hold() or whole(encoder, remarks))


def held_in_a_rebuild(gate: Gate, patch: pytest.MonkeyPatch) -> None:
    whole = IncidentState.learn

    def learn(state, one):
        if state.upto_place:
            gate.hold()
        whole(state, one)

    patch.setattr(IncidentState, "learn", learn)


def held_in_consolidation(gate: Gate, patch: pytest.MonkeyPatch) -> None:
    whole = IncidentState.consolidate
    patch.setattr(IncidentState, "consolidate", lambda state, moment: gate.hold() or whole(state, moment))


@pytest.mark.usefixtures("brief")
@pytest.mark.parametrize(
    "held",
    [held_in_encoding, held_in_stances, held_in_a_rebuild, held_in_consolidation],
    ids=lambda held: held.__name__,
)
def test_judging_that_is_under_way_is_left_and_the_next_start_decides_the_same(
    tmp_path, gate, monkeypatch, caplog, uninterrupted, held: Callable
):
    store = DuckDBStore(tmp_path, a_clock())
    incident = store.incidents.open(an_incident()).result()
    save(store, incident, exercise_posts(POSTS))
    if held is held_in_a_rebuild:
        judge_some(store, incident)
    with no_word_of_it(caplog), monkeypatch.context() as patch:
        held(gate, patch)
        schedule = a_schedule(store)
        schedule.start([])
        until(gate.reached.is_set, "the call to be under way")
        before = threading.enumerate()
        returns(schedule.stop)
        returns(store.close)
        gate.opened.set()
        until(lambda: not alive(before, "ThreadPoolExecutor"), "what was left to end")
    with closing(DuckDBStore(tmp_path, a_clock())) as again:
        judge_all(Judges(again, WordsEncoder(), LEARNT, a_rule, HandClock(LATER)), again)
        assert everything_decided(again, incident) == uninterrupted


def judge_some(store, incident) -> None:
    next(Pipeline(incident.id, store, WordsEncoder(), LEARNT, a_rule, batch_posts=40).batches(LATER))


def alive(threads, name: str) -> list[threading.Thread]:
    return [thread for thread in threads if thread.name.startswith(name) and thread.is_alive()]


@pytest.fixture
def incident(store):
    return store.incidents.record(an_incident(watch=Watch(terms=("dam",))), OFFICER, "opened").result()


def a_worker(store, source) -> Worker:
    form = NormalForm(source.name, b"key")
    return Worker(
        source, store, form, Matcher(store, source.name, form.pseudonym).match, SystemClock(), name=source.name
    )


class Held:
    """Mixed into a stand-in source: its reading is held up before its first batch."""

    def __init__(self, gate: Gate):
        super().__init__([Upsert(RECORD, "1")])
        self._gate = gate
        self.ended = threading.Event()

    def batches(self, cursor):
        self._gate.hold()
        try:
            yield from super().batches(cursor)
        finally:
            self.ended.set()


class HeldPoller(Held, Scripted):
    """A poller whose server does not answer."""


class HeldStream(Held, Stream):
    """A stream whose socket is silent and cannot be cancelled."""


@pytest.mark.usefixtures("brief")
@pytest.mark.parametrize("source", [HeldPoller, HeldStream])
def test_a_source_that_is_being_read_is_left_and_the_next_start_reads_it(store, incident, gate, caplog, source):
    with no_word_of_it(caplog):
        schedule = a_schedule(store)
        held = source(gate)
        schedule.start([a_worker(store, held)])
        until(gate.reached.is_set, "the source to be read")
        returns(schedule.stop)
        gate.opened.set()
        until(held.ended.is_set, "the reading to end")
    # What it brought after all was not saved: nobody would have waited for it.
    assert posts(store, incident) == []
    again = a_schedule(store)
    again.start([a_worker(store, source(gate))])
    until(lambda: posts(store, incident) == ["t:1"])
    returns(again.stop)


@pytest.mark.usefixtures("brief")
def test_posts_that_are_being_asked_after_are_left(store, incident, gate, monkeypatch, caplog):
    class Asking(Scripted):
        def recheck(self, post_ids):
            gate.hold()
            ended.set()
            return [Delete(one, "recheck") for one in post_ids]

    ended = threading.Event()
    monkeypatch.setattr(schedules, "RECHECK_SECONDS", 0.1)
    with no_word_of_it(caplog):
        schedule = a_schedule(store)
        schedule.start([a_worker(store, Asking([Upsert(RECORD, "1")]))])
        until(gate.reached.is_set, "a post to be asked after")
        returns(schedule.stop)
        gate.opened.set()
        until(ended.is_set)
    assert posts(store, incident) == ["t:1"]


def test_what_ends_in_time_is_waited_for(store, incident):
    source = Stream([Upsert(RECORD, "1")])
    schedule = a_schedule(store)
    schedule.start([a_worker(store, source)])
    until(lambda: posts(store, incident) == ["t:1"])
    returns(schedule.stop)
    assert source.closed.is_set()


def test_what_was_never_started_is_stopped_at_once(store):
    schedule = a_schedule(store)
    returns(schedule.stop)
    assert schedule.stopping.is_set()


def test_a_batch_that_comes_after_the_stop_is_not_saved(store, incident):
    stop = threading.Event()

    class Late(Scripted):
        def batches(self, cursor):
            yield Batch([Upsert(RECORD, "1")], "1")
            stop.set()
            yield Batch([Upsert({**RECORD, "id": "t:2"}, "2")], "2")

    a_worker(store, Late()).run(stop)
    assert posts(store, incident) == ["t:1"]


def posts(store, incident) -> list[str]:
    return [post.id for post in store.judgement.unjudged(incident.id, 0, 100)]


def test_sessions_past_their_age_are_ended_though_no_browser_comes_back(store):
    now = SystemClock().now()
    store.users.record(a_user(), None, None).result()
    for id_, hours in (("idle", 2), ("old", 20), ("in use", 0)):
        store.sessions.start(a_session(id_, at=now - timedelta(hours=hours))).result()
    a_schedule(store)._end_old_sessions()
    assert [one.id for one in store.sessions.all_live()] == ["in use"]
    assert store.sessions.ended("idle") is Ended.IDLE
    assert store.sessions.ended("old") is Ended.TOO_OLD
