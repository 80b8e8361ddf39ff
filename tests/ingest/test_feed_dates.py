"""Dates of feeds: whatever careless programs write, the moment that is meant, or none."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.sources.feed_dates import LONDON, feed_moment, writes_day_first


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("Sat, 18 Jul 2026 15:30:00 BST", "2026-07-18T14:30:00+00:00"),
        ("Fri, 20 Nov 2026 15:30:00 GMT", "2026-11-20T15:30:00+00:00"),
        ("Fri, 20 Nov 2026 15:30:00 CEST", "2026-11-20T13:30:00+00:00"),
        ("Fri, 20 Nov 2026 15:30:00 GMT+1", "2026-11-20T14:30:00+00:00"),
        ("Wed, 02 Oct 2002 08:00:00 EST", "2002-10-02T13:00:00+00:00"),
        ("Mon, May 25 2020 04:45:26 +0000", "2020-05-25T04:45:26+00:00"),
        ("ven., 20 nov. 2026 09:00:00 +0100", "2026-11-20T08:00:00+00:00"),
        ("vendredi 20 novembre 2026 à 9h05", "2026-11-20T09:05:00+00:00"),
        ("20. März 2026 um 9:05", "2026-03-20T09:05:00+00:00"),
        ("20 Gorffennaf 2026 09:05", "2026-07-20T08:05:00+00:00"),
        ("20 Sept 2026 9.05 p.m.", "2026-09-20T20:05:00+00:00"),
        ("9:05 PM · Nov 20, 2026", "2026-11-20T21:05:00+00:00"),
        ("2017-08-01 13:55:44.364419679 +0200 CEST", "2017-08-01T11:55:44.364419+00:00"),
        ("Thu, 02 Sep 2021 20:0:0 Z", "2021-09-02T20:00:00+00:00"),
        ("Thursday, 05-Nov-26 15:30:00 GMT", "2026-11-05T15:30:00+00:00"),
        ("20 November 2026, 15:30", "2026-11-20T15:30:00+00:00"),
        ("2026/11/05 10:00", "2026-11-05T10:00:00+00:00"),
        ("20.11.2026 15:30", "2026-11-20T15:30:00+00:00"),
        ("Sat, 18 Jul 2026 15:30:00 Europe/London", "2026-07-18T14:30:00+00:00"),
        ("1795176000", "2026-11-20T12:00:00+00:00"),
        ("1795176000000", "2026-11-20T12:00:00+00:00"),
        ("2026-07-18T15:30:00", "2026-07-18T14:30:00+00:00"),
    ],
)
def test_what_a_program_writes_is_read_as_it_is_meant(written, moment):
    assert feed_moment(written).isoformat() == moment


@pytest.mark.parametrize(
    "written",
    [
        "",
        "soon",
        "15:30",
        "5",
        "Fri, 31 Jun 2026 10:00:00 GMT",
        "31 juin 2026",
        "20 Foo 2026 10:00",
        "20 Nov 2026 15:30 IST",
        "20 Nov 2026 15:30 Mars/Base",
        "1" * 999,
    ],
)
def test_what_is_no_certain_moment_is_none(written):
    assert feed_moment(written) is None


@pytest.mark.parametrize(
    ("dates", "language", "day_first"),
    [
        (["05/11/2026 15:30"], "en-gb", True),
        (["05/11/2026 15:30"], "", True),
        (["05/11/2026 15:30"], "en-us", False),
        (["05/11/2026 15:30", "20/11/2026"], "en-us", True),
        (["Thu, 05/11/2026", "11/20/2026"], "en-gb", False),
        (["2026-11-20", "Fri, 20 Nov 2026"], "", True),
    ],
)
def test_a_feed_shows_whether_its_dates_begin_with_the_day(dates, language, day_first):
    assert writes_day_first(dates, language) is day_first


@given(st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC)))  # noqa: DTZ001 - bounds
def test_any_moment_of_a_year_is_read_back_from_british_words_with_their_zone(moment):
    moment = moment.replace(microsecond=0)
    written = f"{moment.astimezone(LONDON):%a, %d %b %Y %H:%M:%S %Z}"
    assert feed_moment(written) == moment
