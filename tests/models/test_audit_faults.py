"""Whatever is done to the entries of the audit is found, and placed."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest

from models.domain.acts import Officer
from models.domain.audit import AuditEntry, AuditHead, AuditKind, AuditNote, FaultKind
from models.people.audit import FIRST_AUDIT_LINK, next_entry, proves
from models.people.audit_faults import MOST_FAULTS, audit_faults
from tests.builders import NOON, OFFICER

KEY, ANOTHER_KEY = b"k" * 32, b"a" * 32
SIGNED_IN = Officer("S. Igned-In", "duty", "Northgate Police", "u17")
MANY = 40


def a_note(number: int) -> AuditNote:
    return AuditNote(
        kind=list(AuditKind)[number % 4],
        what=f"what {number}",
        officer=(OFFICER, SIGNED_IN, None)[number % 3],
        incident=f"incident {number % 2}" if number % 5 else None,
        subject=f"subject {number}",
        reason=f"reason {number}" if number % 4 else None,
        at=NOON + timedelta(minutes=number),
    )


def chain(count: int = MANY, key: bytes = KEY, notes: Callable[[int], AuditNote] = a_note) -> list[AuditEntry]:
    entries: list[AuditEntry] = []
    for number in range(1, count + 1):
        previous = entries[-1].link if entries else FIRST_AUDIT_LINK
        entries.append(next_entry(number, previous, notes(number), NOON + timedelta(seconds=number), key))
    return entries


def head_of(entries: Sequence[AuditEntry]) -> AuditHead:
    return AuditHead(entries[-1].number, entries[-1].link)


WHOLE = chain()
HEAD = head_of(WHOLE)


def faults(entries: Sequence[AuditEntry], head: AuditHead | None = HEAD) -> list[tuple[str, int, int]]:
    return [(one.kind.value, one.first, one.last) for one in audit_faults(entries, head, KEY)]


def at(number: int) -> int:
    return number - 1


def numbered_anew(entries: Sequence[AuditEntry]) -> list[AuditEntry]:
    return [replace(one, number=number) for number, one in enumerate(entries, start=1)]


def forged(number: int) -> AuditEntry:
    """What somebody without the key makes of all that they can read."""
    previous = WHOLE[at(number) - 1].link if number > 1 else FIRST_AUDIT_LINK
    return next_entry(number, previous, a_note(number + 100), NOON, ANOTHER_KEY)


def test_a_chain_that_nobody_touched_has_no_faults():
    assert faults(WHOLE) == []
    assert faults([], None) == []


def test_after_a_crash_the_head_lags_behind_and_that_is_no_fault():
    assert faults(WHOLE, head_of(WHOLE[:-3])) == []


FIELDS = {
    "number": lambda one, _: replace(one, number=one.number + MANY),
    "kind": lambda one, _: with_note(one, kind=AuditKind.ERASURE),
    "no-kind": lambda one, _: with_note(one, kind="nothing"),
    "what": lambda one, _: with_note(one, what="other"),
    "incident": lambda one, _: with_note(one, incident="other"),
    "no-incident": lambda one, _: with_note(one, incident=None if one.note.incident else "other"),
    "subject": lambda one, _: with_note(one, subject="other"),
    "record": lambda one, _: with_note(one, record="other"),
    "officer": lambda one, _: with_note(one, officer=Officer("Other", "duty")),
    "role": lambda one, _: with_officer(one, role="other"),
    "service": lambda one, _: with_officer(one, service="other"),
    "user": lambda one, _: with_officer(one, user="other"),
    "reason": lambda one, _: with_note(one, reason="other"),
    "no-reason": lambda one, _: with_note(one, reason=None if one.note.reason else "other"),
    "happened-at": lambda one, _: with_note(one, at=NOON - timedelta(days=1)),
    "no-time": lambda one, _: with_note(one, at=None),
    "entered-at": lambda one, random: replace(one, entered_at=NOON - timedelta(microseconds=random.randint(1, 9))),
    "salt": lambda one, _: replace(one, salt="00" * 16),
    "no-hex": lambda one, _: replace(one, salt="no salt"),
    "reason-digest": lambda one, _: replace(one, reason_digest="00" * 16),
    "previous": lambda one, _: replace(one, previous="ab" * 32),
    "link": lambda one, _: replace(one, link="00" * 32),
    "another": lambda one, random: replace(forged(one.number), salt=None),
}


def with_note(one: AuditEntry, **changes) -> AuditEntry:
    return replace(one, note=replace(one.note, **changes))


def with_officer(one: AuditEntry, **changes) -> AuditEntry:
    return with_note(one, officer=replace(one.note.officer or OFFICER, **changes))


def change(random: Random) -> tuple[list[AuditEntry], set[int]]:
    number = random.randint(1, MANY)
    changed = random.choice(list(FIELDS.values()))(WHOLE[at(number)], random)
    return [*WHOLE[: at(number)], changed, *WHOLE[number:]], {number, changed.number}


def remove(random: Random) -> tuple[list[AuditEntry], set[int]]:
    first = random.randint(1, MANY)
    last = min(MANY, first + random.choice([0, 0, 0, 1, 5]))
    return [*WHOLE[: at(first)], *WHOLE[last:]], {first}


def remove_and_number_anew(random: Random) -> tuple[list[AuditEntry], set[int]]:
    number = random.randint(1, MANY)
    return numbered_anew([*WHOLE[: at(number)], *WHOLE[number:]]), {number}


def insert(random: Random) -> tuple[list[AuditEntry], set[int]]:
    number = random.randint(1, MANY + 1)
    return [*WHOLE[: at(number)], forged(number), *WHOLE[at(number) :]], {number}


def insert_and_number_anew(random: Random) -> tuple[list[AuditEntry], set[int]]:
    entries, where = insert(random)
    return numbered_anew(entries), where


def duplicate(random: Random) -> tuple[list[AuditEntry], set[int]]:
    number, where = random.randint(1, MANY), random.randint(1, MANY + 1)
    copy = replace(WHOLE[at(number)], number=random.choice([number, where]))
    return [*WHOLE, copy], {copy.number}


def duplicate_and_number_anew(random: Random) -> tuple[list[AuditEntry], set[int]]:
    number, where = random.randint(1, MANY), random.randint(1, MANY + 1)
    # Beside the row that it copies nobody can tell which of the two is the copy.
    copy = WHOLE[at(number)]
    return numbered_anew([*WHOLE[: at(where)], copy, *WHOLE[at(where) :]]), {where, where - 1, where + 1}


def swap(random: Random) -> tuple[list[AuditEntry], set[int]]:
    one, other = random.sample(range(1, MANY + 1), 2)
    entries = list(WHOLE)
    entries[at(one)] = replace(WHOLE[at(other)], number=one)
    entries[at(other)] = replace(WHOLE[at(one)], number=other)
    return entries, {one, other}


def cut_the_tail(random: Random) -> tuple[list[AuditEntry], set[int]]:
    kept = random.randint(0, MANY - 1)
    return WHOLE[:kept], {kept + 1}


DONE_TO_ROWS = (
    change,
    remove,
    remove_and_number_anew,
    insert,
    insert_and_number_anew,
    duplicate,
    duplicate_and_number_anew,
    swap,
    cut_the_tail,
)


@pytest.mark.parametrize("block", range(10))
def test_each_of_1000_random_changes_is_found_and_placed(block):
    for seed in range(block * 100, block * 100 + 100):
        random = Random(seed)
        does = random.choice(DONE_TO_ROWS)
        entries, where = does(random)
        found = audit_faults(entries, HEAD, KEY)
        assert found, (seed, does.__name__)
        assert any(one.first <= number <= one.last for one in found for number in where), (seed, does.__name__, found)
        # What is told is little more than what was done.
        assert len(found) <= 3, (seed, does.__name__, found)


@pytest.mark.parametrize(("field", "changes"), FIELDS.items(), ids=list(FIELDS))
def test_each_field_that_is_changed_is_named_as_changed(field, changes):
    for number in (1, 2, 17, MANY):
        changed = changes(WHOLE[at(number)], Random(1))
        expected = [("reordered" if field == "number" else "changed", changed.number, changed.number)]
        assert faults([*WHOLE[: at(number)], changed, *WHOLE[number:]]) == expected


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        ([*WHOLE[:4], *WHOLE[7:]], [("removed", 5, 7)]),
        (numbered_anew([*WHOLE[:4], *WHOLE[5:]]), [("removed", 5, 5)]),
        (WHOLE[:30], [("cut off", 31, MANY)]),
        ([], [("cut off", 1, MANY)]),
        ([*WHOLE, forged(9)], [("inserted", 9, 9)]),
        ([*WHOLE, forged(MANY + 1)], [("inserted", MANY + 1, MANY + 1)]),
        (numbered_anew([*WHOLE[:8], forged(9), *WHOLE[8:]]), [("inserted", 9, 9)]),
        ([*WHOLE, WHOLE[4]], [("inserted", 5, 5)]),
        ([*WHOLE, replace(WHOLE[4], number=MANY + 1)], [("inserted", MANY + 1, MANY + 1)]),
        (
            [*WHOLE[:4], replace(WHOLE[9], number=5), *WHOLE[5:9], replace(WHOLE[4], number=10), *WHOLE[10:]],
            [("reordered", 5, 5), ("reordered", 10, 10)],
        ),
        ([replace(one, number=one.number + 1) for one in WHOLE], [("reordered", 2, MANY + 1)]),
        (chain(key=ANOTHER_KEY), [("changed", 1, MANY)]),
    ],
    ids=[
        "removed",
        "removed-and-numbered-anew",
        "cut-off",
        "all-cut-off",
        "inserted",
        "appended",
        "inserted-and-numbered-anew",
        "the-same-row-twice",
        "a-copy-appended",
        "swapped",
        "all-numbered-anew",
        "a-whole-chain-without-the-key",
    ],
)
def test_what_was_done_is_named(entries, expected):
    assert faults(entries) == expected


def test_an_older_copy_that_was_gone_on_with_is_found():
    older = WHOLE[:30]
    gone_on = [*older, next_entry(31, older[-1].link, a_note(77), NOON, KEY)]
    assert faults(gone_on) == [("cut off", 32, MANY)]
    longer = list(gone_on)
    while len(longer) <= MANY:
        longer.append(next_entry(len(longer) + 1, longer[-1].link, a_note(78), NOON, KEY))
    assert faults(longer) == [("forked", MANY, MANY)]
    assert faults([*gone_on, *WHOLE[31:]]) == [("forked", 32, 32)]


def test_without_its_head_nobody_knows_whether_the_end_was_cut_off():
    assert faults(WHOLE[:30], None) == [("no head", 30, 30)]


def test_a_reason_may_be_erased_where_an_entry_says_so():
    erased = replace(with_note(WHOLE[4], reason=None), salt=None)
    entries = [*WHOLE[:4], erased, *WHOLE[5:]]
    assert faults(entries) == [("changed", 5, 5)]
    says_so = AuditNote(AuditKind.ERASURE, "reason", OFFICER, subject="5", reason="the law asks it")
    entries.append(next_entry(MANY + 1, entries[-1].link, says_so, NOON, KEY))
    assert faults(entries, head_of(entries)) == []


def test_no_more_faults_are_told_than_can_be_read():
    assert len(faults(WHOLE[::2])) == MOST_FAULTS


def test_an_entry_proves_itself_by_the_key_alone():
    assert proves(WHOLE[4], 5, KEY)
    assert not proves(WHOLE[4], 6, KEY)
    assert not proves(WHOLE[4], 5, ANOTHER_KEY)
    assert {one.value for one in FaultKind} >= {"changed", "removed", "inserted", "reordered", "cut off"}
