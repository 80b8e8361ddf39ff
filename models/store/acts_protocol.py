"""What any engine of the store must keep of what people do; part of `protocol.py`, whose rules hold here."""

from collections.abc import Collection
from concurrent.futures import Future
from datetime import datetime
from typing import Protocol

from models.domain.acts import Act, Annotation, Assignee, Constraints, Consultation, Decision, Officer
from models.domain.corrections import Correction, CorrectionDraft
from models.domain.sightings import Sighting, SightingDraft


class ActStore(Protocol):
    """What people do to rumours and log for an incident."""

    def decide(
        self,
        incident: str,
        rumour: str,
        act: Act,
        officer: Officer,
        reason: str,
        request: str | None = None,
        *,
        shared: bool = False,
    ) -> Future[Decision]:
        """Record one act. `shared`, here and below: the services that see the incident may read the reason.

        Raises Refused, at once or by the future: no reason, nobody's name, a rumour that is not on that board.
        """

    def assign(
        self, incident: str, rumour: str, to: Assignee, officer: Officer, note: str, request: str | None = None
    ) -> Future[Decision]:
        """Give a rumour to a person or a desk; its state stays. The decision's reason is the note, which may be "".

        Whoever has the rumour themself hands it over, and must say in a note what the other needs to know.
        Raises Refused as `decide` does, and on `to`, `desk` and `note`.
        """

    def correct(
        self, incident: str, draft: CorrectionDraft, officer: Officer, request: str | None = None
    ) -> Future[Correction]:
        """Log a correction that was given, and the decision with it, in one transaction.

        It enters as issued, its approver unknown. Raises Refused as `decide` does, by field for the draft, and where
        the request has made another act already.
        """

    def log_sighting(
        self, incident: str, draft: SightingDraft, officer: Officer, request: str | None = None
    ) -> Future[Sighting]:
        """Log what was heard, as a post of kind sighting. Raises Refused as `decide` does, and by field."""

    def merge(
        self,
        incident: str,
        rumour: str,
        into: str,
        officer: Officer,
        reason: str,
        request: str | None = None,
        *,
        shared: bool = False,
    ) -> Future[Decision]:
        """Decide that two rumours make one claim: `rumour` leaves the board and all its flows are those of `into`.

        What people read of their stance stays. Raises Refused as `decide` does, and on `into`.
        """

    def refuse(
        self,
        incident: str,
        rumour: str,
        other: str,
        officer: Officer,
        reason: str,
        request: str | None = None,
        *,
        shared: bool = False,
    ) -> Future[Decision]:
        """Decide that two rumours are not the same claim: the model neither joins them nor suggests it again.

        So do the rumours that are split off either. Merging them lifts it. Raises Refused as `decide` does, and on
        `other`.
        """

    def split(
        self,
        incident: str,
        rumour: str,
        flows: Collection[str],
        officer: Officer,
        reason: str,
        request: str | None = None,
        *,
        shared: bool = False,
    ) -> Future[Decision]:
        """Decide that these flows make another claim: they become a rumour, at once on the board, outside its budget.

        The decision's `into` is the new rumour. Raises Refused as `decide` does, and on `flows`.
        """

    def move(
        self,
        incident: str,
        rumour: str,
        flows: Collection[str],
        into: str,
        officer: Officer,
        reason: str,
        request: str | None = None,
        *,
        shared: bool = False,
    ) -> Future[Decision]:
        """Decide that flows belong to another rumour. Raises Refused as `decide` does, on `flows` and `into`."""

    def undo(
        self, incident: str, number: int, officer: Officer, reason: str, request: str | None = None
    ) -> Future[Decision]:
        """Take one merge, refusal, split, move or assignment back by another act; nothing is deleted.

        Flows that the model has moved on meanwhile stay there. An assignment gives the rumour back to whoever had it
        before. Raises Refused as `decide` does, and on `number` for
        what cannot be undone, was undone, or carries later acts, which it names.
        """

    def constraints(self, incident: str, *, as_of: datetime | None = None) -> Constraints:
        """What people decided about which flows belong together."""

    def desks(self, incident: str) -> list[str]:
        """The desks that rumours of an incident were assigned to, each once, the one used last first."""

    def decisions(self, incident: str, rumour: str | None = None, *, as_of: datetime | None = None) -> list[Decision]:
        """The log, newest first; that of a rumour holds what was merged into it and split off for it."""

    def corrections(
        self, incident: str, rumour: str | None = None, *, as_of: datetime | None = None
    ) -> list[Correction]:
        """The latest versions, oldest first; those of a rumour hold what was merged into it."""

    def correction_versions(self, incident: str, as_of: datetime | None = None) -> list[Correction]:
        """Every version of every correction, by the time it was issued, then oldest version first."""

    def broken_decision(self, incident: str) -> int | None:
        """The number of the first decision whose link does not follow from what it says, or None."""


class AnnotationStore(Protocol):
    """Captions that people pin to moments, for whoever looks back."""

    def pin(
        self,
        incident: str,
        rumour: str | None,
        pinned_to: datetime,
        text: str,
        officer: Officer,
        request: str | None = None,
    ) -> Future[Annotation]:
        """Pin a caption to a moment of stream time, for a rumour or the whole incident. Raises Refused, by field."""

    def take_away(
        self, incident: str, annotation: str, officer: Officer, request: str | None = None
    ) -> Future[Annotation]:
        """Take a caption away; as known before, it still stands. Raises Refused where there is none."""

    def of(self, incident: str, rumour: str | None = None, as_of: datetime | None = None) -> list[Annotation]:
        """The captions by the moment they are pinned to: all of an incident, or those of one rumour."""


class ConsultationStore(Protocol):
    """Who took what out of an incident: exports and reports."""

    def record(self, consultation: Consultation, request: str | None = None) -> Future[Consultation]:
        """Record one before anything is handed out. Raises Refused, by field."""

    def of(self, incident: str, as_of: datetime | None = None) -> list[Consultation]:
        """Those of an incident, newest first."""
