"""What every page is handed: the store, the settings, the clock, the sources and the shared snapshots."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from dash.exceptions import PreventUpdate

from dashboard.access import named, note_reader, sees
from dashboard.auditing.checking import AuditChecks
from dashboard.auditing.looks import Entering, Looks
from dashboard.browser_input import fields, log_in_one_line, words
from dashboard.publish.selection import newest_moment
from dashboard.publish.tickets import Download, Tickets
from dashboard.signed_in import required
from dashboard.views.bubbles import PictureKeeper
from dashboard.views.notes import page_for
from dashboard.views.past import PastKeeper
from dashboard.views.read_once import ReadOnce
from dashboard.views.reveal import Unmasked
from dashboard.views.rumour import RumourPage
from dashboard.views.snapshot import Snapshot, SnapshotKeeper
from dashboard.views.who_is_here import WhoIsHere
from dashboard.words import audit as audit_words
from dashboard.words.refusals import NO_SUCH_INCIDENT
from dashboard.words.reveal import SHOWN_SECONDS
from models.clock import Clock, utc_time
from models.config import Settings
from models.domain.acts import Officer
from models.domain.audit import AuditedLook, AuditKind, AuditNote
from models.domain.imports import Import, Look, Progress, TableReading, Takes
from models.domain.incidents import Incident, Watch
from models.domain.sources import SourceState
from models.domain.trials import Trial
from models.errors import Refused
from models.people.checks import EARLIEST
from models.people.opened import Opened
from models.people.sharing import NoteReader
from models.store import Store


class NotShown(Exception):
    """Whoever asks may not see the incident that their page is about, or there is none."""


class SourceControl(Protocol):
    """What the screens may ask of the sources. An unknown name is Refused."""

    def states(self) -> list[SourceState]:
        """How each source does, in the order they are named in the settings."""

    def start(self, name: str, officer: Officer) -> None:
        """Let a source run again. Raises Refused where its platform needs a permission that nobody recorded."""

    def stop(self, name: str, officer: Officer) -> None:
        """Let a source finish what is under way and then rest until it is started again."""

    def test(self, name: str) -> str:
        """One line on what a source can reach now; takes seconds. Raises GrapevineError with what to do."""

    def try_terms(self, watch: Watch) -> list[Trial]:
        """What terms would have matched lately, of each source whose posts are matched by terms."""

    def replay_dead_letter(self, letter: str, officer: Officer) -> str:
        """Read a dead letter again; one line on what came of it."""

    def receive(self, sender: str, headers: Mapping[str, str], body: bytes) -> tuple[int, dict[str, object]]:
        """Take one pushed message; the HTTP status and what to answer. It is saved when this returns 200."""


class ImportControl(Protocol):
    """What the screens may ask of files that people hand in. What cannot be done is Refused."""

    def begin_upload(self, name: str, size_bytes: int, incident: str, officer: Officer) -> str:
        """Make room for a file; the secret name of its upload."""

    def receive(self, upload: str, at: int, piece: bytes) -> int:
        """Take the bytes that stand at `at`; how many are here. The same piece again changes nothing."""

    def incident_of(self, upload: str) -> str | None:
        """The incident that an upload is for; None where there is no such upload."""

    def drop(self, upload: str) -> None:
        """Delete a file that was not imported."""

    def look(self, upload: str, table: TableReading | None = None) -> Look:
        """What reading a file so would give; None: as a person said of such a header before, or as it is found."""

    def start(
        self, upload: str, incident: str, table: TableReading, takes: Takes, officer: Officer, reason: str
    ) -> Import:
        """Begin to read a file into an incident. The same upload again gives the import that is under way."""

    def cancel(self, one: str, officer: Officer) -> None:
        """Read no further; what was saved stays."""

    def progress(self) -> Progress | None:
        """How far the import under way has come; None where none is."""


@dataclass(frozen=True, slots=True)
class Moment:
    """The time that a screen shows. `as_of` is None where that is the present, else the same as `now`."""

    now: datetime
    as_of: datetime | None = None


def page_context(incident_id: str, as_of: datetime | None, **more: str) -> dict[str, str | None]:
    """What a page keeps in the browser of what it is about."""
    return {"incident": incident_id, "as_of": as_of.isoformat() if as_of else None, **more}


@dataclass(frozen=True, slots=True)
class Services:
    store: Store
    settings: Settings
    clock: Clock
    sources: SourceControl
    imports: ImportControl
    keeper: SnapshotKeeper
    past: PastKeeper
    pictures: PictureKeeper
    entering: Entering
    looks: Looks
    audit_checks: AuditChecks
    who_is_here: WhoIsHere
    tickets: Tickets[Download | None] = field(default_factory=Tickets)
    reveals: Tickets[Unmasked | None] = field(default_factory=lambda: Tickets(valid_seconds=SHOWN_SECONDS))
    # What its receivers have opened of what was handed to them.
    opened: Opened = field(default_factory=Opened)
    known_incidents: ReadOnce = field(default_factory=lambda: ReadOnce(1))

    def moment(self, as_of: datetime | None) -> Moment:
        """The present, or a moment of the past; a later one than the present is the present.

        Raises ValueError for one so early that no computer kept anything.
        """
        now = self.clock.now()
        if as_of is not None and as_of < EARLIEST:
            raise ValueError(as_of)
        return Moment(now) if as_of is None or as_of >= now else Moment(as_of, as_of)

    def about(self, context: Any) -> tuple[str, Moment]:
        """The incident and the moment of a page, by its `page_context`.

        Raises NotShown where there is no such incident for whoever asks, PreventUpdate for what is no context.
        """
        incident, as_of = fields(context).get("incident"), fields(context).get("as_of")
        if not isinstance(incident, str) or not incident:
            raise PreventUpdate
        if not self.knows(incident):
            raise NotShown
        try:
            return incident, self.moment(None if as_of is None else utc_time(words(as_of)))
        except ValueError:
            raise PreventUpdate from None

    def board(self, incident_id: str, moment: Moment) -> Snapshot:
        if moment.as_of is None:
            return self.keeper.latest(incident_id)
        return self.past.board(incident_id, moment.as_of)

    def page(self, incident_id: str, rumour: str, moment: Moment) -> RumourPage | None:
        """All there is to show of a rumour at a moment; None if it is not on the board then."""
        page = (
            self.keeper.page(incident_id, rumour)
            if moment.as_of is None
            else self.past.page(incident_id, rumour, moment.as_of)
        )
        return None if page is None else page_for(self.reader(incident_id), page)

    def reader(self, incident_id: str) -> NoteReader:
        """As whom whoever is signed in reads what people wrote about an incident, at whatever moment."""
        return note_reader(self.incident(incident_id))

    def incidents(self, as_of: datetime | None = None) -> list[Incident]:
        """Every incident that whoever is signed in may see, oldest first; of the past, too, what they may see now."""
        # With every poll of every browser: read once a commit.
        now = self.known_incidents.get(self.store.views.version, self.store.incidents.all)
        shown = [one for one in now if sees(one)]
        if as_of is None:
            return shown
        there = {one.id for one in shown}
        return [one for one in self.store.incidents.all(as_of=as_of) if one.id in there]

    def incident(self, incident_id: str | None, as_of: datetime | None = None) -> Incident | None:
        return next((one for one in self.incidents(as_of) if one.id == incident_id), None)

    def incident_then(self, incident: Incident, as_of: datetime | None) -> Incident:
        """As it was called and kept at a moment; as it is, where nothing was known of it yet."""
        return self.incident(incident.id, as_of) or incident

    def shown_as_of(self, as_of: datetime | None) -> datetime:
        """The moment that a file states: the one asked for, or one that nothing known now comes after."""
        moment = self.moment(as_of)
        return moment.as_of or newest_moment(self.store, moment.now)

    def known_services(self) -> list[str]:
        """The services that somebody here has a role for, whatever the incident."""
        users = [one for one in self.store.users.all() if not one.blocked]
        return sorted({grant.service for user in users for grant in user.grants if grant.incident is None})

    def knows(self, incident_id: Any) -> bool:
        """Whether there is such an incident, and whoever is signed in may see it: asked before anything is read."""
        return isinstance(incident_id, str) and self.incident(incident_id) is not None

    def note_of(
        self, what: AuditedLook, incident_id: str | None, subject: str | None = None, reason: str | None = None
    ) -> AuditNote:
        """What the audit enters of a look of whoever is signed in; beyond incidents in the role they have in one."""
        incident = next(iter(self.incidents()), None) if incident_id is None else self.incident(incident_id)
        try:
            who = named(incident)
        except Refused:
            user = required().user
            who = Officer(user.name, audit_words.NO_ROLE, user.service, user.id)
        return AuditNote(AuditKind.CONSULTATION, what, who, incident_id, subject, reason)

    def looked(
        self,
        what: AuditedLook,
        incident_id: str | None,
        subject: str | None = None,
        as_of: datetime | None = None,
        *,
        redrawn: bool = False,
    ) -> None:
        """Whoever is signed in is about to see posts' words; `redrawn`: on a page that they opened before."""
        note = self.note_of(what, incident_id, subject, None if as_of is None else audit_words.as_known(as_of))
        (self.looks.redrawn if redrawn else self.looks.opened)(note)

    def still_looks(self, what: AuditedLook, incident_id: str | None, subject: str | None = None) -> None:
        """The page that shows it asks whether there is anything new."""
        self.looks.still_open(what, required().user.id, incident_id, subject)

    def check_incident(self, incident_id: str) -> None:
        if not self.knows(incident_id):
            raise Refused({"incident": NO_SUCH_INCIDENT})

    def show_at_once(self, incident_id: str) -> None:
        """Read the board again after an act; the act is logged even where that fails."""
        try:
            self.keeper.latest(incident_id, fresh=True)
        except Exception as error:  # noqa: BLE001 - it is on disk: nobody may read that it failed
            log_in_one_line("the board could not be read after an act", error)

    def newest_open_incident(self, as_of: datetime | None = None) -> Incident | None:
        still_open = [one for one in self.incidents(as_of) if one.closed_at is None]
        return max(still_open, key=lambda one: one.opened_at, default=None)
