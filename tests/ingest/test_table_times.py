"""Times in tables: which zone they are in when they do not say, which part of a date comes first, Excel's days."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.formats.tables.times import TableTimes
from ingest.formats.told import Told
from ingest.sources.archive import Archive
from tests.ingest.archives import records_of

LONDON = ZoneInfo("Europe/London")


def reader_of(*sample, zone: str = "Europe/London", told: Told | None = None) -> TableTimes:
    return TableTimes(zone, sample, "posts.csv", told or Told())


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2026-07-20 09:00:00", "2026-07-20T08:00:00Z"),
        ("2026-11-20 09:00", "2026-11-20T09:00:00Z"),
        ("2026-07-20T09:00:00Z", "2026-07-20T09:00:00Z"),
        ("2026-07-20T09:00:00+02:00", "2026-07-20T09:00:00+02:00"),
        ("20/11/2026 09:05", "2026-11-20T09:05:00Z"),
        ("05/11/2026 9:05:07 PM", "2026-11-05T21:05:07Z"),
        ("20.11.2026 09:05", "2026-11-20T09:05:00Z"),
        ("20/11/26", "2026-11-20T00:00:00Z"),
        ("20261120", "2026-11-20T00:00:00Z"),
        ("20 Nov 2026, 9:05 am", "2026-11-20T09:05:00Z"),
        ("20-Nov-2026 09:05PM", "2026-11-20T21:05:00Z"),
        ("Fri Nov 20 09:05:00 +0000 2026", "2026-11-20T09:05:00Z"),
        ("20 July 2026 09:05 BST", "2026-07-20T08:05:00Z"),
        ("20/07/26 09:05 BST", "2026-07-20T08:05:00Z"),
        ("20/11/2026 9:05 +0100", "2026-11-20T08:05:00Z"),
        ("20/11/2026 09:05 (GMT+1)", "2026-11-20T08:05:00Z"),
        ("Fri Nov 20 2026 09:05:00 GMT+0100 (Central European Standard Time)", "2026-11-20T08:05:00Z"),
        ("1795176000000000", "2026-11-20T12:00:00Z"),
        ("1795176000000000000", "2026-11-20T12:00:00Z"),
        ("2026-07-20 09:00 Europe/London", "2026-07-20T08:00:00Z"),
        ("2026-07-20T09:00:00+02:00[Europe/Paris]", "2026-07-20T07:00:00Z"),
        ("20261120090507", "2026-11-20T09:05:07Z"),
        ("202611200905", "2026-11-20T09:05:00Z"),
        ("46346.375", "2026-11-20T09:00:00Z"),
        ("46346,375", "2026-11-20T09:00:00Z"),
        (46223.375, "2026-07-20T08:00:00Z"),
        ("1795176000", "2026-11-20T12:00:00Z"),
        ("1795176000000", "2026-11-20T12:00:00Z"),
        (datetime.fromisoformat("2026-07-20 09:00"), "2026-07-20T08:00:00Z"),
        (date(2026, 11, 20), "2026-11-20T00:00:00Z"),
    ],
)
def test_a_time_is_read_as_the_table_writes_it(written, moment):
    assert reader_of().read(written) == moment


@pytest.mark.parametrize(
    "written",
    [
        "yesterday",
        "9:05",
        "20 Nov",
        "32/11/2026",
        "11/20/2026",
        "20 Nov 2026 9:05 XYZ",
        "20/11/2026 IST",
        "20261399",
        "",
        "x" * 200,
    ],
)
def test_what_is_no_whole_time_comes_back_as_it_is(written):
    assert reader_of().read(written) == written


def test_the_month_comes_first_where_the_file_shows_it():
    told = Told()
    reader = reader_of("11/05/2026", "11/20/2026", told=told)
    assert reader.read("11/05/2026 09:00") == "2026-11-05T09:00:00Z"
    assert "posts.csv: dates are read with the month first (11/20/2026)" in told.lines()


def test_the_zone_is_told_and_is_a_setting():
    told = Told()
    assert reader_of(zone="America/New_York", told=told).read("2026-07-20 09:00") == "2026-07-20T13:00:00Z"
    assert "posts.csv: times without a zone are read as America/New_York (--zone)" in told.lines()


def test_the_hour_that_comes_twice_is_the_first_of_the_two_and_told():
    told = Told()
    assert reader_of(told=told).read("2026-10-25 01:30") == "2026-10-25T00:30:00Z"
    assert any("comes twice" in line and line.endswith(": 1") for line in told.lines())


def test_a_time_that_the_clocks_left_out_is_told():
    told = Told()
    assert reader_of(told=told).read("2026-03-29 01:30") == "2026-03-29T01:30:00Z"
    assert any("left out in spring" in line for line in told.lines())


@given(seconds=st.integers(0, 365 * 86_400))
def test_any_moment_of_the_year_comes_back_from_local_time_but_for_the_second_of_two_hours(seconds):
    moment = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    local = moment.astimezone(LONDON)
    expected = moment - timedelta(hours=local.fold)
    for written in (f"{local:%Y-%m-%d %H:%M:%S}", f"{local:%d/%m/%Y %H:%M:%S}", f"{local:%d %b %Y %H:%M:%S}"):
        assert datetime.fromisoformat(reader_of().read(written)) == expected


@given(value=st.text(max_size=80) | st.floats() | st.integers() | st.booleans() | st.none())
def test_anything_at_all_is_read_or_comes_back(value):
    reader_of().read(value)


@pytest.mark.parametrize(
    ("column", "moment"),
    [
        ("created_utc", "2026-07-20T09:00:00Z"),
        ("Date (UTC)", "2026-07-20T09:00:00Z"),
        ("Timestamp GMT", "2026-07-20T09:00:00Z"),
        ("Time (UTC+2)", "2026-07-20T07:00:00Z"),
        ("Posted (BST)", "2026-07-20T08:00:00Z"),
        ("date", "2026-07-20T08:00:00Z"),
    ],
)
def test_the_name_of_a_column_may_say_the_zone_of_its_times(tmp_path, column, moment):
    (tmp_path / "posts.csv").write_text(
        f"Post ID,{column},Author,Message\n5,20/07/2026 09:00,ann,The dam has burst\n"
    )
    archive = Archive([tmp_path / "posts.csv"])
    assert [record["created_at"] for record in records_of(archive)] == [moment]
    assert any("which their column's name says" in line for line in archive.told) == (column != "date")
    said = Archive([tmp_path / "posts.csv"], zone="America/New_York")
    assert [record["created_at"] for record in records_of(said)] == ["2026-07-20T13:00:00Z"]
