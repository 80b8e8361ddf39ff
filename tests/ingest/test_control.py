"""People start, stop and test sources; who stopped one is obeyed, and a restricted platform waits for permission."""

import json
from datetime import timedelta
from threading import Event

import pytest
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from ingest.matching import Matcher
from ingest.normal_form import NormalForm
from ingest.running.control import POOL, Sources
from ingest.running.worker import Worker
from ingest.source import AccountRemoved, Batch, Delete, Missed, Reconnected, Unreadable, Upsert
from models.clock import SystemClock
from models.domain.incidents import Watch
from models.domain.sources import HealthKind, Permission, SourceGap, SourcePhase
from models.errors import Refused, SourceFailed, SourceUnreachable, StoreError
from tests.builders import NOON, OFFICER, an_incident
from tests.ingest.live import HandClock, Restricted, Scripted, Stream
from tests.waiting import PATIENCE_SECONDS, returns, until

RECORD = {"id": "t:1", "text": "the dam has burst", "author": "ann", "created_at": NOON.isoformat()}
ITEM = Upsert(RECORD, "1")


@pytest.fixture
def incident(store):
    return store.incidents.record(an_incident(watch=Watch(terms=("dam",))), OFFICER, "opened").result()


def a_worker(store, source, clock=None):
    form = NormalForm(source.name, b"key")
    clock = clock or SystemClock()
    matcher = Matcher(store, source.name, form.pseudonym)
    return Worker(source, store, form, matcher.match, clock, name=source.name)


@pytest.fixture
def opened(store):
    """Opens sources as a running Grapevine does."""
    running = []

    def open_sources(*sources):
        scheduler = BackgroundScheduler(executors={"default": ThreadPoolExecutor(1), POOL: ThreadPoolExecutor(2)})
        control = Sources(store, SystemClock(), scheduler)
        running.append((control, scheduler))
        scheduler.start()
        control.open([a_worker(store, source) for source in sources])
        return control

    yield open_sources
    for control, scheduler in running:
        control.close(PATIENCE_SECONDS)
        scheduler.shutdown()


def state(control):
    return control.states()[0]


def posts(store, incident):
    return [post.id for post in store.judgement.unjudged(incident.id, 0, 100)]


def test_a_poller_is_asked_again_and_again_from_its_cursor(store, incident, opened):
    source = Scripted([ITEM], [Upsert({**RECORD, "id": "t:2"}, "2")])
    opened(source)
    until(lambda: posts(store, incident) == ["t:1", "t:2"])
    assert source.cursors[:2] == [None, "1"]


def test_a_stream_that_breaks_is_taken_up_again_and_the_fault_is_shown_meanwhile(store, incident, opened):
    source = Stream(SourceUnreachable("no answer from the host"), [ITEM])
    control = opened(source)
    until(lambda: state(control).fault == "no answer from the host")
    assert not state(control).healthy
    until(lambda: posts(store, incident) == ["t:1"])
    until(lambda: state(control).healthy)


def test_a_source_that_fails_for_good_stops_alone(store, incident, opened):
    broken, sound = Scripted(SourceFailed("scripted: the key was refused. Set a new one.")), Stream([ITEM])
    sound.name = "sound"
    control = opened(broken, sound)
    until(lambda: posts(store, incident) == ["t:1"])
    until(lambda: not control.states()[0].healthy)
    first, second = control.states()
    assert (first.running, first.fault) == (False, "scripted: the key was refused. Set a new one.")
    assert second.healthy


def test_a_poller_that_failed_for_good_can_be_started_again(store, incident, opened):
    control = opened(Scripted(SourceFailed("scripted: the key was refused. Set a new one."), [ITEM]))
    until(lambda: not state(control).running)
    control.start("scripted", OFFICER)
    until(lambda: posts(store, incident) == ["t:1"])
    assert state(control).healthy


def test_who_stopped_a_source_is_obeyed_over_a_restart(store, incident, opened):
    source = Stream()
    control = opened(source)
    until(lambda: state(control).phase is SourcePhase.LIVE)
    control.stop("scripted", OFFICER)
    assert source.closed.is_set()
    assert (state(control).phase, state(control).running) == (SourcePhase.STOPPED, False)
    again = opened(unread := Stream([ITEM]))
    assert (state(again).running, posts(store, incident)) == (False, [])
    again.start("scripted", OFFICER)
    until(lambda: posts(store, incident) == ["t:1"])
    assert len(unread.cursors) == 1, "it was read before anybody started it"
    assert [
        event.kind for event in store.sources.health("scripted", 5) if event.kind.value in ("started", "stopped")
    ] == [
        HealthKind.STARTED,
        HealthKind.STOPPED,
    ]


def test_a_stream_that_does_not_end_is_stopped_all_the_same_and_never_read_twice_at_once(
    store, incident, opened, monkeypatch
):
    """Its socket hangs: whoever clicks Stop gets an answer, and a new start waits for the old reading to end."""
    monkeypatch.setattr("ingest.running.worker.LONGEST_PASS_SECONDS", 0.1)
    going, hangs = Event(), Event()
    readings, at_once = [], []

    class Hanging(Stream):
        def batches(self, cursor):
            readings.append(len(readings))
            at_once.append(1)
            going.set()
            hangs.wait()
            at_once.pop()
            yield Batch([Upsert({**RECORD, "id": f"t:{readings[-1]}"}, "1")], "1", caught_up=True)
            yield from super().batches(cursor)

    control = opened(Hanging())
    until(going.is_set)
    returns(lambda: control.stop("scripted", OFFICER))
    assert state(control).phase is SourcePhase.STOPPED
    control.start("scripted", OFFICER)
    assert at_once == [1]
    hangs.set()
    until(lambda: posts(store, incident) == ["t:1"])
    assert state(control).running


def test_a_restricted_source_waits_for_a_recorded_permission(store, incident, opened):
    class Permitted(Restricted):
        def batches(self, cursor):
            permitted.append("restricted" in store.sources.permissions())
            yield from super().batches(cursor)

    permitted: list[bool] = []
    control = opened(Permitted([ITEM]))
    assert not state(control).healthy
    assert "forbid event monitoring" in state(control).fault
    with pytest.raises(Refused):
        control.start("restricted", OFFICER)
    assert posts(store, incident) == []
    store.sources.permit(Permission("restricted", "agreement 12", OFFICER, NOON)).result()
    control.start("restricted", OFFICER)
    until(lambda: posts(store, incident) == ["t:1"])
    assert all(permitted), "it was read before anybody permitted it"


def test_nobody_starts_what_is_not_there(opened):
    with pytest.raises(Refused):
        opened().start("x", OFFICER)


def test_it_can_be_tested(opened):
    assert opened(Scripted()).test("scripted") == "scripted: answers."


def test_a_dead_letter_is_read_again_once_it_can_be(store, incident, opened):
    control = opened(Scripted([Upsert({**RECORD, "url": 3}, "1"), Unreadable("not JSON", "{", "2")]))
    until(lambda: len(store.sources.dead_letters("scripted", 10)) == 2)
    letters = {one.reason: one for one in store.sources.dead_letters("scripted", 10)}
    assert "still cannot be read: wrong type: url" in control.replay_dead_letter(
        letters["wrong type: url"].id, OFFICER
    )
    assert "not JSON" in control.replay_dead_letter(letters["not JSON"].id, OFFICER)
    assert len(store.sources.dead_letters("scripted", 10)) == 2


def test_a_strangers_document_is_never_read_as_a_post(store, incident, opened):
    forged = json.dumps({**RECORD, "id": "at://other", "kind": "alert"})
    control = opened(Scripted([Unreadable("not XML", forged, "1")]))
    until(lambda: len(store.sources.dead_letters("scripted", 10)) == 1)
    assert "no post" in control.replay_dead_letter(store.sources.dead_letters("scripted", 10)[0].id, OFFICER)
    assert posts(store, incident) == []


def test_a_record_that_breaks_the_reading_is_a_dead_letter_and_the_rest_goes_on(store, incident):
    broken = Upsert({"id": "t:9", "text": "the dam", "author": "\udfff", "created_at": "nope"}, "1")
    assert a_worker(store, Scripted()).save(Batch([broken, ITEM], "2")).dead == 1
    assert posts(store, incident) == ["t:1"]


def test_a_dead_letter_that_can_be_read_by_now_becomes_a_post(store, incident, opened, monkeypatch):
    monkeypatch.setattr("ingest.normal_form._LARGEST_COUNT", 5)
    control = opened(Scripted([Upsert({**RECORD, "author_followers": 10}, "1")]))
    until(lambda: len(store.sources.dead_letters("scripted", 10)) == 1)
    monkeypatch.setattr("ingest.normal_form._LARGEST_COUNT", 100)
    control.replay_dead_letter(store.sources.dead_letters("scripted", 10)[0].id, OFFICER)
    assert (posts(store, incident), store.sources.dead_letters("scripted", 10)) == (["t:1"], [])


def test_posts_are_asked_after_where_the_platform_tells_of_no_deletes(store, incident, opened):
    class Asking(Scripted):
        def recheck(self, post_ids):
            yield from (Delete(one, "recheck") for one in post_ids if one == "t:1")

    control = opened(Asking([ITEM, Upsert({**RECORD, "id": "t:2"}, "2")]))
    until(lambda: len(posts(store, incident)) == 2)
    control.recheck()
    assert posts(store, incident) == ["t:2"]


def test_posts_that_cannot_be_asked_after_now_are_not_taken_for_deleted(store, incident, opened):
    class Asking(Scripted):
        def recheck(self, post_ids):
            yield Delete("t:1", "recheck")
            raise SourceUnreachable("busy")

    control = opened(Asking([ITEM]))
    until(lambda: len(posts(store, incident)) == 1)
    control.recheck()
    assert posts(store, incident) == ["t:1"]


def test_deletes_removed_accounts_gaps_and_reconnections_are_folded_in(store, incident):
    others = [Upsert({**RECORD, "id": f"t:{n}", "author": "bob"}, str(n)) for n in (2, 3)]
    items = [
        ITEM,
        *others,
        Delete("t:2", "4", in_order=True),
        AccountRemoved("ann", "5", NOON + timedelta(hours=1)),
        Reconnected("reset"),
        Missed(NOON, NOON + timedelta(minutes=5), "the cursor is too old"),
    ]
    saved = a_worker(store, Scripted()).save(Batch(items, "7"))
    assert (saved.new, saved.removed) == (3, 2)
    assert posts(store, incident) == ["t:3"]
    assert store.sources.gaps() == [SourceGap("scripted", NOON, NOON + timedelta(minutes=5), "the cursor is too old")]


def test_the_time_that_grapevine_did_not_run_is_a_gap_until_the_source_has_caught_up(store, incident):
    clock = HandClock(NOON)
    a_worker(store, Scripted(), clock).save(Batch([ITEM], "1"))
    clock.moment = store.last_known_at() + timedelta(hours=1)
    source = Scripted(Batch([], "2", last=True))
    worker = a_worker(store, source, clock)
    worker.begin()
    (gap,) = store.sources.gaps()
    assert gap.until is None
    worker.save(Batch([], "2", caught_up=True))
    assert store.sources.gaps() == []


def test_a_gap_that_was_open_at_a_crash_is_made_good_after_the_restart(store, incident):
    clock = HandClock(NOON)
    a_worker(store, Scripted(), clock).save(Batch([ITEM], "1"))
    for hours in (1, 2):
        # Each of these runs tells of its absence, and crashes before it could catch up.
        clock.moment = store.last_known_at() + timedelta(hours=hours)
        a_worker(store, Scripted(), clock).begin()
        a_worker(store, Scripted(), clock).save(
            Batch([Upsert({**RECORD, "id": f"t:{hours + 1}"}, "2")], f"{hours + 1}")
        )
    worker = a_worker(store, Scripted(), clock)
    worker.begin()
    worker.save(Batch([], "9", caught_up=True))
    assert store.sources.gaps() == []


def test_a_stream_that_only_hands_over_empty_batches_is_not_called_live(store, incident, opened):
    class Unconnected(Stream):
        def batches(self, cursor):
            while not self.closed.wait(0.01):
                yield Batch([], "")
                handed_over.append(1)

    handed_over: list[int] = []
    control = opened(source := Unconnected())
    until(lambda: len(handed_over) > 5)
    assert state(control).phase is SourcePhase.CONNECTING
    source.closed.set()


def test_what_was_before_the_first_connection_is_a_gap_that_stays(store, incident):
    clock = HandClock(NOON)
    worker = a_worker(store, Scripted(SourceUnreachable("no answer"), SourceUnreachable("no answer"), [ITEM]), clock)
    for _ in range(3):
        worker.poll(Event())
        clock.moment += timedelta(minutes=3)
    (gap,) = store.sources.gaps()
    assert (gap.since, gap.until is not None) == (NOON, True)


def test_one_post_that_cannot_be_asked_after_does_not_hold_up_the_deletes_of_the_others(store, incident, opened):
    class Asking(Scripted):
        def recheck(self, post_ids):
            if "t:2" in post_ids:
                raise SourceUnreachable("answered 403")
            yield from (Delete(one, "recheck") for one in post_ids)

    records = [Upsert({**RECORD, "id": f"t:{n}"}, str(n)) for n in (1, 2, 3)]
    control = opened(Asking(records))
    until(lambda: len(posts(store, incident)) == 3)
    control.recheck()
    assert posts(store, incident) == ["t:2"]


def test_a_database_that_is_full_for_a_moment_stops_no_source_for_good(store, incident, monkeypatch):
    clock = HandClock(NOON)
    worker = a_worker(store, Scripted([ITEM], [ITEM]), clock)
    whole, failures = store.posts.add, iter([True])
    monkeypatch.setattr(store.posts, "add", lambda arrival: _full() if next(failures, False) else whole(arrival))
    for _ in range(2):
        worker.poll(Event())
        clock.moment += timedelta(minutes=3)
    assert posts(store, incident) == ["t:1"]
    assert worker.state.healthy


def _full():
    raise StoreError("disk full")


def test_a_server_that_asks_for_patience_gets_it(store, incident):
    clock = HandClock(NOON)
    source = Scripted(SourceUnreachable("too many requests", retry_after_seconds=300), [ITEM])
    worker = a_worker(store, source, clock)
    worker.poll(Event())
    clock.moment += timedelta(seconds=200)
    worker.poll(Event())
    assert posts(store, incident) == []
    clock.moment += timedelta(seconds=200)
    worker.poll(Event())
    assert posts(store, incident) == ["t:1"]
