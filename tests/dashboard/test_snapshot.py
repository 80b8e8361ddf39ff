"""One snapshot for all viewers: who is behind gets exactly what changed, who is too far behind gets everything."""

from datetime import timedelta

import pytest

from dashboard.views.board import read_rows
from dashboard.views.snapshot import DELTAS_KEPT, SnapshotKeeper, redraw_stamp
from models.domain.acts import Act, Officer
from tests.builders import a_post
from tests.dashboard.world import judge, opened

WHO = Officer("J. Officer", "duty")


class Seconds:
    """A stopwatch that runs only when told to."""

    def __init__(self):
        self.passed = 0.0

    def __call__(self) -> float:
        return self.passed


@pytest.fixture
def seconds():
    return Seconds()


@pytest.fixture
def keeper(store, seconds):
    return SnapshotKeeper(store, store.engine.clock, seconds=seconds)


@pytest.fixture
def incident(store):
    incident = opened(store)
    judge(store, incident, [a_post("Dam")])
    judge(store, incident, [a_post("Looters")], rumour="looters")
    return incident


def take(store, incident, rumour):
    store.acts.decide(incident.id, rumour, Act.TAKE, WHO, "checking").result()


def later(keeper, seconds, incident):
    seconds.passed += 2
    return keeper.latest(incident.id)


def test_an_unchanged_store_gives_the_same_snapshot(keeper, seconds, incident):
    assert later(keeper, seconds, incident) is later(keeper, seconds, incident)


def test_it_is_read_at_most_once_a_second(store, keeper, seconds, incident):
    first = keeper.latest(incident.id)
    take(store, incident, "dam")
    seconds.passed += 0.5
    assert keeper.latest(incident.id) is first
    seconds.passed += 0.6
    assert keeper.latest(incident.id).rows["dam"].owner.name == WHO.name


def test_a_store_that_is_slow_to_read_is_read_less_often(store, seconds, incident, monkeypatch):
    def slow_read(*given, **more):
        seconds.passed += 1.5
        return read_rows(*given, **more)

    monkeypatch.setattr("dashboard.views.snapshot.read_rows", slow_read)
    keeper = SnapshotKeeper(store, store.engine.clock, seconds=seconds)
    first = keeper.latest(incident.id)
    take(store, incident, "dam")
    seconds.passed += 2.9
    assert keeper.latest(incident.id) is first
    seconds.passed += 0.2
    assert keeper.latest(incident.id) is not first


def test_whoever_acted_sees_it_at_once(store, keeper, incident):
    keeper.latest(incident.id)
    take(store, incident, "dam")
    assert keeper.latest(incident.id, fresh=True).rows["dam"].owner.name == WHO.name


def test_rates_decay_in_silence_once_a_minute_has_passed(store, keeper, seconds, incident):
    first = later(keeper, seconds, incident)
    store.engine.clock.advance_to(first.taken_at + timedelta(minutes=61))
    assert first.rows["dam"].growth.per_hour == 1
    assert later(keeper, seconds, incident).rows["dam"].growth.per_hour == 0


def test_a_viewer_two_versions_behind_gets_exactly_the_changes(store, keeper, seconds, incident):
    token = later(keeper, seconds, incident).token
    judge(store, incident, [a_post("Bridge")], rumour="bridge")
    later(keeper, seconds, incident)
    take(store, incident, "dam")
    later(keeper, seconds, incident)
    changes = keeper.changes_since(incident.id, token)
    assert (changes.whole, changes.changed, changes.gone) == (False, {"bridge", "dam"}, set())


def test_a_viewer_who_has_the_latest_gets_nothing(keeper, seconds, incident):
    token = later(keeper, seconds, incident).token
    assert keeper.changes_since(incident.id, token).changed == set()


def test_a_viewer_too_far_behind_gets_everything(store, keeper, seconds, incident):
    token = later(keeper, seconds, incident).token
    for _ in range(DELTAS_KEPT + 1):
        take(store, incident, "dam")
        later(keeper, seconds, incident)
    changes = keeper.changes_since(incident.id, token)
    assert (changes.whole, changes.changed) == (True, {"dam", "looters"})


@pytest.mark.parametrize("token", [None, "", "nonsense", "0badcafe-1", "-1"])
def test_a_token_of_another_run_or_none_gets_everything(keeper, incident, token):
    keeper.latest(incident.id)
    assert keeper.changes_since(incident.id, token).whole


def test_a_page_is_read_once_a_snapshot_and_again_after_a_change(store, keeper, seconds, incident):
    page = keeper.page(incident.id, "dam")
    assert keeper.page(incident.id, "dam") is page
    take(store, incident, "dam")
    later(keeper, seconds, incident)
    assert keeper.page(incident.id, "dam").decisions[0].officer == WHO


def test_a_rumour_is_drawn_again_when_it_changed_or_a_minute_went_by(store, keeper, seconds, incident):
    snapshot = later(keeper, seconds, incident)
    stamp = redraw_stamp(snapshot, changed=False, before=None)
    assert redraw_stamp(snapshot, changed=False, before=stamp) is None
    assert redraw_stamp(snapshot, changed=True, before=stamp)
    store.engine.clock.advance_to(snapshot.taken_at + timedelta(minutes=1))
    assert redraw_stamp(later(keeper, seconds, incident), changed=False, before=stamp)
