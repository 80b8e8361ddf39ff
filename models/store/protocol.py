"""What any engine of the store must do, composed of small protocols: posts, judgement, acts, views.

Writes return a `Future` that resolves once they are committed: until then nothing may be acknowledged.
Reads see committed rows only and may be called from any thread.
"""

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

import numpy as np

from models.domain import (
    Act,
    Correction,
    CorrectionDraft,
    DeadLetter,
    Decision,
    Incident,
    Officer,
    Post,
    RumourEvent,
    StanceJudgement,
)


@dataclass(frozen=True, slots=True)
class ArrivedPost:
    """A post on its way in, with the incidents it reaches: incident id → why ("collection: x")."""

    post: Post
    matched: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Arrival:
    """One source batch: saved whole, with the cursor that follows it, or not at all."""

    posts: Sequence[ArrivedPost]
    dead_letters: Sequence[DeadLetter] = ()
    cursor: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of an Arrival: `new` posts stored, `seen` ones that were there already."""

    new: int
    seen: int
    dead: int


@dataclass(frozen=True, slots=True)
class JudgedPost:
    """What the pipeline decided of one post. `assignment` and `stance` stand on the first post of a flow only."""

    post: Post
    flow: str
    thread: str
    rumour: str
    opens_flow: bool
    confidence: float | None = None
    stance: StanceJudgement | None = None
    vector: np.ndarray | None = None


@dataclass(frozen=True, slots=True)
class Judgement:
    """One pipeline batch: every post up to `upto_seq` judged, and what happened to the rumours meanwhile."""

    incident: str
    upto_seq: int
    posts: Sequence[JudgedPost]
    events: Sequence[RumourEvent] = ()


@dataclass(frozen=True, slots=True)
class FinalRow:
    """How a post stands at the end of a run: one line of `judge`. `seq` is its order of arrival."""

    seq: int
    id: str
    flow: str
    rumour_first: str
    rumour: str
    title: str | None
    likelihood: float | None
    stance: str
    stance_probabilities: Mapping[str, float] = field(default_factory=dict)
    on_board_at: datetime | None = None


class PostStore(Protocol):
    def open_incident(self, incident: Incident) -> Future[Incident]:
        """Record an incident, once: a second call with the same id changes nothing."""

    def incidents(self) -> list[Incident]: ...

    def save_arrival(self, arrival: Arrival) -> Future[Saved]:
        """Store what is new of a batch. Blocks while the writer's queue is full: that is the back-pressure."""

    def cursor(self, name: str) -> str | None: ...

    def dead_letters_by_reason(self) -> dict[str, int]: ...


class JudgementStore(Protocol):
    def unjudged(self, incident: str, after_seq: int, limit: int) -> list[Post]:
        """The next posts of an incident in order of arrival."""

    def save_judgement(self, judgement: Judgement) -> Future[None]: ...

    def judged_upto(self, incident: str) -> int: ...

    def judged(self, incident: str) -> Iterable[JudgedPost]:
        """Everything judged so far in the order it was judged, vectors included, to rebuild a pipeline from."""

    def events(self, incident: str) -> list[RumourEvent]:
        """What happened to the rumours of an incident, oldest first."""

    def final_rows(self, incident: str) -> list[FinalRow]: ...


class ActStore(Protocol):
    def decide(
        self, incident: str, rumour: str, act: Act, officer: Officer, reason: str, request: str | None = None
    ) -> Future[Decision]:
        """Record one act. The same `request` again gives the decision it made before.

        Raises Refused, at once or by the future: no reason, nobody's name, a rumour that is not on that board.
        """

    def record_correction(
        self, incident: str, draft: CorrectionDraft, officer: Officer, request: str | None = None
    ) -> Future[Correction]:
        """Log a correction that was given, and the decision with it, in one transaction.

        It enters as issued, its approver unknown. Raises Refused as `decide` does, and by field for the draft.
        """

    def decisions(self, incident: str, rumour: str | None = None) -> list[Decision]: ...

    def corrections(self, incident: str, rumour: str | None = None) -> list[Correction]: ...

    def broken_decision(self, incident: str) -> int | None:
        """The number of the first decision whose link does not follow from what it says, or None."""


class ViewStore(Protocol):
    @property
    def version(self) -> int:
        """Grows by one with every commit: unchanged means that no view has changed."""

    def rows(self, query: str, **parameters: Any) -> list[dict[str, Any]]:
        """The rows of one named query; times come back aware, in UTC."""


class Store(PostStore, JudgementStore, ActStore, ViewStore, Protocol):
    def last_known_at(self) -> datetime | None:
        """The newest stamp: where a replay's clock goes on after a restart."""

    def checkpoint(self) -> Future[None]: ...

    def close(self) -> None: ...
