"""Suggestions that two rumours are one claim: written where they change, withdrawn where they no longer stand."""

import json
from collections.abc import Sequence
from typing import Any

from models.store.duckdb.transaction import Transaction
from models.store.messages import Suggestion


def save_suggestions(transaction: Transaction, incident: str, suggestions: Sequence[Suggestion]) -> None:
    """Let these be all that stand in an incident."""
    standing = {
        (row["rumour"], row["other"]): (row["probability"], row["reason"])
        for row in transaction.rows("standing_suggestions", incident=incident)
    }
    now = {(one.rumour, one.other): (one.probability, _reason(one)) for one in suggestions}
    changed = [
        _row(incident, names, probability, reason)
        for names, (probability, reason) in now.items()
        if standing.get(names) != (probability, reason)
    ]
    withdrawn = [_row(incident, names, None, None) for names in standing if names not in now]
    transaction.append("add_suggestions", [*changed, *withdrawn])


def _row(incident: str, names: tuple[str, str], probability: float | None, reason: str | None) -> dict[str, Any]:
    rumour, other = names
    return {"incident": incident, "rumour": rumour, "other": other, "probability": probability, "reason": reason}


def _reason(one: Suggestion) -> str:
    reason = one.reason
    return json.dumps(
        {
            "post": reason.post,
            "words": list(reason.words),
            "same_link": reason.same_link,
            "other_number": reason.other_number,
            "since": reason.since.isoformat(),
            "people": list(reason.people),
        },
        sort_keys=True,
    )
