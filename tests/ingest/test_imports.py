"""Files that people read into an incident: looked at, read, cancelled, and read again."""

from pathlib import Path

import pytest

from ingest.normal_form import NormalForm
from ingest.running import imports as imports_module
from ingest.running.imports import Imports
from ingest.sources import archive
from models.domain.imports import ImportEnd, TableReading, Takes
from models.domain.incidents import Watch
from models.domain.reading import Outcome
from models.errors import Refused, StoreError
from models.measures.reading_account import account_of
from tests.builders import NOON, OFFICER, a_clock, an_incident
from tests.waiting import until

AS_FOUND = TableReading({}, "Europe/London")
LARGEST = 10_000_000
HEADER = "Number;When;Body;Who\n"
ROWS = "".join(f'{n};20/11/2026 09:{n % 60:02};"the dam has burst {n}";@p{n}\n' for n in range(30))


@pytest.fixture
def incident(store):
    return store.incidents.record(an_incident(watch=Watch(terms=("dam",))), OFFICER, "opened").result().id


@pytest.fixture
def imports(store, tmp_path):
    made = an_imports(store, tmp_path)
    yield made
    made.close(5)


def an_imports(store, folder: Path) -> Imports:
    return Imports(store, a_clock(), folder, lambda name: NormalForm(name, b"key"), LARGEST)


def hand_in(imports, incident, text, name="posts.csv"):
    data = text if isinstance(text, bytes) else text.encode()
    upload = imports.begin_upload(name, len(data), incident, OFFICER)
    for at in range(0, len(data), 500):
        imports.receive(upload, at, data[at : at + 500])
    return upload


def read_in(imports, store, incident, text, table=AS_FOUND, takes=Takes.ALL, name="posts.csv"):
    """Import a file to its end; the import and its account."""
    upload = hand_in(imports, incident, text, name)
    begun = imports.start(upload, incident, table, takes, OFFICER, "asked for by silver")
    until(lambda: imports.progress() is None)
    (ended,) = [one for one in store.imports.of(incident) if one.id == begun.id]
    return ended, account(store, ended)


def account(store, one):
    return account_of(count for count in store.sources.reading_counts(source="import") if count.file == one.id)


def became(found):
    return {outcome: items for outcome, items in found.became.items() if items}


def test_a_look_says_what_the_file_is_and_how_its_first_rows_would_be_read(imports, incident):
    look = imports.look(hand_in(imports, incident, f"Export of 20 November\n{HEADER}{ROWS}"))
    assert look.seen.header == ("Number", "When", "Body", "Who")
    assert look.seen.columns == {"text": "Body"}
    assert look.seen.unread == ("Number", "When", "Who")
    assert (look.seen.form, look.seen.lines_above) == ("text in UTF-8, separated by semicolons", 1)
    assert len(look.rows) == 10
    assert look.rows[0].text == "the dam has burst 0"
    assert look.rows[0].created_at is None


def test_another_mapping_shows_other_rows_and_what_cannot_be_read(imports, incident):
    upload = hand_in(imports, incident, f"{HEADER}{ROWS}31;never;dam;@p31\n")
    mapped = TableReading({"id": "Number", "created_at": "When", "author": "Who"}, "Europe/London")
    look = imports.look(upload, mapped)
    assert (look.rows[0].created_at.isoformat(), look.rows[0].has_author) == ("2026-11-20T09:00:00+00:00", True)
    without = imports.look(upload, TableReading({"text": "When", "created_at": "Body"}, "Europe/London"))
    assert without.rows[0].problem == "wrong type: created_at"


def test_a_field_may_have_no_column(imports, incident):
    upload = hand_in(imports, incident, "id,text,lang\n1,dam,en\n")
    look = imports.look(upload, TableReading({"lang": ""}, "Europe/London"))
    assert look.seen.columns == {"id": "id", "text": "text"}
    assert look.seen.unread == ("lang",)


@pytest.mark.parametrize(
    ("table", "problem"),
    [
        (TableReading({"text": "Boddy"}, "Europe/London"), 'no column "Boddy" for text'),
        (TableReading({}, "Europe/Lundon"), 'Did you mean "Europe/London"?'),
        (TableReading({"words": "Body"}, "Europe/London"), 'no such name "words"'),
    ],
)
def test_what_cannot_be_followed_is_told_and_not_begun(imports, store, incident, table, problem):
    upload = hand_in(imports, incident, HEADER + ROWS)
    assert problem in imports.look(upload, table).problem
    with pytest.raises(Refused, match=r"no |Did you mean"):
        imports.start(upload, incident, table, Takes.ALL, OFFICER, "why")
    assert store.imports.of() == []


def test_an_import_is_accounted_for_by_itself_and_leaves_no_file(imports, store, incident, tmp_path):
    one, found = read_in(imports, store, incident, f"{HEADER}{ROWS}too;many;cells;in;this;row\n")
    assert (one.ended, one.officer, one.reason) == (ImportEnd.DONE, OFFICER, "asked for by silver")
    assert became(found) == {Outcome.KEPT: 30, Outcome.DEAD: 1}
    assert found.unaccounted == 0
    told = [fact.words for fact in store.sources.told_of_files("import")[one.id]]
    assert "separated by semicolons" in told
    assert list((tmp_path / "uploads").iterdir()) == []


def test_the_same_file_again_brings_nothing_twice_and_has_an_account_of_its_own(imports, store, incident):
    text = f"{HEADER}{ROWS}too;many;cells;in;this;row\n"
    first, _ = read_in(imports, store, incident, text)
    again, found = read_in(imports, store, incident, text)
    assert again.id != first.id
    assert became(found) == {Outcome.SEEN: 31}
    assert became(account(store, first)) == {Outcome.KEPT: 30, Outcome.DEAD: 1}


def test_two_files_of_one_name_keep_their_dead_letters_apart(imports, store, incident):
    for text in ("1;1;1;1;first\n", "1;1;1;1;second\n"):
        _, found = read_in(imports, store, incident, HEADER + ROWS + text)
        assert found.became[Outcome.DEAD] == 1
    assert len({letter.position for letter in store.sources.dead_letters("import", 9)}) == 2


def test_only_what_the_incident_watches_for_is_kept_where_that_is_asked(imports, store, incident):
    text = "id,text\n1,the dam\n2,lunch\n"
    _, found = read_in(imports, store, incident, text, takes=Takes.WATCHED)
    assert became(found) == {Outcome.KEPT: 1, Outcome.PASSED_OVER: 1}
    _, found = read_in(imports, store, incident, text)
    assert became(found) == {Outcome.KEPT: 1, Outcome.SEEN: 1}


def test_other_incidents_are_not_reached(imports, store, incident):
    store.incidents.record(an_incident("Another", watch=Watch(terms=("dam",))), OFFICER, "opened").result()
    read_in(imports, store, incident, "id,text\n1,the dam\n")
    assert list(store.posts.incidents_of(["1"]).values()) == [frozenset({incident})]


def test_a_file_is_read_into_the_incident_that_it_was_chosen_for_only(imports, store, incident):
    other = store.incidents.record(an_incident("Another"), OFFICER, "opened").result().id
    upload = hand_in(imports, incident, HEADER + ROWS)
    with pytest.raises(Refused, match="chosen for another incident"):
        imports.start(upload, other, AS_FOUND, Takes.ALL, OFFICER, "why")
    assert store.imports.of() == []


def test_a_mapping_that_was_confirmed_is_offered_for_the_same_header(imports, store, incident):
    mapped = TableReading({"id": "Number", "created_at": "When"}, "Asia/Tokyo")
    one, _ = read_in(imports, store, incident, HEADER + ROWS, mapped)
    look = imports.look(hand_in(imports, incident, f"number;WHEN;body;who\n{ROWS}"))
    assert look.remembered.id == one.id
    assert look.table == mapped
    assert look.rows[0].created_at.isoformat() == "2026-11-20T00:00:00+00:00"
    assert imports.look(hand_in(imports, incident, "Number;When;Who;Body\n")).remembered is None


class Held:
    """A stand-in for the end of a batch: the reading waits there until the test lets it go on."""

    def __init__(self, monkeypatch, batches):
        monkeypatch.setattr(archive, "BATCH_ITEMS", 10)
        self.saved = 0
        self.at, save = batches, imports_module.Worker.save

        def hold(worker, batch, **more):
            until(lambda: self.saved < self.at)
            self.saved += 1
            return save(worker, batch, **more)

        monkeypatch.setattr(imports_module.Worker, "save", hold)

    def go_on(self):
        self.at = 10_000


def test_cancelling_in_the_middle_loses_nothing_and_the_next_import_adds_what_is_missing(
    imports, store, incident, monkeypatch
):
    held = Held(monkeypatch, 1)
    upload = hand_in(imports, incident, HEADER + ROWS)
    begun = imports.start(upload, incident, AS_FOUND, Takes.ALL, OFFICER, "why")
    until(lambda: imports.progress().items == 10)
    imports.cancel(begun.id, OFFICER)
    assert imports.progress().cancelling
    held.go_on()
    until(lambda: imports.progress() is None)
    (one,) = store.imports.of(incident)
    kept = account(store, one).became[Outcome.KEPT]
    assert one.ended is ImportEnd.CANCELLED
    assert one.detail == f"by J. Officer (duty officer), after {kept} rows and 100% of the file"
    assert 0 < kept < 30
    _, again = read_in(imports, store, incident, HEADER + ROWS)
    assert became(again) == {Outcome.KEPT: 30 - kept, Outcome.SEEN: kept}


def test_an_incident_that_is_closed_in_the_middle_takes_no_more_and_the_import_says_so(
    imports, store, incident, monkeypatch
):
    held = Held(monkeypatch, 1)
    upload = hand_in(imports, incident, HEADER + ROWS)
    imports.start(upload, incident, AS_FOUND, Takes.ALL, OFFICER, "why")
    until(lambda: imports.progress().items == 10)
    store.incidents.record(an_incident(closed_at=NOON), OFFICER, "over").result()
    held.go_on()
    until(lambda: imports.progress() is None)
    (one,) = store.imports.of(incident)
    assert one.ended is ImportEnd.FAILED
    assert one.detail.endswith("of the file: the incident was closed.")


def test_the_next_import_begins_even_where_the_end_of_one_could_not_be_saved(imports, store, incident, monkeypatch):
    end = store.imports.end
    for fault in (StoreError("no space left on the disk"), OSError("gone")):

        def fail(*given, fault=fault):
            raise fault

        monkeypatch.setattr(store.imports, "end", fail)
        upload = hand_in(imports, incident, HEADER + ROWS)
        imports.start(upload, incident, AS_FOUND, Takes.ALL, OFFICER, "why")
        until(lambda: imports.progress() is None)
    monkeypatch.setattr(store.imports, "end", end)
    _, found = read_in(imports, store, incident, HEADER + ROWS)
    assert became(found) == {Outcome.SEEN: 30}


def test_a_request_that_comes_again_after_the_end_begins_nothing_and_is_told_nothing_false(imports, store, incident):
    upload = hand_in(imports, incident, HEADER + ROWS)
    asked = (upload, incident, AS_FOUND, Takes.ALL, OFFICER, "why")
    begun = imports.start(*asked)
    until(lambda: imports.progress() is None)
    assert imports.start(*asked).id == begun.id
    assert [one.id for one in store.imports.of()] == [begun.id]


def test_one_file_is_read_at_a_time(imports, incident, monkeypatch):
    held = Held(monkeypatch, 1)
    first, second = (hand_in(imports, incident, HEADER + ROWS) for _ in range(1)), None
    upload = next(first)
    begun = imports.start(upload, incident, AS_FOUND, Takes.ALL, OFFICER, "why")
    assert imports.start(upload, incident, AS_FOUND, Takes.ALL, OFFICER, "why") == begun
    second = hand_in(imports, incident, HEADER)
    with pytest.raises(Refused, match="Another file is being imported"):
        imports.start(second, incident, AS_FOUND, Takes.ALL, OFFICER, "why")
    held.go_on()
    until(lambda: imports.progress() is None)


def test_what_a_stop_broke_off_is_told_after_the_next_start_and_its_file_is_gone(
    imports, store, incident, monkeypatch, tmp_path
):
    held = Held(monkeypatch, 1)
    upload = hand_in(imports, incident, HEADER + ROWS)
    imports.start(upload, incident, AS_FOUND, Takes.ALL, OFFICER, "why")
    until(lambda: imports.progress().items == 10)
    imports.close(0.05)
    held.go_on()
    imports.close(5)
    an_imports(store, tmp_path)
    assert [one.ended for one in store.imports.of()] == [ImportEnd.BROKEN_OFF]
    assert not (tmp_path / "uploads").exists()


def test_a_file_that_ends_in_damage_keeps_what_came_before(imports, store, incident):
    text = HEADER.encode() + ROWS.encode() + b'"' + b"x" * 2_000_000
    one, found = read_in(imports, store, incident, text)
    assert one.ended is ImportEnd.DONE
    assert became(found) == {Outcome.KEPT: 30, Outcome.DEAD: 1}


def test_a_look_does_not_move_the_clock(store, incident, tmp_path):
    clock = a_clock()
    imports = Imports(store, clock, tmp_path, lambda name: NormalForm(name, b"key"), LARGEST)
    imports.look(hand_in(imports, incident, "id,text,created_at\n1,dam,2026-11-20T18:00:00Z\n"))
    assert clock.now() == NOON


def test_a_header_that_tells_nothing_is_shown_so_that_a_person_can_say_what_is_what(imports, incident):
    text = "Downloaded by P. Smith\n\nNr;Moment;Words\n1;20/11/2026 09:00;the dam\n2;20/11/2026 09:01;it burst\n"
    upload = hand_in(imports, incident, text)
    look = imports.look(upload)
    assert look.seen.header == ("Nr", "Moment", "Words")
    assert (
        look.problem == "The names of the columns do not tell what they hold. Choose at least the column of the text."
    )
    mapped = imports.look(upload, TableReading({"text": "Words"}, "Europe/London"))
    assert (mapped.problem, [row.text for row in mapped.rows]) == (None, ["the dam", "it burst"])
