"""The quick look at a chain: whether it follows without any fault, in the memory of a batch of entries.

It only ever says that all is well. Where it does not, `audit_faults` looks at all entries at once, and says what is
wrong.
"""

from collections.abc import Iterable, Sequence

from models.domain.audit import AuditedRecord, AuditEntry, AuditHead, AuditKind
from models.people.audit import FIRST_AUDIT_LINK, proves
from models.people.audit_faults import faults_of_records, reason_follows


class Followed:
    """Follows the entries in order. `number` is that of the last one up to which all follow.

    `head` is the last entry as it was noted beside the database before these were read.
    """

    def __init__(self, key: bytes, head: AuditHead | None):
        self.number = 0
        self._key = key
        self._link = FIRST_AUDIT_LINK
        self._head = head
        self._met_head = False
        # Compared once all have been followed: entries that guard a record, and reasons that are not there.
        self._guarding: list[AuditEntry] = []
        self._without_reason: set[str] = set()
        self._erased: set[str | None] = set()

    def go_on(self, entries: Iterable[AuditEntry]) -> bool:
        """Follow these, which come after those before; False at the first that does not."""
        for one in entries:
            is_next = one.number == self.number + 1 and one.previous == self._link
            if not (is_next and proves(one, one.number, self._key) and self._reason_follows(one)):
                return False
            if one.note.record is not None or one.note.kind is AuditKind.BEGINNING:
                self._guarding.append(one)
            if one.note.kind is AuditKind.ERASURE:
                self._erased.add(one.note.subject)
            self.number, self._link = one.number, one.link
            if self._head == AuditHead(one.number, one.link):
                self._met_head = True
        return True

    def is_whole(self, records: Sequence[AuditedRecord]) -> bool:
        """Whether what was followed is all that there was, and the records are as they were entered."""
        is_end = self.number == 0 if self._head is None else self._met_head
        erased = self._without_reason <= self._erased
        return is_end and erased and not any(faults_of_records(self._guarding, records, self._key))

    def _reason_follows(self, one: AuditEntry) -> bool:
        if one.reason_digest is not None and one.note.reason is None:
            # Whether an entry says that it was erased is known at the end.
            self._without_reason.add(str(one.number))
        return reason_follows(one, {str(one.number)})
