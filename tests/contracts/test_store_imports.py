"""Files that people read into incidents: each is an act that is kept, and its mapping is remembered by its header."""

from dataclasses import replace

import pytest

from models.domain.acts import Officer
from models.domain.imports import ImportEnd
from models.domain.reading import FileFact, Reading
from models.errors import Refused
from models.store.messages import Arrival
from tests.builders import NOON, OFFICER, an_import, an_incident


@pytest.fixture
def incident(store):
    return store.incidents.open(an_incident()).result().id


def test_an_import_is_kept_with_its_time_and_how_it_ended(store, incident, opening):
    begun = store.imports.begin(an_import(incident)).result()
    assert store.imports.of(incident) == [begun]
    store.imports.end(begun.id, ImportEnd.FAILED, "the file is cut off").result()
    (ended,) = opening().imports.of(incident)
    assert (ended.ended, ended.detail) == (ImportEnd.FAILED, "the file is cut off")
    assert begun.started_at < ended.ended_at


def test_the_latest_comes_first_and_as_known_earlier_it_had_neither_begun_nor_ended(store, incident):
    first = store.imports.begin(an_import(incident)).result()
    second = store.imports.begin(an_import(incident, number=2)).result()
    store.imports.end(first.id, ImportEnd.DONE).result()
    assert [one.id for one in store.imports.of(incident)] == [second.id, first.id]
    assert store.imports.of(incident, first.started_at) == [first]
    assert store.imports.of("another") == []


def test_the_mapping_of_the_latest_table_with_a_header_is_remembered(store, incident):
    for number in (1, 2):
        store.imports.begin(an_import(incident, number=number)).result()
    assert store.imports.like("shape").table.columns == {"text": "Body 2"}
    assert store.imports.like("another shape") is None
    assert store.imports.like("") is None


def test_the_same_file_twice_has_two_accounts(store, incident):
    for number in (1, 2):
        one = store.imports.begin(an_import(incident, number=number)).result()
        store.posts.add(Arrival(reading=Reading("import", 3, one.id))).result()
    assert {count.file: count.items for count in store.sources.reading_counts(source="import")} == {
        "import 1": 3,
        "import 2": 3,
    }


def test_what_was_told_of_a_file_is_known_as_it_was_at_a_moment(store, incident):
    def tell(*facts):
        store.posts.add(Arrival(reading=Reading("import", 1, "import 1", told=facts))).result()

    cut, surplus = FileFact("posts.csv", "rows cut off", 1), FileFact("posts.csv", "rows with surplus cells", 1)
    tell(cut)
    moment = store.imports.begin(an_import(incident)).result().started_at
    tell(replace(cut, items=5), surplus)
    assert store.sources.told_of_files("import", moment) == {"import 1": [cut]}
    assert store.sources.told_of_files("import") == {"import 1": [replace(cut, items=5), surplus]}


def test_the_same_request_again_is_the_same_import(store, incident):
    first = store.imports.begin(an_import(incident), "request").result()
    again = store.imports.begin(an_import(incident, number=2), "request").result()
    assert again == first
    assert store.imports.of() == [first]


@pytest.mark.parametrize("changes", [{"reason": " "}, {"officer": Officer("", "analyst")}, {"incident": "none"}])
def test_nothing_is_recorded_without_a_reason_a_name_and_an_incident(store, incident, changes):
    with pytest.raises(Refused):
        store.imports.begin(replace(an_import(incident), **changes)).result()
    assert store.imports.of() == []


def test_nothing_is_read_into_a_closed_incident(store, incident):
    store.incidents.record(an_incident(closed_at=NOON), OFFICER, "over").result()
    with pytest.raises(Refused, match="is closed"):
        store.imports.begin(an_import(incident)).result()
