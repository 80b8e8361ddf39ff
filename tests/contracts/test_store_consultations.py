"""Who took what out of an incident is recorded before it is handed out, and never changed."""

from dataclasses import replace
from datetime import timedelta

import pytest

from models.domain.acts import Consultation, Officer
from models.errors import Refused
from models.store import Store
from tests.builders import NOON, OFFICER, an_incident


@pytest.fixture
def taken(store: Store) -> Consultation:
    incident = store.incidents.open(an_incident()).result()
    return Consultation(incident.id, "csv", "the whole incident", NOON - timedelta(hours=1), OFFICER, "debrief")


def test_what_was_recorded_is_what_was_said_with_its_time(store, taken):
    recorded = store.consultations.record(replace(taken, reason="  debrief ")).result()
    assert recorded == replace(taken, recorded_at=recorded.recorded_at)
    assert store.consultations.of(taken.incident) == [recorded]


def test_the_newest_comes_first_and_as_known_earlier_the_later_is_not_there(store, taken):
    first = store.consultations.record(taken).result()
    second = store.consultations.record(replace(taken, what="report, pdf")).result()
    assert store.consultations.of(taken.incident) == [second, first]
    assert store.consultations.of(taken.incident, first.recorded_at) == [first]


def test_those_of_another_incident_are_not_told(store, taken):
    store.consultations.record(taken).result()
    assert store.consultations.of("another") == []


def test_they_outlive_a_restart_and_the_clock_goes_on_after_them(store, taken, opening):
    recorded = store.consultations.record(taken).result()
    again = opening()
    assert again.consultations.of(taken.incident) == [recorded]
    assert again.last_known_at() == recorded.recorded_at


@pytest.mark.parametrize(
    "changes", [{"reason": " "}, {"officer": Officer("", "analyst")}, {"incident": "there is none"}]
)
def test_nothing_is_recorded_without_a_reason_a_name_and_an_incident(store, taken, changes):
    with pytest.raises(Refused):
        store.consultations.record(replace(taken, **changes)).result()
    assert store.consultations.of(taken.incident) == []
