"""What people say of an incident becomes the incident that is recorded; what is wrong is told all at once."""

import contextlib
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.forms.incident_fields import incident_from
from models.domain.ids import stable_id
from models.domain.incidents import Incident, Retention, Watch
from models.errors import Refused
from tests.builders import NOON, an_incident

SAID = {"name": "Northgate flood", "purpose": "public safety", "lawful_basis": "public task"}
LATER = NOON + timedelta(hours=1)
SQUARE = '{"type": "Polygon", "coordinates": [[[0, 50], [1, 50], [1, 51], [0, 51], [0, 50]]]}'


def test_a_new_incident_is_opened_now_and_named_by_its_name_and_moment():
    made = incident_from({**SAID, "terms": "dam\n  London Zoo \n\n#flood"}, None, NOON)
    assert made.id == stable_id("incident", "Northgate flood", NOON.isoformat())
    assert (made.opened_at, made.closed_at, made.exercise) == (NOON, None, False)
    assert made.watch.terms == ("dam", "London Zoo", "#flood")


def test_lists_may_be_lists_or_text():
    as_text = incident_from({**SAID, "languages": "en, CY", "accounts": "@police\n@fire", "area": SQUARE}, None, NOON)
    as_list = incident_from(
        {**SAID, "languages": ["en", "cy"], "accounts": ["@police", "@fire"], "area": SQUARE}, None, NOON
    )
    assert as_text == as_list
    assert as_text.watch.languages == ("en", "cy")


def test_what_is_not_said_stays_as_it_is():
    before = an_incident(watch=Watch(terms=("dam",), sources=("feeds",)), retention=Retention.MAJOR)
    after = incident_from({"terms": "dam\nreservoir"}, before, LATER)
    assert after.watch == Watch(terms=("dam", "reservoir"), sources=("feeds",))
    assert (after.id, after.opened_at, after.retention) == (before.id, NOON, Retention.MAJOR)


def test_closing_and_opening_again():
    closed = incident_from({"closed": True}, an_incident(), LATER)
    assert closed.closed_at == LATER
    assert incident_from({"closed": True}, closed, LATER + timedelta(hours=1)).closed_at == LATER
    assert incident_from({"closed": False}, closed, LATER).closed_at is None


def test_every_problem_is_told_at_once_by_field():
    with pytest.raises(Refused) as refused:
        incident_from(
            {"name": " ", "terms": "the", "area": "here", "retention": "for ever", "languages": 5}, None, NOON
        )
    assert set(refused.value.problems) == {
        "name",
        "purpose",
        "lawful_basis",
        "terms",
        "area",
        "retention",
        "languages",
    }


_ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=2),
    max_leaves=4,
)
_FIELDS = (
    "name",
    "purpose",
    "lawful_basis",
    "terms",
    "languages",
    "accounts",
    "sources",
    "area",
    "retention",
    "closed",
    "exercise",
)


@given(st.dictionaries(st.sampled_from(_FIELDS), _ANYTHING))
def test_whatever_is_said_is_an_incident_or_is_refused(said):
    with contextlib.suppress(Refused):
        assert isinstance(incident_from({**SAID, **said}, None, NOON), Incident)
