"""CodingStore on DuckDB: rounds of coding, what people said, and how differences were settled."""

from collections.abc import Callable
from concurrent.futures import Future
from datetime import datetime
from typing import Any

from models.domain.acts import Officer
from models.domain.audit import AuditedAct
from models.domain.rumours import Stance
from models.errors import Refused
from models.limits import LONGEST_TEXT, too_long
from models.measures.coding_sample import FrameFlow
from models.people.checks import checked_officer, checked_reason, checked_request, refuse, written
from models.people.coding import check_may_code, check_may_settle, check_round, differ, names_apart, person_of
from models.store.coding_messages import (
    Adjudication,
    CodedFlow,
    Coding,
    CodingEnd,
    CodingRound,
    Dispute,
    FlowToCode,
    RoundDraft,
    RoundState,
)
from models.store.duckdb.audit_notes import audit_act
from models.store.duckdb.coding_rounds import (
    append_end,
    append_round,
    labels_by_flow,
    require_round,
    rounds_of,
    settle_as,
    settled_flows,
)
from models.store.duckdb.engine import Engine
from models.store.duckdb.named_sql import NOW
from models.store.duckdb.rows import officer_columns, officer_from
from models.store.duckdb.transaction import Transaction


class DuckDBCodings:
    def __init__(self, engine: Engine):
        self._engine = engine

    def frame(self, incident: str, as_of: datetime) -> list[FrameFlow]:
        return [
            FrameFlow(row["flow"], row["rumour"], row["claim"], Stance(row["label"]), row["rumour_flows"])
            for row in self._engine.rows("coding_frame", incident=incident, as_of=as_of)
        ]

    def start(
        self, incident: str, draft: RoundDraft, officer: Officer, request: str | None = None
    ) -> Future[CodingRound]:
        by, name = checked_officer(officer), checked_request(request)
        check_round(draft.coders, len(draft.sample))

        def started(transaction: Transaction) -> CodingRound:
            before = transaction.rows("coding_round_of_request", incident=incident, request=name)
            made = before[0]["id"] if before else append_round(transaction, incident, draft, by, name)
            return require_round(transaction, incident, made).round

        return self._engine.writer.submit_act(started)

    def rounds(self, incident: str, as_of: datetime | None = None) -> list[RoundState]:
        return rounds_of(self._engine.rows, incident, as_of or NOW)

    def desk(self, incident: str, round_id: str, coder: Officer) -> list[FlowToCode]:
        rows = self._engine.rows("codings", incident=incident, round=round_id)
        own = {row["flow"]: row["label"] for row in rows if _is_by(row, coder)}
        return [
            FlowToCode(row["flow"], row["rumour"], row["claim"], _stance(own.get(row["flow"])), row["flow"] in own)
            for row in self._engine.rows("coding_flows", incident=incident, round=round_id, flow=None)
        ]

    def code(
        self,
        incident: str,
        round_id: str,
        flow: str,
        label: Stance | None,
        officer: Officer,
        request: str | None = None,
    ) -> Future[Coding]:
        by, name = checked_officer(officer), checked_request(request)

        def coded(transaction: Transaction) -> Coding:
            before = transaction.rows("coding_of_request", incident=incident, request=name)
            if before:
                return _coding(before[0])
            found = require_round(transaction, incident, round_id)
            _require_not_coded(found)
            finished = {person_of(one) for one in found.finished}
            check_may_code(by, names_apart(found.coders), found.round.places, finished)
            rumour = _drawn(transaction, incident, round_id, flow)["rumour"]
            transaction.write(
                "add_coding",
                incident=incident,
                round=round_id,
                flow=flow,
                rumour=rumour,
                label=label.value if label else None,
                **officer_columns(by, name="coder"),
                request=name,
            )
            audit_act(transaction, AuditedAct.CODE, by, incident=incident, subject=flow)
            return Coding(round_id, flow, rumour, label, by, transaction.known_at)

        return self._engine.writer.submit_act(coded)

    def finish(self, incident: str, round_id: str, officer: Officer, request: str | None = None) -> Future[CodingEnd]:
        by = checked_officer(officer)

        def may_end(transaction: Transaction, found: RoundState) -> None:
            if person_of(by) in {person_of(one) for one in found.finished}:
                raise Refused({"round": "You have finished this round already."})
            rows = transaction.rows("codings", incident=incident, round=round_id)
            left = found.round.flows - len({row["flow"] for row in rows if _is_by(row, by)})
            if left:
                many = "1 flow is" if left == 1 else f"{left} flows are"
                raise Refused({"round": f"Label or skip every flow first: {many} left."})

        return self._ended(incident, round_id, by, request, may_end)

    def end(
        self, incident: str, round_id: str, officer: Officer, reason: str, request: str | None = None
    ) -> Future[CodingEnd]:
        by, why = checked_officer(officer), checked_reason(reason)
        return self._ended(incident, round_id, by, request, lambda transaction, found: None, why)

    def disputes(self, incident: str, officer: Officer) -> list[Dispute]:
        return [dispute for found in self.rounds(incident) for dispute in self._disputes_in(found.round, officer)]

    def settle(
        self,
        incident: str,
        round_id: str,
        flow: str,
        label: Stance,
        officer: Officer,
        reason: str = "",
        request: str | None = None,
    ) -> Future[Adjudication]:
        by, name, why = checked_officer(officer), checked_request(request), written(reason)
        refuse({"reason": too_long("the reason", why, LONGEST_TEXT)})

        def settled(transaction: Transaction) -> Adjudication:
            before = transaction.rows("adjudication_of_request", incident=incident, request=name)
            if before:
                return _adjudication(before[0])
            found = require_round(transaction, incident, round_id)
            if found.coded_at is None:
                raise Refused({"round": "The coders have not all finished this round. Wait until they have."})
            drawn = _drawn(transaction, incident, round_id, flow)
            said = labels_by_flow(transaction.rows("codings", incident=incident, round=round_id))
            check_may_settle(by, said.get(flow, {}))
            transaction.write(
                "add_adjudication",
                incident=incident,
                round=round_id,
                flow=flow,
                rumour=drawn["rumour"],
                label=label.value,
                **officer_columns(by),
                reason=why,
                request=name,
            )
            settle_as(transaction, incident, [(flow, drawn["rumour"], label)], by.name)
            audit_act(transaction, AuditedAct.SETTLE_CODING, by, incident=incident, subject=flow, reason=why)
            return Adjudication(round_id, flow, drawn["rumour"], label, by, why, transaction.known_at)

        return self._engine.writer.submit_act(settled)

    def outcomes(self, incident: str, round_id: str, as_of: datetime | None = None) -> list[CodedFlow]:
        moment = as_of or NOW
        found = next((one for one in self.rounds(incident, moment) if one.round.id == round_id), None)
        if found is None or found.coded_at is None:
            return []
        return settled_flows(self._engine.rows, incident, round_id, moment)

    def _disputes_in(self, one: CodingRound, officer: Officer) -> list[Dispute]:
        said = labels_by_flow(self._engine.rows("codings", incident=one.incident, round=one.id))
        return [
            Dispute(one.id, found.drawn.flow, found.drawn.rumour, found.drawn.claim, found.labels)
            for found in self.outcomes(one.incident, one.id)
            if found.settled is None
            and differ(found.labels.values())
            and person_of(officer) not in said[found.drawn.flow]
        ]

    def _ended(
        self,
        incident: str,
        round_id: str,
        by: Officer,
        request: str | None,
        check: Callable[[Transaction, RoundState], None],
        reason: str | None = None,
    ) -> Future[CodingEnd]:
        name = checked_request(request)

        def ended(transaction: Transaction) -> CodingEnd:
            before = transaction.rows("coding_end_of_request", incident=incident, request=name)
            if before:
                return _end(before[0])
            found = require_round(transaction, incident, round_id)
            _require_not_coded(found)
            check(transaction, found)
            append_end(transaction, found.round, by, name, reason)
            return CodingEnd(round_id, by, transaction.known_at, reason is not None, reason)

        return self._engine.writer.submit_act(ended)


def _is_by(row: dict[str, Any], coder: Officer) -> bool:
    return person_of(officer_from(row, name="coder")) == person_of(coder)


def _require_not_coded(found: RoundState) -> None:
    if found.coded_at is not None:
        raise Refused({"round": "The coding of this round has ended. Reload the page."})


def _drawn(transaction: Transaction, incident: str, round_id: str, flow: str) -> dict[str, Any]:
    """The row of a flow in a round. Raises Refused for one that is not in its sample."""
    rows = transaction.rows("coding_flows", incident=incident, round=round_id, flow=flow)
    if not rows:
        raise Refused({"flow": "This flow is not in the sample of this round. Reload the page."})
    return rows[0]


def _stance(label: str | None) -> Stance | None:
    return None if label is None else Stance(label)


def _coding(row: dict[str, Any]) -> Coding:
    coder = officer_from(row, name="coder")
    return Coding(row["round"], row["flow"], row["rumour"], _stance(row["label"]), coder, row["known_at"])


def _end(row: dict[str, Any]) -> CodingEnd:
    by = officer_from(row)
    return CodingEnd(row["round"], by, row["known_at"], row["everybody"], row["reason"])


def _adjudication(row: dict[str, Any]) -> Adjudication:
    by = officer_from(row)
    return Adjudication(
        row["round"], row["flow"], row["rumour"], Stance(row["label"]), by, row["reason"], row["known_at"]
    )
