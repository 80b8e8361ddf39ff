"""What the coding desk shows: the flows that one person codes, the differences to settle, and what came of a round.

A coder is shown neither what others said nor what the model did: `read_deck` reads own labels only.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from dashboard.words.masking import REMOVED, WORDLESS, masked, masked_title
from models.domain.acts import Officer
from models.domain.posts import Kind
from models.domain.rumours import Stance
from models.measures.agreement import Agreement, agreement, agreement_by_stance
from models.measures.model_error import DrawnFlow, Share, TooFew, model_agreement, model_recall
from models.people.coding import CODING_DESK, differ, person_of
from models.store import Store
from models.store.coding_messages import CodedFlow, Dispute, RoundState


@dataclass(frozen=True, slots=True)
class Card:
    """A flow as it is coded: its words, the claim that it is coded toward, and what it answers.

    `answered` is None where it answers nothing; `answered_here` says whether that post is stored.
    """

    flow: str
    claim: str
    text: str
    kind: Kind | None
    official: bool
    posts: int
    people: int
    first_at: datetime | None
    answered: str | None
    answered_here: bool


@dataclass(frozen=True, slots=True)
class OwnCard:
    """A card as one coder has it. `done`: they labelled it, or skipped it with a `label` of None."""

    card: Card
    label: Stance | None
    done: bool


@dataclass(frozen=True, slots=True)
class DisputeCard:
    """A card whose coders differ, with what each of them said, by name; None: they skipped it."""

    round: str
    card: Card
    labels: tuple[tuple[str, Stance | None], ...]


@dataclass(frozen=True, slots=True)
class RoundResult:
    """What came of a round that is coded.

    Of `flows` that were drawn from `frame_flows`, people `agreed` on some, others were `adjudicated`, wait for it, or
    stay `open` for want of two labels. `settled` counts those of each stance; `alphas` and `recalls` are by stance.
    `model` and `recalls` are None while any flow waits: without those that people differ on, the model would look
    better than it is.
    """

    state: RoundState
    frame_flows: int
    agreed: int
    adjudicated: int
    waiting: int
    open: int
    settled: Mapping[Stance, int]
    alpha: Agreement
    alphas: Mapping[Stance, Agreement]
    model: Share | TooFew | None
    recalls: Mapping[Stance, Share | TooFew | None]


def open_round(states: Sequence[RoundState]) -> RoundState | None:
    """The round that goes on, where one does."""
    return next((one for one in states if one.coded_at is None), None)


def has_finished(state: RoundState, coder: Officer) -> bool:
    return person_of(coder) in {person_of(one) for one in state.finished}


def has_place(state: RoundState, coder: Officer) -> bool:
    """Whether somebody may code in a round: they do already, or a place is left."""
    return person_of(coder) in {person_of(one) for one in state.coders} or len(state.coders) < state.round.places


def read_deck(store: Store, incident: str, round_id: str, coder: Officer) -> tuple[OwnCard, ...]:
    """The flows of a round in order, with what this coder said and nobody else."""
    flows = store.codings.desk(incident, round_id, coder)
    cards = _cards(store, incident, [(one.flow, one.claim) for one in flows])
    return tuple(OwnCard(cards[one.flow], one.label, one.done) for one in flows)


def read_disputes(store: Store, incident: str, disputes: Sequence[Dispute]) -> tuple[DisputeCard, ...]:
    cards = _cards(store, incident, [(one.flow, one.claim) for one in disputes])
    return tuple(DisputeCard(one.round, cards[one.flow], tuple(one.labels.items())) for one in disputes)


def count_waiting(store: Store, incident: str) -> int:
    """How many flows of coded rounds wait to be settled, whoever may do it."""
    return sum(
        one.settled is None and differ(one.labels.values())
        for state in store.codings.rounds(incident)
        for one in store.codings.outcomes(incident, state.round.id)
    )


def read_results(store: Store, incident: str, as_of: datetime | None = None) -> tuple[RoundResult, ...]:
    """What came of the rounds that are coded, the newest first."""
    coded = [one for one in store.codings.rounds(incident, as_of) if one.coded_at is not None]
    return tuple(_result(one, store.codings.outcomes(incident, one.round.id, as_of)) for one in reversed(coded))


def _result(state: RoundState, outcomes: Sequence[CodedFlow]) -> RoundResult:
    said = [one.labels for one in outcomes]
    drawn = [DrawnFlow(one.drawn.stratum, one.drawn.stratum_flows, one.drawn.label, one.settled) for one in outcomes]
    settled = [one for one in outcomes if one.settled is not None]
    waiting = sum(one.settled is None and differ(one.labels.values()) for one in outcomes)
    agreed = sum(one.settled_by == CODING_DESK for one in settled)
    return RoundResult(
        state=state,
        frame_flows=sum({one.stratum: one.stratum_flows for one in drawn}.values()),
        agreed=agreed,
        adjudicated=len(settled) - agreed,
        waiting=waiting,
        open=len(outcomes) - len(settled) - waiting,
        settled={stance: sum(one.settled is stance for one in settled) for stance in Stance},
        alpha=agreement(said),
        alphas=agreement_by_stance(said),
        model=None if waiting else model_agreement(drawn),
        recalls={stance: None if waiting else model_recall(drawn, stance) for stance in Stance},
    )


def _cards(store: Store, incident: str, asked: Sequence[tuple[str, str]]) -> dict[str, Card]:
    """By flow, for flows and the posts whose words are their claims."""
    rows = store.views.rows(
        "coding_contexts",
        incident=incident,
        flows=[flow for flow, _ in asked],
        claims=[claim for _, claim in asked],
    )
    return {
        row["flow"]: Card(
            flow=row["flow"],
            claim=REMOVED if row["claim_text"] is None else masked_title(row["claim_text"]) or WORDLESS,
            text=masked(row["text"]),
            kind=Kind(row["kind"]) if row["kind"] else None,
            official=bool(row["official"]),
            posts=row["posts"],
            people=row["people"],
            first_at=row["first_at"],
            answered=masked(row["answered_text"]) if row["answers"] else None,
            answered_here=row["answered_here"],
        )
        for row in rows
    }
