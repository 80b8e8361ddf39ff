"""The values of the coding desk that cross between the store and those who write to it or read from it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from models.domain.acts import Officer
from models.domain.rumours import Stance
from models.measures.coding_sample import SampledFlow


@dataclass(frozen=True, slots=True)
class RoundDraft:
    """A round of coding to be started: how many people code each flow, the flows, and how they were drawn.

    They are a draw by `seed` from the frame as known at `drawn_at`.
    """

    coders: int
    seed: int
    drawn_at: datetime
    sample: Sequence[SampledFlow]


@dataclass(frozen=True, slots=True)
class CodingRound:
    """A round of coding as it was started: a sample of `flows` flows that up to `places` people code."""

    id: str
    incident: str
    number: int
    flows: int
    places: int
    seed: int
    drawn_at: datetime
    started_by: Officer
    started_at: datetime


@dataclass(frozen=True, slots=True)
class RoundState:
    """How far a round is: those who have begun to code, and those whose labels are final.

    Once all have finished, or somebody has ended it for all, `coded_at` is set: then labels are seen, and what all
    agree on is the stance of its flow.
    """

    round: CodingRound
    coders: tuple[Officer, ...]
    finished: tuple[Officer, ...]
    coded_at: datetime | None


@dataclass(frozen=True, slots=True)
class CodingEnd:
    """That the labels of an officer are final, or those of all in the round, for a `reason`."""

    round: str
    officer: Officer
    ended_at: datetime
    everybody: bool = False
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class FlowToCode:
    """A flow of a round as one coder has it. `done`: they labelled it, or skipped it with a `label` of None."""

    flow: str
    rumour: str
    claim: str
    label: Stance | None
    done: bool


@dataclass(frozen=True, slots=True)
class Coding:
    """What one person said of a flow; a `label` of None: they skipped it."""

    round: str
    flow: str
    rumour: str
    label: Stance | None
    coder: Officer
    coded_at: datetime


@dataclass(frozen=True, slots=True)
class Adjudication:
    """How somebody who did not code a flow settled what its coders differ on."""

    round: str
    flow: str
    rumour: str
    label: Stance
    officer: Officer
    reason: str
    settled_at: datetime


@dataclass(frozen=True, slots=True)
class Dispute:
    """A flow whose coders differ, with what each of them said, by name."""

    round: str
    flow: str
    rumour: str
    claim: str
    labels: Mapping[str, Stance | None]


@dataclass(frozen=True, slots=True)
class CodedFlow:
    """A flow of a round that is coded: how it was drawn, and what each coder said, by name; None: skipped.

    `settled` is what they agree on, or how it was settled by `settled_by`; None: neither.
    """

    drawn: SampledFlow
    labels: Mapping[str, Stance | None]
    settled: Stance | None
    settled_by: str | None = None
