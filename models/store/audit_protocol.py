"""What any engine of the store must keep of who did and saw what; part of `protocol.py`, whose rules hold here.

Every act that the store commits enters itself, in the transaction of the act. What is no act of the store is noted
here: a look at a page, a sign-in that was refused. The entries make one keyed chain, which is never changed.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import Protocol

from models.domain.audit import (
    AuditedPerson,
    AuditEntry,
    AuditFault,
    AuditFilter,
    AuditHead,
    AuditKind,
    AuditNote,
)


class AuditStore(Protocol):
    """The audit: who did or saw what, when and why."""

    def note(self, note: AuditNote) -> Future[AuditEntry]:
        """Enter what is no act of the store. No view changes by it. Raises Refused for nobody's name, or no reason
        where one is given, by field.
        """

    def note_all(self, notes: Sequence[AuditNote]) -> Future[list[AuditEntry]]:
        """Enter several in this order, all or none; it costs little more than one. Raises Refused as above."""

    def entries(
        self, which: AuditFilter | None = None, *, after: int | None = None, limit: int | None = None
    ) -> list[AuditEntry]:
        """The latest first; `after` goes on where the list ended before, with the number of its last entry."""

    def head(self) -> AuditHead | None:
        """The last entry; None where there is none."""

    def people(self, incident: str | None = None) -> list[AuditedPerson]:
        """Whom entries of an incident name, or all entries, by name."""

    def whats(self) -> list[tuple[AuditKind, str]]:
        """What entries are about, with its kind."""

    def verify(self, go_on: Callable[[int], bool] | None = None) -> list[AuditFault]:
        """What was changed, removed, inserted, reordered or cut off since it was entered: the first faults, by place.

        Decisions and consultations are compared with their entries. `go_on` is told from time to time up to which
        number all entries follow, and says whether to go on; where it says no, no fault was found so far.
        """
