"""IncidentStore on DuckDB: what the control room works on, in versions."""

from concurrent.futures import Future
from datetime import datetime
from typing import Any

from models.domain.acts import Officer
from models.domain.audit import AuditedAct
from models.domain.incidents import Incident, IncidentVersion, Retention, Watch
from models.errors import Refused
from models.people.checks import checked_officer, checked_reason, checked_request
from models.people.incidents import checked_incident
from models.people.sharing import changes_of_sharing
from models.store.duckdb.audit_notes import audit_act
from models.store.duckdb.engine import Engine, known_by
from models.store.duckdb.rows import officer_columns, officer_from
from models.store.duckdb.transaction import Transaction

# Of lists that a version of before has none of.
_SHARED_WITH = ("acted_on_by", "seen_by")
_WATCH_FIELDS = ("terms", "languages", "accounts", "sources", "area")
# Of a version that a program opens.
_BY_NOBODY = {**officer_columns(None), "reason": None, "request": None}


class DuckDBIncidents:
    def __init__(self, engine: Engine):
        self._engine = engine

    def open(self, incident: Incident) -> Future[Incident]:
        def opened(transaction: Transaction) -> Incident:
            if _last_version(transaction, incident.id) == 0:
                _add_incident(transaction, incident)
                _add_version(transaction, incident, 1, _BY_NOBODY)
            return _latest(transaction, incident.id)

        return self._engine.writer.submit_act(opened)

    def record(
        self, incident: Incident, officer: Officer, reason: str, request: str | None = None
    ) -> Future[Incident]:
        by, checked = checked_officer(officer), checked_incident(incident)
        why, name = checked_reason(reason), checked_request(request)
        signature = {**officer_columns(by), "reason": why, "request": name}

        def recorded(transaction: Transaction) -> Incident:
            before = transaction.rows("incident_of_request", request=name)
            if before:
                return _incident(before[0])
            versions = transaction.rows("incident_versions", incident=checked.id)
            version = versions[0]["version"] if versions else 0
            if version == 0:
                _require_new_name(transaction, checked)
                _add_incident(transaction, checked)
            _add_version(transaction, checked, version + 1, signature)
            what = _what_is_done(checked, versions)
            audit_act(transaction, what, by, incident=checked.id, subject=checked.id, reason=why)
            before = _incident(versions[0]) if versions else None
            for change, service in changes_of_sharing(before, checked):
                audit_act(transaction, change, by, incident=checked.id, subject=service or None, reason=why)
            return _latest(transaction, checked.id)

        return self._engine.writer.submit_act(recorded)

    def all(self, *, as_of: datetime | None = None) -> list[Incident]:
        return [_incident(row) for row in self._engine.rows("incidents", **known_by(as_of))]

    def versions(self, incident: str, *, as_of: datetime | None = None) -> list[IncidentVersion]:
        rows = self._engine.rows("incident_versions", incident=incident, **known_by(as_of))
        return [
            IncidentVersion(
                number=row["version"],
                incident=_incident(row),
                recorded_at=row["known_at"],
                by=officer_from(row) if row["officer"] else None,
                reason=row["reason"],
            )
            for row in rows
        ]


def _require_new_name(transaction: Transaction, incident: Incident) -> None:
    if transaction.rows("open_incidents_named", name=incident.name, service=incident.of_service):
        raise Refused({"name": "An open incident already has this name. Change that one, or choose another name."})


def _what_is_done(incident: Incident, versions: list[dict[str, Any]]) -> AuditedAct:
    if not versions:
        return AuditedAct.OPEN_INCIDENT
    closes = incident.closed_at is not None and versions[0]["closed_at"] is None
    return AuditedAct.CLOSE_INCIDENT if closes else AuditedAct.CHANGE_INCIDENT


def _last_version(transaction: Transaction, incident: str) -> int:
    """The number of the latest version, 0 where there is no such incident."""
    versions = transaction.rows("incident_versions", incident=incident)
    return versions[0]["version"] if versions else 0


def _latest(transaction: Transaction, incident: str) -> Incident:
    return _incident(transaction.rows("incident_versions", incident=incident)[0])


def _add_incident(transaction: Transaction, incident: Incident) -> None:
    fields = ("id", "name", "purpose", "lawful_basis", "exercise", "opened_at", "closed_at")
    transaction.write("add_incident", **{name: getattr(incident, name) for name in fields})


def _add_version(
    transaction: Transaction, incident: Incident, version: int, signature: dict[str, str | None]
) -> None:
    transaction.write(
        "add_incident_version",
        incident=incident.id,
        version=version,
        name=incident.name,
        purpose=incident.purpose,
        lawful_basis=incident.lawful_basis,
        **{name: getattr(incident.watch, name) for name in _WATCH_FIELDS},
        retention=incident.retention.value,
        closed_at=incident.closed_at,
        of_service=incident.of_service or None,
        **{name: list(getattr(incident, name)) for name in _SHARED_WITH},
        **signature,
    )


def _incident(row: dict[str, Any]) -> Incident:
    lists = {name: tuple(row[name]) for name in _WATCH_FIELDS if name != "area"}
    return Incident(
        id=row["id"],
        name=row["name"],
        purpose=row["purpose"],
        lawful_basis=row["lawful_basis"],
        exercise=row["exercise"],
        opened_at=row["opened_at"],
        closed_at=row["closed_at"],
        watch=Watch(**lists, area=row["area"]),
        retention=Retention(row["retention"]),
        of_service=row["of_service"] or "",
        **{name: tuple(row[name] or ()) for name in _SHARED_WITH},
    )
