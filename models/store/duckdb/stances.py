"""StanceStore on DuckDB: a stance belongs to a flow and a rumour, and goes along when a flow changes its rumour."""

from collections.abc import Collection, Sequence
from concurrent.futures import Future
from typing import Any

from models.domain import Stance
from models.store.duckdb.engine import Engine
from models.store.duckdb.rows import post_from_row
from models.store.duckdb.transaction import Transaction
from models.store.messages import FlowStance, FlowToJudge, JudgedPost


class DuckDBStances:
    def __init__(self, engine: Engine):
        self._engine = engine

    def missing(self, incident: str, limit: int) -> list[FlowToJudge]:
        return [_to_read(row) for row in self._engine.rows("unjudged_stances", incident=incident, limit=limit)]

    def outdated(self, incident: str) -> list[FlowToJudge]:
        return [_to_read(row) for row in self._engine.rows("edited_flows", incident=incident)]

    def toward_former_titles(self, incident: str, limit: int) -> list[FlowToJudge]:
        rows = self._engine.rows("flows_read_toward_former_titles", incident=incident, limit=limit)
        return [_to_read(row) for row in rows]

    def save(self, incident: str, stances: Sequence[FlowStance]) -> Future[None]:
        return self._engine.writer.submit_batch(lambda transaction: add_stances(transaction, incident, stances))


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
    transaction: Transaction,
    incident: str,
    flows: Collection[str],
    rumour: str,
    *,
    same_claim_as: str | None = None,
) -> None:
    """Copy each flow's latest stance of the model to `rumour`, until the model reads it toward that claim.

    A person's reading is of one claim: it goes along only from a rumour whose claim is the same, as a merge says.
    """
    transaction.write(
        "carry_stances", incident=incident, flows=list(flows), rumour=rumour, same_claim_as=same_claim_as
    )


def _to_read(row: dict[str, Any]) -> FlowToJudge:
    return FlowToJudge(post_from_row(row), row["flow"], row["rumour"], row["claim"], row["makes_claim"])
