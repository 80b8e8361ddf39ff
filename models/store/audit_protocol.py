"""What any engine of the store must keep of who did and saw what; part of `protocol.py`, whose rules hold here.

Every act that the store commits enters itself, in the transaction of the act. What is no act of the store is noted
here: a look at a page, a sign-in that was refused. The entries make one keyed chain, which is never changed.
"""

from concurrent.futures import Future
from typing import Protocol

from models.domain.audit import AuditEntry, AuditFault, AuditFilter, AuditHead, AuditNote


class AuditStore(Protocol):
    """The audit: who did or saw what, when and why."""

    def note(self, note: AuditNote) -> Future[AuditEntry]:
        """Enter what is no act of the store. No view changes by it. Raises Refused for nobody's name, or no reason
        where one is given, by field.
        """

    def entries(
        self, which: AuditFilter | None = None, *, after: int | None = None, limit: int | None = None
    ) -> list[AuditEntry]:
        """The latest first; `after` goes on where the list ended before, with the number of its last entry."""

    def head(self) -> AuditHead | None:
        """The last entry; None where there is none."""

    def verify(self) -> list[AuditFault]:
        """What was changed, removed, inserted, reordered or cut off since it was entered: the first faults, by place.

        Decisions and consultations are compared with their entries.
        """
