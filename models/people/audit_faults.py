"""What is wrong with the audit: which entries were changed, removed, inserted, reordered or cut off.

Every entry proves itself: its link is keyed, and made of its number, its fields and the link before it. So a row that
was moved or copied is still known for the entry that it is, and what the key has not linked is known for none.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest

from models.domain.audit import AuditedRecord, AuditEntry, AuditFault, AuditHead, AuditKind, FaultKind
from models.people.audit import beginning_digest, proves, reason_digest

MOST_FAULTS = 20
# So many rows that prove nothing where they stand are tried in so many places that are empty.
ROWS_TRIED = 50
PLACES_TRIED = 200


def audit_faults(
    entries: Sequence[AuditEntry], head: AuditHead | None, key: bytes, records: Sequence[AuditedRecord] = ()
) -> list[AuditFault]:
    """The first faults of the entries, by where they stand, then those of the records that entries guard.

    `entries` and `records` are all that there are, as of one moment; `head` is no younger.
    """
    rows = _recognised(sorted(entries, key=lambda one: one.number), head, key)
    faults = sorted(_faults_of_rows(rows, head), key=lambda one: one.first)
    genuine = [row.entry for row in rows if row.real is not None]
    # Of a record whose entry is at fault that entry has been named.
    told = {row.entry.entered_at for row in rows if row.real is None}
    guarded = [one for one in records if one.known_at not in told]
    return [*_joined(faults), *faults_of_records(genuine, guarded, key)][:MOST_FAULTS]


@dataclass(slots=True)
class _Row:
    """A row as it stands, and the number of the entry that it proves to be; None: the key has not linked it.

    `shift` is by how much the rows around it were numbered anew. A row that is not `placed` was found out by trying.
    """

    entry: AuditEntry
    real: int | None = None
    shift: int = 0
    placed: bool = False


def _recognised(entries: Sequence[AuditEntry], head: AuditHead | None, key: bytes) -> list[_Row]:
    rows, shift = [_Row(one) for one in entries], 0
    for row, following in zip_longest(rows, rows[1:]):
        shift = row.shift = _shift_at(row.entry, following.entry if following else None, shift, key)
        if proves(row.entry, row.entry.number - shift, key):
            row.real, row.placed = row.entry.number - shift, True
    lost = [row for row in rows if row.real is None][:ROWS_TRIED]
    if lost:
        placed = {row.entry.link: row.real for row in rows if row.real is not None}
        empty = _missing(set(placed.values()), max([*placed.values(), len(rows), head.number if head else 0]))
        for row in lost:
            tried = (placed.get(row.entry.link), *empty[:PLACES_TRIED])
            row.real = next((one for one in tried if one is not None and proves(row.entry, one, key)), None)
    return rows


def _shift_at(entry: AuditEntry, following: AuditEntry | None, shift: int, key: bytes) -> int:
    """By how much rows are numbered anew from here on: as before, back to none, or by one more or less."""
    for moved in (shift, 0):
        if proves(entry, entry.number - moved, key):
            return moved
    for moved in (shift + 1, shift - 1):
        # Two that follow one another are no coincidence; one may have changed places.
        if proves(entry, entry.number - moved, key) and (
            following is None or proves(following, following.number - moved, key)
        ):
            return moved
    return shift


def _faults_of_rows(rows: Sequence[_Row], head: AuditHead | None) -> Iterator[AuditFault]:
    placed = {row.real for row in rows if row.placed}
    last = max([0, *(row.real for row in rows if row.real is not None)])
    missing = set(_missing({row.real for row in rows}, max(last, head.number if head else 0)))
    erased = {row.entry.note.subject for row in rows if row.real and row.entry.note.kind is AuditKind.ERASURE}
    found, seen, before = 0, set[int](), _Row(rows[0].entry) if rows else None
    for row in rows:
        kind = None
        if row.real is None:
            place = row.entry.number - row.shift
            kind = FaultKind.CHANGED if place in missing else FaultKind.INSERTED
            missing.discard(place)
        elif row.real in seen or (not row.placed and row.real in placed):
            kind = FaultKind.INSERTED
        elif not row.placed:
            kind = FaultKind.REORDERED
        elif not reason_follows(row.entry, erased):
            kind = FaultKind.CHANGED
        elif before.placed and before.real == row.real - 1 and before.entry.link != row.entry.previous:
            kind = FaultKind.FORKED
        if kind is not None:
            found += 1
            yield AuditFault(kind, row.entry.number, row.entry.number, row.entry)
        if row.real is not None:
            seen.add(row.real)
        before = row
    for first, end in _ranges(missing):
        found += 1
        yield AuditFault(FaultKind.CUT_OFF if first > last else FaultKind.REMOVED, first, end)
    moved = [row.entry for row in rows if row.placed and row.real != row.entry.number]
    if moved and not found:
        # Nothing was put in or taken out: only the numbers are others.
        yield AuditFault(FaultKind.REORDERED, moved[0].number, moved[-1].number, moved[0])
    yield from _faults_of_head(rows, head)


def _faults_of_head(rows: Sequence[_Row], head: AuditHead | None) -> Iterator[AuditFault]:
    if head is None:
        if rows:
            number = rows[-1].entry.number
            yield AuditFault(FaultKind.NO_HEAD, number, number)
        return
    for row in rows:
        if row.placed and row.real == head.number and row.entry.link != head.link:
            yield AuditFault(FaultKind.FORKED, head.number, head.number, row.entry)


def reason_follows(entry: AuditEntry, erased: Collection[str | None]) -> bool:
    """Whether the reason is what was linked, or an entry says that it was erased."""
    if entry.reason_digest is None:
        return entry.note.reason is None and entry.salt is None
    if entry.note.reason is None:
        return entry.salt is None and str(entry.number) in erased
    return entry.salt is not None and _digest(entry.note.reason, entry.salt) == entry.reason_digest


def _digest(reason: str, salt: str) -> str | None:
    try:
        return reason_digest(reason, salt)
    except ValueError:
        # What was put there is no salt.
        return None


def faults_of_records(
    genuine: Sequence[AuditEntry], records: Sequence[AuditedRecord], key: bytes
) -> Iterator[AuditFault]:
    began = next((one for one in genuine if one.note.kind is AuditKind.BEGINNING), None)
    older = [one for one in records if began is not None and one.known_at < began.entered_at]
    if began is not None and beginning_digest(key, older) != began.note.record:
        yield AuditFault(FaultKind.RECORD_CHANGED, began.number, began.number, began)
    by_stamp: dict[datetime, list[AuditedRecord]] = defaultdict(list)
    for one in records:
        if began is None or one.known_at >= began.entered_at:
            by_stamp[one.known_at].append(one)
    for entry in genuine:
        if entry.note.record is None or entry is began:
            continue
        # The writer stamps no two acts alike.
        kept = by_stamp.pop(entry.entered_at, [])
        same = next((one for one in kept if _is_record_of(one, entry)), None)
        if same is None:
            kind = FaultKind.RECORD_CHANGED if kept else FaultKind.RECORD_REMOVED
            yield AuditFault(kind, entry.number, entry.number, entry, kept[0].name if kept else "")
        for one in kept[1:]:
            yield AuditFault(FaultKind.RECORD_INSERTED, entry.number, entry.number, entry, one.name)
    for kept in by_stamp.values():
        for one in kept:
            yield AuditFault(FaultKind.RECORD_INSERTED, 0, 0, record=one.name)
    for one in older:
        if not one.follows:
            yield AuditFault(FaultKind.RECORD_CHANGED, 0, 0, record=one.name)


def _is_record_of(one: AuditedRecord, entry: AuditEntry) -> bool:
    same_reason = entry.note.reason is None or one.reason == entry.note.reason
    return one.follows and one.digest == entry.note.record and same_reason


def _missing(there: Collection[int | None], last: int) -> list[int]:
    return [number for number in range(1, last + 1) if number not in there]


def _ranges(numbers: Iterable[int]) -> Iterator[tuple[int, int]]:
    """
    >>> list(_ranges([3, 1, 2, 7]))
    [(1, 3), (7, 7)]
    """
    first = last = None
    for number in sorted(numbers):
        if last is not None and number == last + 1:
            last = number
            continue
        if first is not None:
            yield first, last
        first = last = number
    if first is not None:
        yield first, last


def _joined(faults: Iterable[AuditFault]) -> list[AuditFault]:
    """Faults of one kind that follow one another are one."""
    joined: list[AuditFault] = []
    for one in faults:
        before = joined[-1] if joined else None
        if before is not None and before.kind is one.kind and before.last + 1 == one.first:
            joined[-1] = AuditFault(before.kind, before.first, one.last, before.entry)
        else:
            joined.append(one)
    return joined
