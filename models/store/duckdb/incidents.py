"""How the DuckDB store keeps incidents, in versions, and what people write down for them by hand."""

from concurrent.futures import Future
from datetime import datetime
from typing import Any

from models.domain import (
    HeardBy,
    Incident,
    Kind,
    Officer,
    Post,
    Retention,
    Sighting,
    SightingDraft,
    Watch,
    stable_id,
)
from models.errors import Refused
from models.people.checks import checked_officer, checked_reason, checked_request, checked_sighting
from models.people.incidents import checked_incident
from models.store.duckdb.rows import dict_rows, insert_row, post_from_row
from models.store.messages import ArrivedPost

SIGHTING = "sighting"
_COLUMNS = (
    "i.id, v.name, v.purpose, v.lawful_basis, i.exercise, i.opened_at, v.closed_at, v.terms, v.languages, "
    "v.accounts, v.sources, v.area, v.retention"
)
_WATCH_FIELDS = ("terms", "languages", "accounts", "sources", "area")


class DuckDBIncidents:
    """IncidentStore and sightings; `_writer`, `clock`, `rows` and `_insert_posts` come with DuckDBStore."""

    def open_incident(self, incident: Incident) -> Future[Incident]:
        def opened(connection: Any, known_at: datetime) -> Incident:
            if not _is_there(connection, incident.id):
                _add_incident(connection, known_at, incident)
                _add_version(connection, known_at, incident, 1, {})
            return _latest(connection, incident.id)

        return self._writer.submit_act(opened)

    def record_incident(
        self, incident: Incident, officer: Officer, reason: str, request: str | None = None
    ) -> Future[Incident]:
        by, checked = checked_officer(officer), checked_incident(incident)
        told = {
            "officer": by.name,
            "role": by.role,
            "reason": checked_reason(reason),
            "request": checked_request(request),
        }

        def recorded(connection: Any, known_at: datetime) -> Incident:
            before = _made_by(connection, told["request"])
            if before is not None:
                return before
            if not _is_there(connection, checked.id):
                _require_new_name(connection, checked)
                _add_incident(connection, known_at, checked)
            _add_version(connection, known_at, checked, _last_version(connection, checked.id) + 1, told)
            return _latest(connection, checked.id)

        return self._writer.submit_act(recorded)

    def incidents(self) -> list[Incident]:
        return [_incident(row) for row in self.rows("incidents")]

    def record_sighting(
        self, incident: str, draft: SightingDraft, officer: Officer, request: str | None = None
    ) -> Future[Sighting]:
        by, name = checked_officer(officer), checked_request(request)
        checked = checked_sighting(draft, now=self.clock.now())

        def recorded(connection: Any, known_at: datetime) -> Sighting:
            if not _is_there(connection, incident):
                raise Refused({"incident": "There is no such incident. Go to the incidents and choose it again."})
            seq = _seq_of_request(connection, incident, name)
            if seq is None:
                seq = self._add_sighting(connection, known_at, incident, checked, by, name)
            return _sighting(connection, incident, seq)

        return self._writer.submit_act(recorded)

    def _add_sighting(
        self,
        connection: Any,
        known_at: datetime,
        incident: str,
        draft: SightingDraft,
        by: Officer,
        request: str | None,
    ) -> int:
        post = Post(
            # The writer stamps no two acts alike.
            id=f"{SIGHTING}:{stable_id(incident, known_at.isoformat())}",
            source=SIGHTING,
            kind=Kind.SIGHTING,
            text=draft.text,
            arrived_at=self.clock.now(),
            created_at=draft.heard_at,
            stated_at=draft.heard_at,
        )
        why = f"heard {draft.heard_by.value}, taken by {by.name}"
        seq = self._insert_posts(connection, known_at, [ArrivedPost(post, {incident: why})])[post.id]
        row = {
            "incident": incident,
            "seq": seq,
            "post": post.id,
            "heard_by": draft.heard_by.value,
            "heard_at": draft.heard_at,
            "reliability": draft.reliability,
            "place": draft.place,
            "taken_by": by.name,
            "role": by.role,
            "request": request,
            "known_at": known_at,
        }
        insert_row(connection, "sightings", row)
        return seq


def _require_new_name(connection: Any, incident: Incident) -> None:
    if connection.execute(
        "select 1 from incidents_as_of('infinity'::timestamp) where name = $1 and closed_at is null", [incident.name]
    ).fetchall():
        raise Refused({"name": "An open incident already has this name. Change that one, or choose another name."})


def _is_there(connection: Any, incident: str) -> bool:
    return bool(connection.execute("select 1 from incidents where id = $1", [incident]).fetchall())


def _made_by(connection: Any, request: str | None) -> Incident | None:
    """The version that this request made before, of whichever incident."""
    rows = dict_rows(
        connection,
        f"select {_COLUMNS} from incident_versions v join incidents i on i.id = v.incident where v.request = $1",
        [request],
    )
    return _incident(rows[0]) if rows else None


def _latest(connection: Any, incident: str) -> Incident:
    rows = dict_rows(
        connection,
        f"select {_COLUMNS} from incident_versions v join incidents i on i.id = v.incident "
        "where i.id = $1 order by v.version desc limit 1",
        [incident],
    )
    return _incident(rows[0])


def _last_version(connection: Any, incident: str) -> int:
    """The number of the latest version, 0 where there is none."""
    rows = connection.execute(
        "select coalesce(max(version), 0) from incident_versions where incident = $1", [incident]
    ).fetchall()
    return rows[0][0]


def _seq_of_request(connection: Any, incident: str, request: str | None) -> int | None:
    """The post of the sighting that this request logged before."""
    rows = connection.execute(
        "select seq from sightings where incident = $1 and request = $2", [incident, request]
    ).fetchall()
    return rows[0][0] if rows else None


def _sighting(connection: Any, incident: str, seq: int) -> Sighting:
    """A sighting as it stands: its words may have been erased since."""
    (row,) = dict_rows(
        connection,
        "select p.*, i.place, s.heard_by, s.heard_at, s.reliability, s.place as heard_where, s.taken_by, s.role "
        "from sightings s join posts p on p.seq = s.seq "
        "join incident_posts i on i.incident = s.incident and i.seq = s.seq "
        "where s.incident = $1 and s.seq = $2",
        [incident, seq],
    )
    draft = SightingDraft(
        row["text"], HeardBy(row["heard_by"]), row["heard_at"], row["reliability"], row["heard_where"]
    )
    return Sighting(post_from_row(row), draft, Officer(row["taken_by"], row["role"]))


def _add_incident(connection: Any, known_at: datetime, incident: Incident) -> None:
    fields = ("id", "name", "purpose", "lawful_basis", "exercise", "opened_at", "closed_at")
    insert_row(connection, "incidents", {**{name: getattr(incident, name) for name in fields}, "known_at": known_at})


def _add_version(
    connection: Any, known_at: datetime, incident: Incident, version: int, told: dict[str, str | None]
) -> None:
    insert_row(
        connection,
        "incident_versions",
        {
            "incident": incident.id,
            "version": version,
            "name": incident.name,
            "purpose": incident.purpose,
            "lawful_basis": incident.lawful_basis,
            **{name: getattr(incident.watch, name) for name in _WATCH_FIELDS},
            "retention": incident.retention.value,
            "closed_at": incident.closed_at,
            **told,
            "known_at": known_at,
        },
    )


def _incident(row: dict[str, Any]) -> Incident:
    watch = {name: row.pop(name) for name in _WATCH_FIELDS}
    lists = {name: value if name == "area" else tuple(value) for name, value in watch.items()}
    return Incident(**{**row, "retention": Retention(row["retention"]), "watch": Watch(**lists)})
