"""What any engine of the store must do, in small protocols; a Store has one part for each.

Writes return a `Future` that resolves once they are committed: until then nothing may be acknowledged.
Reads see committed rows only and may be called from any thread. `as_of` is the moment that a read goes back to: it
sees what was written by then, without the words of posts that were erased since.

What a person does carries a `request`, the browser's own name for it, the same for each try. A request acts once: the
same again, whatever it asks by then, changes nothing and gives the row that it made before. A request belongs to its
incident; one that opens or changes an incident, or records a permission, is known by its name alone. Two acts that
have no name are never the same.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from concurrent.futures import Future
from datetime import datetime
from typing import Any, Protocol

import numpy as np

from models.domain import (
    Act,
    Annotation,
    Constraints,
    Consultation,
    Correction,
    CorrectionDraft,
    DeadLetter,
    Decision,
    HealthEvent,
    Incident,
    IncidentVersion,
    Officer,
    Permission,
    Post,
    RumourEvent,
    Sighting,
    SightingDraft,
    SourceGap,
)
from models.store.coding_protocol import CodingStore
from models.store.messages import (
    Arrival,
    FinalRow,
    FlowStance,
    FlowsToRead,
    FlowToJudge,
    JudgedPost,
    Judgement,
    Saved,
)


class IncidentStore(Protocol):
    """What the control room works on, in versions."""

    def open(self, incident: Incident) -> Future[Incident]:
        """Record an incident that a program opens, once: the same id again changes nothing and gives what stands."""

    def record(
        self, incident: Incident, officer: Officer, reason: str, request: str | None = None
    ) -> Future[Incident]:
        """Open an incident, or record its next version: what it watches for, its purpose, that it is closed.

        Gives the version as it was recorded. Raises Refused, by field.
        """

    def all(self, *, as_of: datetime | None = None) -> list[Incident]:
        """Every incident as its latest version says, oldest first."""

    def versions(self, incident: str, *, as_of: datetime | None = None) -> list[IncidentVersion]:
        """What was recorded of an incident, the latest first."""


class PostStore(Protocol):
    """Posts as they came, and the incidents that they reach."""

    def add(self, arrival: Arrival) -> Future[Saved]:
        """Store what is new of a batch. Blocks while the writer's queue is full: that is the back-pressure.

        A post that is stored already is only linked to the incidents it newly reaches, and takes newer words when it
        was edited. A removal erases words, place, address and embedding, here and in dead letters; the row stays, so
        that counts stay. A tombstone keeps it from coming back.
        """

    def incidents_of(self, post_ids: Collection[str]) -> dict[str, frozenset[str]]:
        """Which incidents posts have reached: post id → incident ids; posts that are not stored are left out."""

    def of_source(self, source: str, after_seq: int, limit: int) -> list[tuple[int, str]]:
        """(seq, id) of the next posts of a source that are not erased, to ask their platform after."""

    def words_of(self, post_ids: Collection[str]) -> dict[str, str]:
        """The words of posts, without those that are erased or not stored."""

    def erased(self, incident: str) -> int:
        """How many posts of an incident have been erased: when it grows, nobody may go on remembering their words."""


class SourceStore(Protocol):
    """How far each source was read, its health and gaps, what it sent that could not be read, who permits its use."""

    def cursor(self, name: str) -> str | None:
        """The committed place of a reader."""

    def cursor_saved_at(self, name: str) -> datetime | None:
        """When a reader's place was last committed: until then, at least, it was reading."""

    def dead_letters(self, source: str, limit: int) -> list[DeadLetter]:
        """The latest of one source."""

    def dead_letters_by_reason(self) -> dict[str, int]:
        """How many there are for each reason, of all sources."""

    def discard_letter(self, letter_id: str, by: str) -> Future[bool]:
        """Erase a dead letter and note `by` whom and why; False where there was none."""

    def add_health(self, events: Sequence[HealthEvent]) -> Future[None]:
        """Note what happened to sources."""

    def health(self, source: str, limit: int, *, as_of: datetime | None = None) -> list[HealthEvent]:
        """What happened to a source, newest first."""

    def last_switch(self, source: str) -> HealthEvent | None:
        """The last time that somebody started or stopped a source."""

    def gaps(self, as_of: datetime | None = None) -> list[SourceGap]:
        """When posts of a source are missing, oldest first, without what was made good since."""

    def permit(self, permission: Permission, request: str | None = None) -> Future[Permission]:
        """Record that a restricted platform allows this use. Raises Refused, by field."""

    def permissions(self, *, as_of: datetime | None = None) -> dict[str, Permission]:
        """The latest permission of each restricted source, by its name."""


class JudgementStore(Protocol):
    """What the pipeline reads and what it decides."""

    def unjudged(self, incident: str, after_place: int, limit: int) -> list[Post]:
        """The next posts of an incident in the order in which they reached it, without those that were erased."""

    def save(self, judgement: Judgement) -> Future[None]:
        """Save a batch whole. A flow that the model reassigns takes its stances along.

        Where people have acted since its `constraint_number`, nothing of it is written and the future raises
        ConstraintsChanged.
        """

    def upto(self, incident: str) -> int:
        """The place in the incident up to which every post is judged; 0 for none."""

    def consolidated(self, incident: str) -> tuple[datetime, int] | None:
        """The latest `consolidated` of a judgement."""

    def posts(self, incident: str, encoder: str) -> Iterable[JudgedPost]:
        """Everything judged so far in the order it was judged, to rebuild a pipeline from.

        With the vectors of the encoder of that digest; those of others are not comparable and are left out.
        """

    def flows_to_read_anew(self, incident: str, encoder: str, limit: int) -> FlowsToRead:
        """The flows that have a vector of another encoder than this one, or of one that is not known.

        A flow whose words were erased is none of them.
        """

    def replace_vectors(self, incident: str, encoder: str, vectors: Mapping[str, np.ndarray]) -> Future[None]:
        """Put the vectors of this encoder (flow → (d,)) in the place of others'.

        A flow whose words, and so its vector, were erased meanwhile gets none.
        """

    def events(self, incident: str) -> list[RumourEvent]:
        """What happened to the rumours of an incident, oldest first."""

    def final_rows(self, incident: str) -> list[FinalRow]:
        """How every judged post stands, in order of arrival."""


class StanceStore(Protocol):
    """Stances that the model reads later than it opened the flow."""

    def missing(self, incident: str, limit: int) -> list[FlowToJudge]:
        """Flows that have no stance toward the rumour they are in.

        Flows of rumours on the board come first, then by order of arrival.
        """

    def outdated(self, incident: str) -> list[FlowToJudge]:
        """The flows whose words are newer than what the model judged of their stance."""

    def toward_former_titles(self, incident: str, limit: int) -> list[FlowToJudge]:
        """Flows that the model judged toward other words than those that name their rumour now, as `missing`."""

    def save(self, incident: str, stances: Sequence[FlowStance]) -> Future[None]:
        """Let newer stances of the model stand beside the former ones."""


class ActStore(Protocol):
    """What people do to rumours and log for an incident."""

    def decide(
        self, incident: str, rumour: str, act: Act, officer: Officer, reason: str, request: str | None = None
    ) -> Future[Decision]:
        """Record one act.

        Raises Refused, at once or by the future: no reason, nobody's name, a rumour that is not on that board.
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
        self, incident: str, rumour: str, into: str, officer: Officer, reason: str, request: str | None = None
    ) -> Future[Decision]:
        """Decide that two rumours make one claim: `rumour` leaves the board and all its flows are those of `into`.

        What people read of their stance stays. Raises Refused as `decide` does, and on `into`.
        """

    def refuse(
        self, incident: str, rumour: str, other: str, officer: Officer, reason: str, request: str | None = None
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
    ) -> Future[Decision]:
        """Decide that flows belong to another rumour. Raises Refused as `decide` does, on `flows` and `into`."""

    def undo(
        self, incident: str, number: int, officer: Officer, reason: str, request: str | None = None
    ) -> Future[Decision]:
        """Take one merge, refusal, split or move back by another act; nothing is deleted.

        Flows that the model has moved on meanwhile stay there. Raises Refused as `decide` does, and on `number` for
        what cannot be undone, was undone, or carries later acts, which it names.
        """

    def constraints(self, incident: str, *, as_of: datetime | None = None) -> Constraints:
        """What people decided about which flows belong together."""

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


class ViewStore(Protocol):
    """What screens are drawn from."""

    @property
    def version(self) -> int:
        """Grows by one with every commit that any view may show: unchanged means that no view has changed."""

    def rows(self, query: str, **parameters: Any) -> list[dict[str, Any]]:
        """The rows of one named query; times come back aware, in UTC."""


class Store(Protocol):
    incidents: IncidentStore
    posts: PostStore
    sources: SourceStore
    judgement: JudgementStore
    stances: StanceStore
    acts: ActStore
    annotations: AnnotationStore
    consultations: ConsultationStore
    codings: CodingStore
    views: ViewStore

    def last_known_at(self) -> datetime | None:
        """The newest stamp: where a replay's clock goes on after a restart."""

    def checkpoint(self) -> Future[None]:
        """Fold what was written since the last one into the file, in a quiet moment: the writer waits for it."""

    def close(self) -> None:
        """Write what is queued, then let go of the database."""
