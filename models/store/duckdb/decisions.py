"""How the DuckDB store writes one decision: who acts on which rumour, once a request, linked into the hash chain."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from models.domain import Act, Decision, EventKind, Officer, State
from models.errors import Refused
from models.people.audit import FIRST_LINK, new_salt, next_link
from models.store.duckdb.rows import dict_rows, insert_row

_NOW = "'infinity'::timestamp"


@dataclass(frozen=True, slots=True)
class ActRequest:
    """What every act says: about which rumour, by whom, when, and the browser's own name for the request."""

    incident: str
    rumour: str
    officer: Officer
    at: datetime
    request: str | None


def require_on_board(connection: Any, incident: str, rumour: str, *, field: str = "rumour") -> None:
    """Raises Refused, on `field`, for a rumour that is not on the board, or no longer."""
    on_board = connection.execute(
        "select 1 from rumour_events where incident = $1 and rumour = $2 and kind = $3 limit 1",
        [incident, rumour, EventKind.SURFACED.value],
    ).fetchall()
    if not on_board:
        raise Refused({field: "This rumour is not on the board of this incident. Reload the page."})
    if connection.execute(f"select 1 from merged_as_of($1, {_NOW}) where rumour = $2", [incident, rumour]).fetchall():
        raise Refused({field: "This rumour was merged into another one. Reload the page and use that one."})


def decision_of_request(connection: Any, deed: ActRequest) -> Decision | None:
    """The decision that this request made before, whatever it asks now; without a name it is never the same."""
    rows = dict_rows(
        connection, "select * from decisions where incident = $1 and request = $2", [deed.incident, deed.request]
    )
    return decision_from(rows[0]) if rows else None


def next_number(connection: Any, incident: str) -> int:
    return _last(connection, incident)[0] + 1


def state_of(connection: Any, incident: str, rumour: str, *, before: int | None = None) -> State:
    """The state a rumour is in, or was in before the decision of that number."""
    rows = connection.execute(
        "select arg_max(state, number) from decisions "
        "where incident = $1 and rumour = $2 and ($3::integer is null or number < $3)",
        [incident, rumour, before],
    ).fetchall()
    return State(rows[0][0] or State.NEW)


def append_decision(
    connection: Any,
    known_at: datetime,
    deed: ActRequest,
    act: Act,
    state: State,
    reason: str,
    *,
    correction: str | None = None,
    into: str | None = None,
    undoes: int | None = None,
) -> Decision:
    """Write the next decision of the incident, linked to the one before it."""
    number, previous = _last(connection, deed.incident)
    row = {
        "incident": deed.incident,
        "number": number + 1,
        "rumour": deed.rumour,
        "act": act.value,
        "state": state.value,
        "officer": deed.officer.name,
        "role": deed.officer.role,
        "reason": reason,
        "correction": correction,
        "target": into,
        "undoes": undoes,
        "decided_at": deed.at,
        "salt": new_salt(),
        "request": deed.request,
    }
    link = next_link(previous, row["salt"], _chained(row))
    insert_row(connection, "decisions", {**row, "link": link, "known_at": known_at})
    return decision_from(row)


def decision_from(row: dict[str, Any]) -> Decision:
    return Decision(
        number=row["number"],
        incident=row["incident"],
        rumour=row["rumour"],
        act=Act(row["act"]),
        state=State(row["state"]),
        officer=Officer(row["officer"], row["role"]),
        reason=row["reason"],
        decided_at=row["decided_at"],
        correction=row["correction"],
        into=row["target"],
        undoes=row["undoes"],
    )


def first_broken(rows: Iterable[dict[str, Any]]) -> int | None:
    """The number of the first decision, oldest first, that does not follow from the one before it."""
    link = FIRST_LINK
    for expected, row in enumerate(rows, start=1):
        link = next_link(link, row["salt"], _chained(row))
        if row["number"] != expected or row["link"] != link:
            return expected
    return None


def _last(connection: Any, incident: str) -> tuple[int, str]:
    rows = connection.execute(
        "select number, link from decisions where incident = $1 order by number desc limit 1", [incident]
    ).fetchall()
    return rows[0] if rows else (0, FIRST_LINK)


def _chained(row: dict[str, Any]) -> tuple[object, ...]:
    fields = ("incident", "number", "rumour", "act", "state", "officer", "role", "reason", "correction")
    # Decisions that were linked before these fields existed have none: their links must still follow.
    later = tuple((field, row[field]) for field in ("target", "undoes") if row[field] is not None)
    return (*(row[field] for field in fields), row["decided_at"].isoformat(), *later)
