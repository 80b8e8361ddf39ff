"""The audit of a store: every act and consultation enters itself, and what is done to the tables is found."""

import threading
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from models.domain.acts import Act, Consultation, Officer
from models.domain.audit import AuditEntry, AuditFilter, AuditKind, AuditNote
from models.domain.imports import ImportEnd
from models.errors import Refused
from models.store import Store
from tests.builders import NOON, OFFICER, an_import
from tests.contracts import test_same_request as same_request
from tests.contracts.engines import Engine
from tests.contracts.test_store_who_acts import BY_SIGNED_IN, DOES, REQUEST, SIGNED_IN
from tests.contracts.two_rumours import refused

# The store on which every act can be done.
prepared, folder, incident = same_request.prepared, same_request.folder, same_request.incident

# What an act is called in the audit, where that differs from what it is called here; and where it is done.
WHAT = {
    "take-something-out": "csv 1",
    "import-a-file": "import",
    "switch-source": "stop-source",
    "record-user": "add-user",
}
NOT_HERE = {
    "open-incident": "incident-flood 1",
    "permit-source": None,
    "switch-source": None,
    "discard-letter": None,
    "record-user": None,
}
KIND = {"take-something-out": AuditKind.CONSULTATION, "record-user": AuditKind.USER}


def entries(store: Store, **which) -> list[AuditEntry]:
    return store.audit.entries(AuditFilter(**which))


def look(store: Store, subject: str = "dam", officer: Officer = SIGNED_IN) -> AuditEntry:
    note = AuditNote(AuditKind.CONSULTATION, "posts of a rumour", officer, "incident-Northgate flood", subject)
    return store.audit.note(note).result()


# --- What is entered -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("act", DOES)
def test_every_act_enters_itself_once_with_who_acted(act, store, incident, opening):
    DOES[act](store, incident, BY_SIGNED_IN, REQUEST).result()
    again = opening()
    entered = entries(again, who=SIGNED_IN.user)
    one = entered[0]
    # To finish, one must have coded.
    assert [one.note.what for one in entered] == [WHAT.get(act, act), *(["code"] if act == "finish-coding" else [])]
    assert one.note.officer == SIGNED_IN
    assert one.note.kind is KIND.get(act, AuditKind.ACT)
    assert one.note.incident == NOT_HERE.get(act, incident)
    assert again.audit.verify() == []


def test_the_same_request_is_entered_once(store, incident):
    for _ in range(2):
        store.acts.decide(incident, "dam", Act.TAKE, SIGNED_IN, "checking", REQUEST).result()
    assert len(entries(store, who=SIGNED_IN.user)) == 1


def test_an_act_that_is_refused_is_not_entered(store, incident):
    head = store.audit.head()
    assert refused(lambda: store.acts.decide(incident, "no rumour", Act.TAKE, SIGNED_IN, "checking"))
    assert store.audit.head() == head
    assert look(store).number == head.number + 1
    assert store.audit.verify() == []


def test_a_decision_is_entered_with_its_reason_and_a_correction_by_its_id(store, incident):
    store.acts.decide(incident, "dam", Act.TAKE, SIGNED_IN, "checking").result()
    made = DOES["correct"](store, incident, BY_SIGNED_IN, REQUEST).result()
    correct, take = entries(store, who=SIGNED_IN.user)
    assert (take.note.what, take.note.subject, take.note.reason) == ("take", "dam", "checking")
    assert (correct.note.what, correct.note.subject) == ("correct", made.id)


def test_what_is_no_act_is_noted_and_no_view_changes_by_it(store, incident):
    version = store.views.version
    made = look(store)
    store.consultations.record(Consultation(incident, "csv", "all", NOON, SIGNED_IN, "asked")).result()
    assert store.views.version == version
    assert [one.note.what for one in entries(store, who=SIGNED_IN.user)] == ["csv", "posts of a rumour"]
    assert entries(store, who=SIGNED_IN.user)[1] == made


def test_several_are_entered_in_their_order_all_or_none(store):
    before = store.audit.head().number
    notes = [AuditNote(AuditKind.CONSULTATION, what, who) for what in "ab" for who in (None, SIGNED_IN, OFFICER)]
    made = store.audit.note_all(notes).result()
    assert [(one.note.what, one.note.officer) for one in made] == [(one.what, one.officer) for one in notes]
    assert [one.number for one in made] == list(range(before + 1, before + 7))
    assert store.audit.entries(after=None, limit=6) == made[::-1]
    with pytest.raises(Refused):
        store.audit.note_all([*notes, replace(notes[0], reason=" ")])
    assert look(store).previous == made[-1].link
    assert store.audit.verify() == []


def test_a_refused_sign_in_names_nobody_who_was_not_signed_in(store):
    made = store.audit.note(AuditNote(AuditKind.SIGN_IN, "refused", None, subject="j.officer")).result()
    assert made.note.officer is None
    assert entries(store, kind=AuditKind.SIGN_IN) == [made]


@pytest.mark.parametrize(
    ("note", "field"),
    [
        (AuditNote(AuditKind.CONSULTATION, "posts", Officer(" ", "duty")), "name"),
        (AuditNote(AuditKind.CONSULTATION, "posts", OFFICER, reason=" "), "reason"),
    ],
)
def test_a_note_of_nobody_or_with_an_empty_reason_is_refused(store, note, field):
    with pytest.raises(Refused) as refusal:
        store.audit.note(note)
    assert list(refusal.value.problems) == [field]


def test_an_import_that_ends_by_itself_is_nobodys_act(store, incident):
    one = store.imports.begin(an_import(incident)).result()
    head = store.audit.head()
    store.imports.end(one.id, ImportEnd.DONE).result()
    assert store.audit.head() == head


# --- What is found again -------------------------------------------------------------------------------------------


def test_entries_are_found_by_time_incident_person_and_kind(store, incident):
    first = look(store)
    by_name = look(store, officer=OFFICER, subject="bridge")
    signed_in = store.audit.note(AuditNote(AuditKind.SIGN_IN, "signed in", SIGNED_IN)).result()
    assert entries(store, who=SIGNED_IN.user) == [signed_in, first]
    assert entries(store, who=SIGNED_IN.name) == [signed_in, first]
    assert entries(store, who=OFFICER.name)[0] == by_name
    assert entries(store, kind=AuditKind.SIGN_IN) == [signed_in]
    assert entries(store, kind=AuditKind.CONSULTATION, incident=incident) == [by_name, first]
    assert entries(store, since=by_name.entered_at) == [signed_in, by_name]
    assert entries(store, since=first.entered_at, until=signed_in.entered_at) == [by_name, first]
    assert entries(store, since=NOON + timedelta(days=300)) == []


def test_entries_are_found_by_what_they_are_about_and_without_incidents(store, incident):
    first, nowhere = look(store), store.audit.note(AuditNote(AuditKind.SIGN_IN, "signed in", SIGNED_IN)).result()
    assert entries(store, what="posts of a rumour") == [first]
    assert entries(store, what="nothing") == []
    assert entries(store, who=SIGNED_IN.user, without=(incident,)) == [nowhere]
    assert entries(store, who=SIGNED_IN.user, without=("another",)) == [nowhere, first]


def test_whom_entries_name_and_what_they_are_about_is_listed_once(store, incident):
    renamed = replace(SIGNED_IN, name="S. Renamed")
    for officer in (SIGNED_IN, OFFICER, renamed):
        look(store, officer=officer)
    store.audit.note(AuditNote(AuditKind.SIGN_IN, "refused", None)).result()
    named = {one.who: one.name for one in store.audit.people()}
    assert (named[SIGNED_IN.user], named[OFFICER.name]) == ("S. Renamed", OFFICER.name)
    assert {one.who for one in store.audit.people("another incident")} == set()
    assert SIGNED_IN.user in {one.who for one in store.audit.people(incident)}
    whats = store.audit.whats()
    assert whats.count((AuditKind.CONSULTATION, "posts of a rumour")) == 1
    assert (AuditKind.SIGN_IN, "refused") in whats


def test_the_list_goes_on_where_it_ended(store, incident):
    made = [look(store, str(number)) for number in range(5)][::-1]
    assert store.audit.entries(limit=3) == made[:3]
    assert store.audit.entries(after=made[2].number, limit=2) == made[3:]


# --- What is kept --------------------------------------------------------------------------------------------------


def test_the_chain_goes_on_after_a_restart(store, incident, opening):
    before = look(store)
    after = look(opening())
    assert (after.number, after.previous) == (before.number + 1, before.link)


def test_the_key_and_the_head_are_for_their_owner_only(store, incident, folder: Path):
    look(store)
    for name in ("audit.key", "audit.head"):
        assert (folder / name).stat().st_mode & 0o777 == 0o600


def test_a_crash_before_the_head_is_noted_is_no_fault(store, incident, opening, folder: Path):
    look(store)
    older = (folder / "audit.head").read_bytes()
    last = look(store)
    (folder / "audit.head").write_bytes(older)
    again = opening()
    assert again.audit.verify() == []
    assert again.audit.head().number == last.number
    assert look(again).previous == last.link


def test_an_end_that_was_cut_off_shows_for_good(store, incident, opening, engine: Engine):
    kept, *cut = [look(store).number for _ in range(4)]
    engine.looks(store, f"delete from audit_entries where number > {kept}")
    again = opening()
    assert faults(again) == [("cut off", cut[0], cut[-1])]
    look(again)
    assert faults(opening()) == [("removed", cut[0], cut[-1])]


def test_entries_that_somebody_appended_are_never_gone_on_with(store, incident, opening, engine: Engine):
    last = look(store)
    forged = f"select * replace (number + 1 as number) from audit_entries where number = {last.number}"
    engine.looks(store, f"insert into audit_entries {forged}")
    again = opening()
    assert faults(again) == [("inserted", last.number + 1, last.number + 1)]
    assert look(again).previous == last.link
    assert faults(again) == [("inserted", last.number + 1, last.number + 1)]


def test_two_who_act_at_once_are_entered_one_after_the_other(store, incident):
    first = store.audit.head().number
    threads = [threading.Thread(target=lambda: [look(store) for _ in range(20)]) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert store.audit.head().number == first + 80
    assert store.audit.verify() == []


# --- What is done to it --------------------------------------------------------------------------------------------


def faults(store: Store) -> list[tuple[str, int, int]]:
    return [(one.kind.value, one.first, one.last) for one in store.audit.verify()]


def test_every_column_of_an_entry_is_guarded(store, incident, engine: Engine):
    """Without the code that reads it: each column of each kind of entry is changed in the table itself."""
    DOES["take"](store, incident, BY_SIGNED_IN, REQUEST).result()
    store.audit.note(AuditNote(AuditKind.SIGN_IN, "refused", None)).result()
    columns = engine.looks(
        store,
        "select column_name, data_type from information_schema.columns where table_name = 'audit_entries' order by 1",
    )
    engine.looks(store, "create table kept as select * from audit_entries")
    last = store.audit.head().number
    for number in (last - 1, last):
        for name, kind in columns:
            other = {"BIGINT": "1000", "TIMESTAMP": f"coalesce({name}, now()::timestamp) + interval 1 microsecond"}
            changed = other.get(kind, f"coalesce({name}, '') || 'x'")
            engine.looks(store, f"update audit_entries set {name} = {changed} where number = {number}")
            assert any(number in (one.first, one.last) or one.first == 1000 for one in store.audit.verify()), name
            engine.looks(store, "delete from audit_entries")
            engine.looks(store, "insert into audit_entries from kept")
    assert store.audit.verify() == []


DECISION = "decisions where number = (select max(number) from decisions)"


@pytest.mark.parametrize(
    ("done", "named"),
    [
        ("update decisions set reason = 'other' where number = {number}", "record changed"),
        ("update decisions set officer = 'Other' where number = {number}", "record changed"),
        ("update decisions set known_at = known_at - interval 1 day where number = {number}", "record removed"),
        ("update decisions set request = 'other' where number = {number}", "record changed"),
        ("update decisions set link = repeat('0', 32) where number = {number}", "record changed"),
        ("delete from decisions where number = {number}", "record removed"),
        ("insert into decisions from decisions where number = {number}", "record inserted"),
        ("update consultations set filter = 'other'", "record changed"),
        ("update consultations set reason = 'other'", "record changed"),
        ("delete from consultations", "record removed"),
        ("insert into consultations from consultations", "record inserted"),
    ],
)
def test_what_is_done_to_decisions_and_consultations_is_found_by_their_entries(
    done, named, store, incident, engine: Engine
):
    store.consultations.record(Consultation(incident, "csv", "all", NOON, SIGNED_IN, "asked")).result()
    number = store.acts.decide(incident, "dam", Act.TAKE, SIGNED_IN, "checking").result().number
    take, taken = entries(store, who=SIGNED_IN.user)
    engine.looks(store, done.format(number=number))
    expected = taken.number if "consultations" in done else take.number
    assert (named, expected, expected) in faults(store)


def test_a_decision_that_no_act_made_is_found(store, incident, engine: Engine):
    store.acts.decide(incident, "dam", Act.TAKE, SIGNED_IN, "checking").result()
    forged = "select * replace (number + 1 as number, now()::timestamp as known_at)"
    engine.looks(store, f"insert into decisions {forged} from {DECISION}")
    assert ("record inserted", 0, 0) in faults(store)


def test_decisions_from_before_the_audit_are_bound_by_its_first_entry(
    store, incident, opening, engine: Engine, folder
):
    engine.looks(store, "delete from audit_entries")
    (folder / "audit.head").unlink()
    again = opening()
    assert faults(again) == []
    (began,) = again.audit.entries()
    assert began.note.kind is AuditKind.BEGINNING
    again.acts.decide(incident, "dam", Act.TAKE, SIGNED_IN, "checking").result()
    assert faults(again) == []
    engine.looks(again, "update decisions set officer = 'Other' where number = 1")
    assert ("record changed", 1, 1) in faults(again)
