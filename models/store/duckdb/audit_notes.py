"""How acts enter themselves in the audit, in their own transaction, and what it knows of the rows they leave."""

from collections.abc import Iterable, Mapping
from typing import Any

from models.domain.acts import Officer
from models.domain.audit import AuditEntry, AuditKind, AuditNote
from models.people.audit import record_digest
from models.store.duckdb.transaction import Transaction

_DECISION = (
    "incident",
    "number",
    "rumour",
    "act",
    "state",
    "officer",
    "role",
    "service",
    "user_id",
    "correction",
    "target",
    "undoes",
    "decided_at",
    "link",
    "request",
    "known_at",
)
# Decisions that were entered before these fields existed have none: their digests must stay.
_DECISION_LATER = ("assignee", "assignee_service", "assignee_user")
_CONSULTATION = (
    "incident",
    "what",
    "filter",
    "moment",
    "officer",
    "role",
    "service",
    "user_id",
    "request",
    "known_at",
)


def append_audit(transaction: Transaction, note: AuditNote) -> AuditEntry:
    """Add the next entry of the audit: it is committed with the rest of the transaction, or not at all."""
    return transaction.audit.append(transaction.connection, note, transaction.known_at)


def append_audits(transaction: Transaction, notes: Iterable[AuditNote]) -> list[AuditEntry]:
    """Add the next entries, in this order, of what no table keeps beside the audit."""
    return transaction.audit.append_all(transaction.connection, notes, transaction.known_at)


def audit_act(
    transaction: Transaction,
    what: str,
    officer: Officer,
    *,
    incident: str | None = None,
    subject: str | None = None,
    reason: str | None = None,
) -> None:
    """Enter an act that is done now."""
    note = AuditNote(AuditKind.ACT, what, officer, incident, subject, reason or None, transaction.known_at)
    append_audit(transaction, note)


def decision_digest(key: bytes, row: Mapping[str, Any]) -> str:
    """What the audit knows of the row of a decision: the reason is in its link, and in its entry."""
    later = [[name, row[name]] for name in _DECISION_LATER if row[name] is not None]
    # Decisions of before have no such mark: their digests must stay what they were.
    shared = ["shared"] if row["shared"] else []
    return record_digest(key, [*(row[name] for name in _DECISION), *later, *shared])


def consultation_digest(key: bytes, row: Mapping[str, Any]) -> str:
    """What the audit knows of the row of a consultation."""
    return record_digest(key, [row[name] for name in _CONSULTATION])
