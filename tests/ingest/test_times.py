"""Times as machines write them: one reader for all formats and sources."""

import doctest
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

import ingest.times
import models.clock
from ingest.times import http_moment, iso_moment, iso_time, moment

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.mark.parametrize("module", [ingest.times, models.clock])
def test_the_examples_in_docstrings_hold(module):
    outcome = doctest.testmod(module)
    assert outcome.attempted > 0
    assert outcome.failed == 0


@pytest.mark.parametrize(
    "written",
    [
        "2026-11-20T12:00:00Z",
        "2026-11-20 12:00",
        "2026-11-20T13:00:00+01:00",
        "Fri Nov 20 12:00:00 +0000 2026",
        1795176000,
        1795176000.0,
        "1795176000",
        1795176000000,
    ],
)
def test_a_moment_is_read_however_it_is_written(written):
    assert moment(written) == NOON
    assert moment(written).tzinfo is UTC


@pytest.mark.parametrize(
    "written", [None, "", "noon", True, [], "2026-13-01", float("nan"), 10**30, "12345678901234"]
)
def test_what_is_no_time_gives_none(written):
    assert moment(written) is None


def test_the_interchange_form_and_live_sources_are_read_as_iso_only():
    assert iso_moment("1795176000") is None
    assert iso_moment(1795176000) is None
    assert iso_moment("2026-11-20T12:00:00Z") == NOON


@pytest.mark.parametrize("written", ["0001-01-01T00:00:00+05:00", "9999-12-31T23:00:00-05:00"])
def test_at_the_edges_of_the_calendar_the_zone_is_left_out_of_account(written):
    assert iso_moment(written) == datetime.fromisoformat(written).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("header", "read"),
    [("Fri, 20 Nov 2026 12:00:00 GMT", NOON), ("Fri, 20 Nov 2026 12:00:00 -0000", NOON), ("soon", None), ("", None)],
)
def test_a_date_of_an_http_header(header, read):
    assert http_moment(header) == read


@given(st.datetimes(min_value=NOON.replace(tzinfo=None), timezones=st.timezones()))
def test_a_moment_survives_being_written_and_read(stated):
    assert iso_moment(stated.isoformat()) == datetime.fromisoformat(stated.isoformat()).astimezone(UTC)


@given(st.text() | st.integers() | st.floats() | st.none() | st.binary())
def test_anything_may_be_asked(value):
    read = moment(value)
    assert read is None or read.tzinfo is UTC
    iso_time(value)
    http_moment(value if isinstance(value, str) else "")
