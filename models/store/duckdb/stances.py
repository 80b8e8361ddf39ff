"""StanceStore on DuckDB: a stance belongs to a flow and a rumour, and goes along when a flow changes its rumour."""

from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from datetime import datetime
from typing import Any

from models.domain.rumours import Stance
from models.store.duckdb.engine import Engine
from models.store.duckdb.rows import post_from_row
from models.store.duckdb.transaction import Transaction
from models.store.messages import FlowStance, FlowToJudge, JudgedPost

# When more flows have changed, the database looks at all there are: that is quicker than naming so many to it.
MOST_NAMED = 2_000


class DuckDBStances:
    def __init__(self, engine: Engine):
        self._engine = engine
        self._unjudged = _WaitingFlows(engine, "unjudged_stances", "flows_changed")
        self._of_former_titles = _WaitingFlows(engine, "flows_read_toward_former_titles", "flows_changed_or_renamed")

    def missing(self, incident: str, limit: int) -> list[FlowToJudge]:
        return self._unjudged.next(incident, limit)

    def outdated(self, incident: str) -> list[FlowToJudge]:
        return [_to_read(row) for row in self._engine.rows("edited_flows", incident=incident)]

    def toward_former_titles(self, incident: str, limit: int) -> list[FlowToJudge]:
        return self._of_former_titles.next(incident, limit)

    def save(self, incident: str, stances: Sequence[FlowStance]) -> Future[None]:
        return self._engine.writer.submit_batch(lambda transaction: add_stances(transaction, incident, stances))


class _WaitingFlows:
    """The answers of a query for flows that wait, at a cost that does not grow with how many flows are stored.

    A flow that does not wait begins to only by what is written of it. So once no flow waited, only those are looked
    at that have changed since. A new store has seen nothing yet, so its first question is about all.
    """

    def __init__(self, engine: Engine, query: str, changes: str):
        """`changes` names the query for the flows that may wait by what was written `after` a stamp."""
        self._engine = engine
        self._query = query
        self._changes = changes
        # Incident → a stamp; by what was written up to it no flow waits.
        self._settled: dict[str, datetime | None] = {}

    def next(self, incident: str, limit: int) -> list[FlowToJudge]:
        # Read first: what is committed while the query runs is looked at by the next one.
        newest = self._engine.writer.last_known_at
        changed = self._changed(incident)
        rows = []
        if changed is None or changed:
            rows = self._engine.rows(self._query, incident=incident, flows=changed, limit=limit)
        if not rows:
            self._settled[incident] = newest
        return [_to_read(row) for row in rows]

    def _changed(self, incident: str) -> list[str] | None:
        """The flows to look at; None for all."""
        settled = self._settled.get(incident)
        if settled is None:
            return None
        rows = self._engine.rows(self._changes, incident=incident, after=settled)
        return [row["flow"] for row in rows] if len(rows) <= MOST_NAMED else None


def stances_of(judged: Sequence[JudgedPost]) -> list[FlowStance]:
    """The stances of those flows that have one."""
    return [FlowStance(one.flow, one.rumour, one.stance) for one in judged if one.stance is not None]


def add_stances(transaction: Transaction, incident: str, stances: Sequence[FlowStance]) -> None:
    """Let these stand beside the former ones."""
    transaction.append(
        "add_stances",
        [
            {
                "incident": incident,
                "flow": one.flow,
                "rumour": one.rumour,
                "label": one.stance.label.value,
                **{stance.value: one.stance.probabilities[stance] for stance in Stance},
                "judged_by": one.stance.by,
                "weights": one.stance.weights,
                "claim": one.stance.claim,
            }
            for one in stances
        ],
    )


def carry_stances(
    transaction: Transaction, incident: str, rumour_of: Mapping[str, str], *, same_claim_as: str | None = None
) -> None:
    """Copy each flow's latest stance of the model to its rumour now, until the model reads it toward that claim.

    A person's reading is of one claim: it goes along only from a rumour whose claim is the same, as a merge says.
    """
    transaction.write(
        "carry_stances",
        incident=incident,
        flows=list(rumour_of),
        rumours=list(rumour_of.values()),
        same_claim_as=same_claim_as,
    )


def _to_read(row: dict[str, Any]) -> FlowToJudge:
    return FlowToJudge(post_from_row(row), row["flow"], row["rumour"], row["claim"], row["makes_claim"])
