"""How a round of coding stands, and what is written when it is started, ended and settled."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from models.domain.acts import Officer
from models.domain.audit import AuditedAct
from models.domain.ids import stable_id
from models.domain.rumours import Stance, StanceJudgement
from models.errors import Refused
from models.measures.coding_sample import SampledFlow
from models.people.coding import CODING_DESK, agreed, names_apart, person_of
from models.store.coding_messages import CodedFlow, CodingRound, RoundDraft, RoundState
from models.store.duckdb.audit_notes import audit_act
from models.store.duckdb.named_sql import NOW
from models.store.duckdb.rows import officer_columns, officer_from
from models.store.duckdb.stances import add_stances
from models.store.duckdb.transaction import Transaction
from models.store.messages import FlowStance

# A reader of named queries: the engine's, or that of a transaction.
Rows = Callable[..., list[dict[str, Any]]]


def rounds_of(rows: Rows, incident: str, as_of: datetime) -> list[RoundState]:
    """The rounds of an incident as known at a moment, oldest first."""
    coders: dict[str, dict[str, Officer]] = defaultdict(dict)
    for row in rows("coding_coders", incident=incident, as_of=as_of):
        coder = officer_from(row, name="coder")
        coders[row["round"]].setdefault(person_of(coder), coder)
    ends = defaultdict(list)
    for row in rows("coding_ends", incident=incident, as_of=as_of):
        ends[row["round"]].append(row)
    found = rows("coding_rounds", incident=incident, as_of=as_of)
    return [_round(incident, row, coders[row["id"]], ends[row["id"]]) for row in found]


def require_round(transaction: Transaction, incident: str, round_id: str) -> RoundState:
    """Raises Refused where an incident has no such round."""
    found = next((one for one in rounds_of(transaction.rows, incident, NOW) if one.round.id == round_id), None)
    if found is None:
        raise Refused({"round": "There is no such round of coding. Reload the page."})
    return found


def append_round(
    transaction: Transaction, incident: str, draft: RoundDraft, officer: Officer, request: str | None
) -> str:
    """Write a round and its sample; its id. Raises Refused where there is no such incident, or a round goes on."""
    if not transaction.rows("incident_versions", incident=incident):
        raise Refused({"incident": "There is no such incident. Go to the incidents and choose it again."})
    before = rounds_of(transaction.rows, incident, NOW)
    if any(one.coded_at is None for one in before):
        raise Refused({"round": "A round of coding is going on. Finish it, or end it, before the next one."})
    made = stable_id("coding round", incident, str(len(before) + 1))
    transaction.write(
        "add_coding_round",
        incident=incident,
        id=made,
        number=len(before) + 1,
        coders=draft.coders,
        seed=draft.seed,
        drawn_at=draft.drawn_at,
        **officer_columns(officer),
        request=request,
    )
    transaction.append(
        "add_coding_flows",
        [
            {
                "incident": incident,
                "round": made,
                "place": one.place,
                "flow": one.flow,
                "rumour": one.rumour,
                "claim": one.claim,
                "stratum": one.stratum,
                "stratum_flows": one.stratum_flows,
                "inclusion": one.inclusion,
                "model_label": one.label.value,
            }
            for one in draft.sample
        ],
    )
    audit_act(transaction, AuditedAct.START_CODING, officer, incident=incident, subject=made)
    return made


def append_end(
    transaction: Transaction, found: CodingRound, officer: Officer, request: str | None, reason: str | None
) -> None:
    """Write that somebody's coding has ended, or everybody's for a reason.

    The last end makes what all agree on the stance of its flow.
    """
    transaction.write(
        "add_coding_end",
        incident=found.incident,
        round=found.id,
        **officer_columns(officer),
        everybody=reason is not None,
        reason=reason,
        request=request,
    )
    what = AuditedAct.FINISH_CODING if reason is None else AuditedAct.END_CODING
    audit_act(transaction, what, officer, incident=found.incident, subject=found.id, reason=reason)
    ended = require_round(transaction, found.incident, found.id)
    if ended.coded_at is not None:
        outcomes = settled_flows(transaction.rows, found.incident, found.id, NOW)
        agreed_on = [(one.drawn.flow, one.drawn.rumour, one.settled) for one in outcomes if one.settled is not None]
        settle_as(transaction, found.incident, agreed_on, CODING_DESK)


def settle_as(
    transaction: Transaction, incident: str, settled: Sequence[tuple[str, str, Stance]], judged_by: str
) -> None:
    """Let these labels (flow, rumour, label) be people's stances: toward the claim that was coded.

    They hold as well where the rumour was merged meanwhile into the one that has the flow now: its claim is the same.
    """
    labels = {flow: label for flow, _, label in settled}
    merged_on = transaction.rows(
        "flows_merged_on",
        incident=incident,
        flows=[flow for flow, _, _ in settled],
        rumours=[rumour for _, rumour, _ in settled],
    )
    toward = [(flow, rumour) for flow, rumour, _ in settled] + [(row["flow"], row["rumour"]) for row in merged_on]
    add_stances(
        transaction,
        incident,
        [FlowStance(flow, rumour, _certain(labels[flow], judged_by)) for flow, rumour in toward],
    )


def settled_flows(rows: Rows, incident: str, round_id: str, as_of: datetime) -> list[CodedFlow]:
    """What came of each flow of a round that is coded."""
    said = rows("codings", incident=incident, round=round_id, as_of=as_of)
    names = names_apart([officer_from(row, name="coder") for row in said])
    labels = {
        flow: {names[who]: label for who, label in by_person.items()}
        for flow, by_person in labels_by_flow(said).items()
    }
    settled = {row["flow"]: row for row in rows("adjudications", incident=incident, round=round_id, as_of=as_of)}
    return [
        _coded(row, labels.get(row["flow"], {}), settled.get(row["flow"]))
        for row in rows("coding_flows", incident=incident, round=round_id, flow=None)
    ]


def labels_by_flow(codings: Iterable[dict[str, Any]]) -> dict[str, dict[str, Stance | None]]:
    """What each coder last said of each flow: flow → person → label."""
    labels: dict[str, dict[str, Stance | None]] = defaultdict(dict)
    for row in codings:
        who = person_of(officer_from(row, name="coder"))
        labels[row["flow"]][who] = None if row["label"] is None else Stance(row["label"])
    return labels


def _round(
    incident: str, row: dict[str, Any], coders: dict[str, Officer], ends: Collection[dict[str, Any]]
) -> RoundState:
    finished = {person_of(officer_from(end)): end for end in ends if not end["everybody"]}
    everybody = [end["known_at"] for end in ends if end["everybody"]]
    # The last coder's end is the round's.
    if len(finished) == row["coders"]:
        everybody.append(max(end["known_at"] for end in finished.values()))
    coded_at = min(everybody, default=None)
    started = CodingRound(
        id=row["id"],
        incident=incident,
        number=row["number"],
        flows=row["flows"],
        places=row["coders"],
        seed=row["seed"],
        drawn_at=row["drawn_at"],
        started_by=officer_from(row),
        started_at=row["started_at"],
    )
    done = tuple(officer_from(end) for end in finished.values())
    return RoundState(started, tuple(coders.values()), done, coded_at)


def _coded(row: dict[str, Any], labels: dict[str, Stance | None], adjudication: dict[str, Any] | None) -> CodedFlow:
    drawn = SampledFlow(
        flow=row["flow"],
        rumour=row["rumour"],
        claim=row["claim"],
        place=row["place"],
        stratum=row["stratum"],
        stratum_flows=row["stratum_flows"],
        inclusion=row["inclusion"],
        label=Stance(row["model_label"]),
    )
    if adjudication is not None:
        return CodedFlow(drawn, labels, Stance(adjudication["label"]), adjudication["officer"])
    label = agreed(labels.values())
    return CodedFlow(drawn, labels, label, None if label is None else CODING_DESK)


def _certain(label: Stance, by: str) -> StanceJudgement:
    return StanceJudgement(label, {one: float(one is label) for one in Stance}, by)
