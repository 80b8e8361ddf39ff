"""How the DuckDB store keeps stances: each belongs to a flow and a rumour, and goes along when a flow changes it."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from models.domain import Stance
from models.store.duckdb.rows import insert_rows, utc_naive
from models.store.messages import FlowStance


def save_stances(connection: Any, known_at: datetime, incident: str, stances: Sequence[FlowStance]) -> None:
    """Let these stand beside the former ones."""
    insert_rows(
        connection,
        known_at,
        "stances",
        [
            {
                "incident": incident,
                "flow": one.flow,
                "rumour": one.rumour,
                "label": one.stance.label.value,
                **{stance.value: one.stance.probabilities[stance] for stance in Stance},
                "judged_by": one.stance.by,
                "weights": one.stance.weights,
            }
            for one in stances
        ],
    )


def carry_stances(
    connection: Any,
    known_at: datetime,
    incident: str,
    flows: Collection[str],
    rumour: str,
    *,
    same_claim_as: str | None = None,
) -> None:
    """Copy each flow's latest stance of the model to `rumour`, until the model reads it toward that claim.

    A person's reading is of one claim: it goes along only from a rumour whose claim is the same, as a merge says.
    """
    connection.execute(
        """
        insert into stances by name
        select incident, flow, $rumour as rumour, label, support, deny, query, "comment", judged_by, weights,
            $known_at::timestamp as known_at
        from (
            select *
            from stances
            where incident = $incident and flow in (select unnest($flows::varchar[]))
                and (judged_by = 'model' or rumour in ($rumour, $same_claim_as))
            qualify row_number() over (partition by flow, judged_by = 'model' order by rowid desc) = 1)
        where rumour <> $rumour
        order by flow, judged_by
        """,
        {
            "rumour": rumour,
            "known_at": utc_naive(known_at),
            "incident": incident,
            "flows": list(flows),
            "same_claim_as": same_claim_as,
        },
    )
