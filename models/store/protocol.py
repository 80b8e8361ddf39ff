"""What any engine of the store must do, in small protocols; a Store has one part for each.

Writes return a `Future` that resolves once they are committed: until then nothing may be acknowledged.
Reads see committed rows only and may be called from any thread. `as_of` is the moment that a read goes back to: it
sees what was written by then, without the words of posts that were erased since.

What a person does carries a `request`, the browser's own name for it, the same for each try. A request acts once: the
same again, whatever it asks by then, changes nothing and gives the row that it made before. A request belongs to its
incident; one that opens or changes an incident, or records a permission, is known by its name alone. Two acts that
have no name are never the same.
"""

from collections.abc import Collection, Sequence
from concurrent.futures import Future
from datetime import datetime
from typing import Any, Protocol

from models.domain.acts import Officer
from models.domain.imports import Import, ImportEnd
from models.domain.incidents import Incident, IncidentVersion
from models.domain.posts import DeadLetter
from models.domain.reading import FileFact, ReadingCount
from models.domain.sources import HealthEvent, Permission, SourceGap
from models.measures.history import History
from models.store.acts_protocol import ActStore, AnnotationStore, ConsultationStore
from models.store.audit_protocol import AuditStore
from models.store.coding_protocol import CodingStore
from models.store.judgement_protocol import JudgementStore, StanceStore
from models.store.messages import Arrival, Saved
from models.store.users_protocol import SessionStore, UserStore


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

    def discard_letter(self, letter_id: str, why: str, by: Officer | None = None) -> Future[bool]:
        """Erase a dead letter, and note why and by whom; False where there was none."""

    def add_health(self, events: Sequence[HealthEvent]) -> Future[None]:
        """Note what happened to sources."""

    def health(self, source: str, limit: int, *, as_of: datetime | None = None) -> list[HealthEvent]:
        """What happened to a source, newest first."""

    def last_switch(self, source: str) -> HealthEvent | None:
        """The last time that somebody started or stopped a source."""

    def reading_counts(
        self, since: datetime | None = None, source: str | None = None, *, as_of: datetime | None = None
    ) -> list[ReadingCount]:
        """What was read and what became of it, by hour from `since` on, of one source or all; the latest first.

        `as_of` gives the hours that were over at that moment: the counts of an hour grow until then.
        """

    def told_of_files(self, source: str, as_of: datetime | None = None) -> dict[str, list[FileFact]]:
        """What reading the files of a source told of each, by its name, in the order in which it was told."""

    def gaps(self, as_of: datetime | None = None) -> list[SourceGap]:
        """When posts of a source are missing, oldest first, without what was made good since."""

    def permit(self, permission: Permission, request: str | None = None) -> Future[Permission]:
        """Record that a restricted platform allows this use. Raises Refused, by field."""

    def permissions(self, *, as_of: datetime | None = None) -> dict[str, Permission]:
        """The latest permission of each restricted source, by its name."""


class ImportStore(Protocol):
    """Files that people read into incidents on the screen: each is an act, and its mapping is remembered."""

    def begin(self, one: Import, request: str | None = None) -> Future[Import]:
        """Record that somebody begins to read a file. Raises Refused, by field."""

    def end(self, one: str, ended: ImportEnd, detail: str = "", by: Officer | None = None) -> Future[None]:
        """Record how an import ended, and who ended it, if somebody did."""

    def of(self, incident: str | None = None, as_of: datetime | None = None) -> list[Import]:
        """The imports into an incident, or into all; the latest first."""

    def like(self, shape: str) -> Import | None:
        """The latest import of a table with the same header: how a person said that it is to be read."""


class ViewStore(Protocol):
    """What screens are drawn from."""

    @property
    def version(self) -> int:
        """Grows by one with every commit that any view may show: unchanged means that no view has changed."""

    def rows(self, query: str, **parameters: Any) -> list[dict[str, Any]]:
        """The rows of one named query; times come back aware, in UTC."""

    def history(self, incident: str) -> History:
        """All that was judged of an incident and when it was known, up to the last commit."""


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
    imports: ImportStore
    users: UserStore
    sessions: SessionStore
    audit: AuditStore
    views: ViewStore

    def last_known_at(self) -> datetime | None:
        """The newest stamp: where a replay's clock goes on after a restart."""

    def checkpoint(self) -> Future[None]:
        """Fold what was written since the last one into the file, in a quiet moment: the writer waits for it."""

    def close(self) -> None:
        """Write what is queued, then let go of the database."""
