"""Addresses are read as they were written, whatever an id holds."""

from hypothesis import given
from hypothesis import strategies as st

from dashboard.paths import Place, board_path, place_of, rumour_path

IDS = st.text(st.characters(codec="utf-8"), min_size=1)


@given(IDS, IDS)
def test_an_address_is_read_as_it_was_written(incident, rumour):
    assert place_of(board_path(incident)) == Place(incident)
    assert place_of(rumour_path(incident, rumour)) == Place(incident, rumour)


def test_what_names_no_page_is_no_place():
    assert [place_of(path) for path in ("/", "/incident", "/incident/a/rumour", "/elsewhere/a")] == [None] * 4
