"""How the DuckDB store keeps incidents, in versions, and what people write down for them by hand."""

from concurrent.futures import Future
from datetime import datetime
from typing import Any

from models.domain import Incident, Kind, Officer, Post, Retention, SightingDraft, Watch, stable_id
from models.errors import Refused
from models.people.acts import checked_officer, checked_reason, checked_request, checked_sighting
from models.people.incidents import checked_incident
from models.store.duckdb.rows import insert_row
from models.store.protocol import ArrivedPost

SIGHTING = "sighting"
_WATCH_FIELDS = ("terms", "languages", "accounts", "sources", "area")


class DuckDBIncidents:
    """IncidentStore and sightings; `_writer`, `clock`, `rows` and `_insert_posts` come with DuckDBStore."""

    def open_incident(self, incident: Incident) -> Future[Incident]:
        def opened(connection: Any, known_at: datetime) -> Incident:
            if not _is_there(connection, incident.id):
                _add_incident(connection, known_at, incident)
                _add_version(connection, known_at, incident, 1, {})
            return incident

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
            version = _latest_version(connection, checked.id, told["request"])
            if version is not None:
                if version == 0:
                    _require_new_name(connection, checked)
                    _add_incident(connection, known_at, checked)
                _add_version(connection, known_at, checked, version + 1, told)
            return checked

        return self._writer.submit_act(recorded)

    def incidents(self) -> list[Incident]:
        return [_incident(row) for row in self.rows("incidents")]

    def record_sighting(
        self, incident: str, draft: SightingDraft, officer: Officer, request: str | None = None
    ) -> Future[Post]:
        by, now = checked_officer(officer), self.clock.now()
        checked, name = checked_sighting(draft, now=now), checked_request(request)
        post = Post(
            id=f"{SIGHTING}:{stable_id(incident, name or '', checked.text, now.isoformat() if name is None else '')}",
            source=SIGHTING,
            kind=Kind.SIGHTING,
            text=checked.text,
            arrived_at=now,
            created_at=checked.heard_at,
            stated_at=checked.heard_at,
        )

        def recorded(connection: Any, known_at: datetime) -> Post:
            if not _is_there(connection, incident):
                raise Refused({"incident": "There is no such incident. Go to its board and try again."})
            if connection.execute("select 1 from sightings where post = $1", [post.id]).fetchall():
                return post
            why = f"heard {checked.heard_by.value}, taken by {by.name}"
            seqs = self._insert_posts(connection, known_at, [ArrivedPost(post, {incident: why})])
            insert_row(
                connection,
                "sightings",
                {
                    "incident": incident,
                    "seq": seqs[post.id],
                    "post": post.id,
                    "heard_by": checked.heard_by.value,
                    "heard_at": checked.heard_at,
                    "reliability": checked.reliability,
                    "place": checked.place,
                    "taken_by": by.name,
                    "role": by.role,
                    "request": name,
                    "known_at": known_at,
                },
            )
            return post

        return self._writer.submit_act(recorded)


def _require_new_name(connection: Any, incident: Incident) -> None:
    if connection.execute(
        "select 1 from incidents_as_of('infinity'::timestamp) where name = $1 and closed_at is null", [incident.name]
    ).fetchall():
        raise Refused({"name": "An open incident is called so already. Change that one, or take another name."})


def _is_there(connection: Any, incident: str) -> bool:
    return bool(connection.execute("select 1 from incidents where id = $1", [incident]).fetchall())


def _latest_version(connection: Any, incident: str, request: str | None) -> int | None:
    """The number of the latest version, 0 where there is none; None where this very request made one already."""
    rows = connection.execute(
        "select version, request from incident_versions where incident = $1", [incident]
    ).fetchall()
    if request is not None and any(made_by == request for _, made_by in rows):
        return None
    return max((version for version, _ in rows), default=0)


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
