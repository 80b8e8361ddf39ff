"""Addresses are read as they were written, whatever an id holds."""

from hypothesis import given
from hypothesis import strategies as st

from dashboard.paths import (
    INCIDENTS,
    NEW_INCIDENT,
    SOURCES,
    Page,
    Place,
    board_path,
    place_of,
    rumour_path,
    settings_path,
)

IDS = st.text(st.characters(codec="utf-8"), min_size=1)


@given(IDS, IDS)
def test_an_address_is_read_as_it_was_written(incident, rumour):
    assert place_of(board_path(incident)) == Place(Page.BOARD, incident)
    assert place_of(settings_path(incident)) == Place(Page.SETTINGS, incident)
    assert place_of(rumour_path(incident, rumour)) == Place(Page.RUMOUR, incident, rumour)


def test_pages_of_no_incident_have_addresses_of_their_own():
    pages = [place_of(path).page for path in (SOURCES, f"{SOURCES}/", INCIDENTS, NEW_INCIDENT)]
    assert pages == [Page.SOURCES, Page.SOURCES, Page.INCIDENTS, Page.NEW_INCIDENT]


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
