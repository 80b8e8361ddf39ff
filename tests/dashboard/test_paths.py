"""Addresses are read as they were written, whatever an id holds."""

from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.paths import (
    AUDIT,
    INCIDENTS,
    NEW_INCIDENT,
    PARTS,
    SOURCES,
    Compared,
    Page,
    Place,
    as_of_in,
    at,
    board_path,
    bubbles_path,
    compare_path,
    compared_in,
    part_path,
    place_of,
    rumour_path,
)

IDS = st.text(st.characters(codec="utf-8"), min_size=1)


@given(IDS, IDS)
def test_an_address_is_read_as_it_was_written(incident, rumour):
    assert place_of(board_path(incident)) == Place(Page.BOARD, incident)
    assert [place_of(part_path(incident, part)) for part in PARTS] == [Place(part, incident) for part in PARTS]
    assert place_of(rumour_path(incident, rumour)) == Place(Page.RUMOUR, incident, rumour)
    assert place_of(bubbles_path(incident, rumour)) == Place(Page.BUBBLES, incident, rumour)


def test_pages_of_no_incident_have_addresses_of_their_own():
    pages = [place_of(path).page for path in (SOURCES, f"{SOURCES}/", INCIDENTS, NEW_INCIDENT, AUDIT)]
    assert pages == [Page.SOURCES, Page.SOURCES, Page.INCIDENTS, Page.NEW_INCIDENT, Page.AUDIT]


def test_what_names_no_page_is_no_place():
    paths = (
        "/",
        "",
        "/incident",
        "/incident/a/rumour",
        "/elsewhere/a",
        "/sources/x",
        "/incident/a/rumour/b/settings",
    )
    assert [place_of(path) for path in paths] == [None] * len(paths)


@given(st.datetimes(timezones=st.just(UTC)))
def test_the_moment_that_an_address_asks_for_is_read_as_it_was_written(moment):
    assert as_of_in(urlsplit(at("/sources", moment)).query) == moment


def test_an_address_without_a_moment_shows_the_present():
    assert at("/sources", None) == "/sources"
    assert as_of_in("") is None
    assert as_of_in("?words=flood") is None


@pytest.mark.parametrize("search", ["?as_of=", "?as_of=yesterday", "?as_of=2026-13-45T00:00Z"])
def test_what_is_no_moment_is_refused(search):
    with pytest.raises(ValueError, match=r"isoformat|month"):
        as_of_in(search)


@given(st.lists(st.tuples(IDS, IDS), max_size=4, unique=True), st.lists(IDS, max_size=3, unique=True), st.booleans())
def test_what_an_address_compares_is_read_as_it_was_written(rumours, beside, by_age):
    compared = Compared(tuple(rumours), tuple(beside), by_age)
    for as_of in (None, datetime(2026, 11, 20, 21, 40, tzinfo=UTC)):
        address = urlsplit(compare_path("a", compared, as_of))
        assert compared_in(address.query) == compared
        assert as_of_in(address.query) == as_of


def test_what_an_address_names_wrongly_is_not_compared():
    assert compared_in("?rumour=&rumour=a&rumour=a/&rumour=/b&rumour=a/b/c&by=century") == Compared()
