"""The quick look at a chain says that all is well exactly where the slow one finds nothing."""

from dataclasses import replace
from random import Random

import pytest

from models.domain.audit import AuditedRecord, AuditEntry, AuditHead, AuditKind, AuditNote
from models.people.audit import next_entry
from models.people.audit_faults import audit_faults
from models.people.audit_followed import Followed
from models.store.duckdb import audit as audit_store
from tests.builders import NOON, OFFICER
from tests.models.test_audit_faults import DONE_TO_ROWS, FIELDS, HEAD, KEY, MANY, WHOLE, at, head_of, with_note


def is_whole(entries: list[AuditEntry], head: AuditHead | None = HEAD, batch: int = 7, records=()) -> bool:
    """As the store follows them: in the order of their numbers, a batch at a time, then counted."""
    rows = sorted(entries, key=lambda one: one.number)
    followed = Followed(KEY, head)
    for start in range(0, len(rows), batch):
        if not followed.go_on(rows[start : start + batch]):
            return False
    return followed.number == len(rows) and followed.is_whole(list(records))


@pytest.mark.parametrize("batch", [1, 7, MANY, 1_000])
def test_a_chain_that_nobody_touched_is_whole(batch):
    assert is_whole(WHOLE, batch=batch)
    assert is_whole([], None)
    assert is_whole(WHOLE, head_of(WHOLE[:-3]))


@pytest.mark.parametrize("block", range(4))
def test_no_change_that_the_slow_look_finds_is_whole(block):
    for seed in range(block * 100, block * 100 + 100):
        random = Random(seed)
        entries, _ = random.choice(DONE_TO_ROWS)(random)
        assert is_whole(entries) is (audit_faults(entries, HEAD, KEY) == []), seed


@pytest.mark.parametrize(("field", "changes"), FIELDS.items(), ids=list(FIELDS))
def test_a_chain_with_one_field_changed_is_not_whole(field, changes):
    for number in (1, 17, MANY):
        assert not is_whole([*WHOLE[: at(number)], changes(WHOLE[at(number)], Random(1)), *WHOLE[number:]])


@pytest.mark.parametrize(
    ("entries", "head"),
    [(WHOLE[:30], HEAD), (WHOLE, None), ([], HEAD), (WHOLE, AuditHead(MANY, "0" * 64))],
    ids=["cut-off", "no-head", "nothing-left", "another-head"],
)
def test_a_chain_that_its_head_does_not_know_is_not_whole(entries, head):
    assert not is_whole(entries, head)


def test_an_erased_reason_is_well_where_an_entry_says_so():
    erased = [*WHOLE[:4], replace(with_note(WHOLE[4], reason=None), salt=None), *WHOLE[5:]]
    assert not is_whole(erased)
    says_so = AuditNote(AuditKind.ERASURE, "reason", OFFICER, subject="5", reason="the law asks it")
    erased.append(next_entry(MANY + 1, erased[-1].link, says_so, NOON, KEY))
    assert is_whole(erased, head_of(erased))


def test_a_record_that_was_never_entered_is_not_whole():
    assert not is_whole(WHOLE, records=[AuditedRecord("decision 1", "digest", "reason", NOON)])


LOOK = AuditNote(AuditKind.CONSULTATION, "posts of a rumour", OFFICER, "flood", "dam", "asked for", NOON)


@pytest.mark.parametrize(
    "done",
    [
        "insert into audit_entries from audit_entries where number = 4",
        "insert into audit_entries select * replace (0 as number) from audit_entries where number = 4",
        "insert into audit_entries select * replace (-9 as number) from audit_entries where number = 4",
        "insert into audit_entries select * replace (99 as number) from audit_entries where number = 4",
        "update audit_entries set what = 'other' where number = 8",
        "delete from audit_entries where number = 4",
        "delete from audit_entries where number = 8",
    ],
)
def test_what_is_done_at_the_edge_of_a_batch_is_found(done, store, monkeypatch):
    monkeypatch.setattr(audit_store, "BATCH", 4)
    for _ in range(8):
        store.audit.note(LOOK).result()
    assert store.audit.verify() == []
    with store.engine.connection.cursor() as connection:
        connection.execute(done)
    assert store.audit.verify() != []


def test_who_follows_a_long_chain_is_told_how_far_it_is_and_may_stop(store, monkeypatch):
    monkeypatch.setattr(audit_store, "BATCH", 4)
    for _ in range(10):
        store.audit.note(LOOK).result()
    told: list[int] = []
    assert store.audit.verify(lambda number: not told.append(number)) == []
    assert told == [4, 8, 10]
    assert store.audit.verify(lambda number: number < 8) == []
