"""A batch is acknowledged when it is saved, and a source that fails stops alone and says why."""

import threading
import time
from datetime import timedelta

import pytest

from ingest.normal_form import NormalForm
from ingest.running.pace import Paced, first_believed_time
from ingest.running.worker import Worker
from ingest.source import Batch, Upsert
from models.clock import ReplayClock
from models.domain.sources import SourcePhase
from models.errors import InputError
from models.store.messages import ArrivedPost, Matched
from tests.builders import NOON, PRESENT, a_clock, an_incident
from tests.waiting import until


class ListSource:
    """A stand-in source: the batches it was given, each record with its number as cursor."""

    name = "list"
    every_seconds = None
    live = False
    restriction = None

    def __init__(self, *minutes, fails=None):
        self._minutes = minutes
        self._fails = fails

    def batches(self, cursor):
        start = int(cursor or 0)
        for number, minute in enumerate(self._minutes[start:], start=start + 1):
            at = None if minute is None else (NOON + timedelta(minutes=minute)).isoformat()
            yield Batch([Upsert({"id": f"a:{number}", "text": "x", "created_at": at}, str(number))], str(number))
        if self._fails:
            raise InputError(self._fails)


@pytest.fixture
def incident(store):
    return store.incidents.open(an_incident()).result()


def a_worker(source, store, incident, clock=None) -> Worker:
    def match(posts):
        return Matched([ArrivedPost(post, {incident.id: "t"}) for post in posts])

    return Worker(source, store, NormalForm("t", b""), match, clock or a_clock(), name=source.name)


def test_it_reads_to_the_end_and_says_how_far_it_came(store, incident):
    worker = a_worker(ListSource(1, 2, None), store, incident)
    worker.run(threading.Event())
    assert (worker.state.phase, worker.state.read) == (SourcePhase.FINISHED, 3)
    assert worker.state.last_post_at == NOON + timedelta(minutes=2)
    assert store.sources.cursor("list") == "3"


def test_after_a_restart_it_goes_on_from_the_committed_cursor(store, incident):
    a_worker(ListSource(1, 2), store, incident).run(threading.Event())
    again = a_worker(ListSource(1, 2, 3), store, incident)
    again.run(threading.Event())
    assert again.state.read == 1


def test_a_source_that_fails_stops_alone_and_says_why(store, incident):
    worker = a_worker(ListSource(1, fails="posts.jsonl: gone. Mount the disk again."), store, incident)
    worker.run(threading.Event())
    assert not worker.state.healthy
    assert worker.state.fault == "posts.jsonl: gone. Mount the disk again."
    assert worker.state.read == 1


def test_a_source_that_fails_in_a_way_nobody_thought_of_does_not_look_healthy(store, incident):
    class Odd(ListSource):
        def batches(self, cursor):
            yield from super().batches(cursor)
            raise OverflowError("too far")

    worker = a_worker(Odd(1), store, incident)
    worker.run(threading.Event())
    assert not worker.state.healthy
    assert "OverflowError" in worker.state.fault


def test_after_its_last_post_a_replay_goes_on_at_the_pace_of_the_wall():
    clock = ReplayClock(NOON, latest=PRESENT, speed=600)
    clock.begin()
    assert list(Paced(ListSource(0), clock, threading.Event()).batches(None))
    began, before = time.monotonic(), clock.now()
    until(lambda: clock.now() - before > timedelta(seconds=0.2))
    # At the pace of before it would be 600 times as much.
    assert clock.now() - before < 2 * timedelta(seconds=time.monotonic() - began)


def test_a_replay_lets_each_post_wait_for_its_time():
    clock = ReplayClock(NOON, latest=PRESENT, speed=600)
    clock.begin()
    paced = Paced(ListSource(0, 5), clock, threading.Event())
    first, second = (clock.now() for batch in paced.batches(None) if batch.items)
    assert second - NOON >= timedelta(minutes=5)
    assert first - NOON < timedelta(minutes=5)


def test_a_replay_does_not_wait_for_posts_of_the_future_or_of_no_time():
    clock = ReplayClock(NOON, latest=PRESENT, speed=1)
    clock.begin()
    far = (PRESENT - NOON).total_seconds() / 60 + 60
    assert len(list(Paced(ListSource(None, far), clock, threading.Event()).batches(None))) == 2


def test_a_replay_stops_at_once_when_asked_to():
    stop = threading.Event()
    stop.set()
    assert list(Paced(ListSource(0, 60), ReplayClock(NOON, latest=PRESENT, speed=1), stop).batches(None)) == []


def test_a_replay_starts_at_the_first_time_that_is_not_of_the_future():
    far = (PRESENT - NOON).total_seconds() / 60 + 60
    assert first_believed_time(ListSource(None, far, 7), latest=PRESENT) == NOON + timedelta(minutes=7)
