"""How a correction is logged, in versions, and the decision with it."""

from typing import Any

from models.domain.acts import Act
from models.domain.corrections import Correction, CorrectionDraft, CorrectionStatus, Verdict
from models.domain.ids import stable_id
from models.errors import Refused
from models.people.acts import STATE_AFTER
from models.people.checks import written
from models.store.duckdb.decisions import ActRequest, append_decision, decision_of_request, require_on_board
from models.store.duckdb.rows import officer_columns, officer_from
from models.store.duckdb.transaction import Transaction

_SAME_FIELDS = (
    "id",
    "version",
    "rumour",
    "wording",
    "channel",
    "authority",
    "evidence_url",
    "issued_at",
    "approved_by",
    "review_by",
)


def correct(transaction: Transaction, asked: ActRequest, draft: CorrectionDraft) -> Correction:
    """The correction, or the one that this request has logged already."""
    before = transaction.rows("correction_of_request", incident=asked.incident, request=asked.request)
    if before:
        return correction_from(before[0])
    if decision_of_request(transaction, asked):
        raise Refused({"request": "This request has already logged another act. Reload the page and try again."})
    require_on_board(transaction, asked.incident, asked.rumour)
    return _log(transaction, asked, draft)


def correction_from(row: dict[str, Any]) -> Correction:
    return Correction(
        **{name: row[name] for name in _SAME_FIELDS},
        status=CorrectionStatus(row["status"]),
        verdict=Verdict(row["verdict"]),
        recorded_by=officer_from(row, name="recorded_by", role="recorded_role"),
        recorded_at=row["known_at"],
    )


def _log(transaction: Transaction, asked: ActRequest, draft: CorrectionDraft) -> Correction:
    row = {
        "incident": asked.incident,
        "id": stable_id("correction", asked.incident, asked.rumour, transaction.known_at.isoformat()),
        "version": 1,
        "rumour": asked.rumour,
        "status": CorrectionStatus.ISSUED.value,
        "verdict": draft.verdict.value,
        "wording": written(draft.wording),
        "channel": written(draft.channel),
        "authority": written(draft.authority),
        "evidence_url": written(draft.evidence_url or "") or None,
        "issued_at": draft.issued_at,
        **officer_columns(asked.officer, name="recorded_by", role="recorded_role"),
        "approved_by": None,
        "review_by": draft.review_by,
        "request": asked.request,
        "known_at": transaction.known_at,
    }
    transaction.write("add_correction", **row)
    correction = correction_from(row)
    reason = f"Logged as {correction.verdict.value}, given on {correction.channel}"
    append_decision(transaction, asked, Act.CORRECT, STATE_AFTER[Act.CORRECT], reason, correction=correction.id)
    return correction
