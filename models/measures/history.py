"""All that was judged of one incident, with the moments at which it was known, and how it stood at any of them.

Rows are columns in the order in which they were known, and are never changed, so that a moment is the first rows of
each. Flows, rumours and authors are numbers, given out in order of first sight. Times are microseconds since 1970.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from models.domain.rumours import Stance

if TYPE_CHECKING:
    # Commands that read no history do not wait for it.
    import pyarrow as pa

Rows = TypeVar("Rows")

UNKNOWN = -1
NO_TIME = np.iinfo(np.int64).min
STANCES = tuple(Stance)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def microseconds(at: datetime) -> int:
    """A moment as the columns hold it."""
    return (at - _EPOCH) // _MICROSECOND


def moment_of(value: int) -> datetime | None:
    """The moment that a column holds; None for NO_TIME."""
    return None if value == NO_TIME else _EPOCH + int(value) * _MICROSECOND


@dataclass(frozen=True, slots=True)
class PostRows:
    """Posts as they were put in flows. `author` and `followers` may be UNKNOWN, `created_at` NO_TIME."""

    known_at: np.ndarray
    seq: np.ndarray
    flow: np.ndarray
    author: np.ndarray
    followers: np.ndarray
    created_at: np.ndarray
    official: np.ndarray


@dataclass(frozen=True, slots=True)
class AssignmentRows:
    """Flows as they were put in rumours.

    `decision` numbers the act of the person that did, UNKNOWN where the model did. `pins` is 1 where no model run
    takes the flow away again, 0 where one may, UNKNOWN where the row does not say.
    """

    known_at: np.ndarray
    flow: np.ndarray
    rumour: np.ndarray
    decision: np.ndarray
    pins: np.ndarray


@dataclass(frozen=True, slots=True)
class StanceRows:
    """Stances of flows toward rumours.

    `label` is a place in STANCES; `judge` numbers the person that judged, UNKNOWN where the model did.
    """

    known_at: np.ndarray
    flow: np.ndarray
    rumour: np.ndarray
    label: np.ndarray
    judge: np.ndarray


@dataclass(frozen=True, slots=True)
class SurfacedRows:
    """Rumours as they went on the board."""

    known_at: np.ndarray
    rumour: np.ndarray
    happened_at: np.ndarray


@dataclass(frozen=True, slots=True)
class EventRows:
    """Titles, or scores, of rumours. `event` numbers the stored event; `people` is what a score counted."""

    known_at: np.ndarray
    rumour: np.ndarray
    event: np.ndarray
    people: np.ndarray


@dataclass(frozen=True, slots=True)
class History:
    """Everything, up to the last commit. `flows`, `rumours` and `judges` are names by number."""

    posts: PostRows
    assignments: AssignmentRows
    stances: StanceRows
    surfaced: SurfacedRows
    titles: EventRows
    scores: EventRows
    flows: "pa.Array"
    rumours: "pa.Array"
    judges: "pa.Array"
    authors: int

    def at(self, as_of: datetime | None) -> "Arrangement":
        """How the incident stood at a moment, or as far as all that is known."""
        return Arrangement(self, as_of)

    def rumour_names(self, rumours: Iterable[int]) -> list[str]:
        """The names of rumours by their numbers."""
        return _names(self.rumours, rumours)

    def flow_names(self, flows: Iterable[int]) -> list[str]:
        """The names of flows by their numbers."""
        return _names(self.flows, flows)

    def number_of(self, rumour: str) -> int | None:
        """The number of a rumour; None where the incident has none of this name."""
        place = self.rumours.index(rumour).as_py()
        return None if place < 0 else place


class Arrangement:
    """Which rumour each flow stood in at a moment, and its stance toward it.

    `rumour_of_flow`, `stance_of_flow` and `judge_of_flow` are by flow; `flow`, `rumour` and `is_vote` by post. A post
    is no vote where it is of officials, or a copy of one.
    """

    def __init__(self, history: History, as_of: datetime | None):
        self.history = history
        self._as_of = np.iinfo(np.int64).max if as_of is None else microseconds(as_of)
        self.rumour_of_flow = self._rumour_of_flow()
        self.stance_of_flow, self.judge_of_flow = self._stance_of_flow()
        self.posts = posts = self.known(history.posts)
        self.rumour = self.rumour_of_flow[posts.flow]
        of_officials = np.zeros(len(history.flows), bool)
        of_officials[posts.flow[posts.official]] = True
        self.of_officials = of_officials
        self.is_vote = ~of_officials[posts.flow]

    @property
    def stance(self) -> np.ndarray:
        """The stance of each post's flow: a place in STANCES, or UNKNOWN where nobody has coded it."""
        return self.stance_of_flow[self.posts.flow]

    def known(self, rows: Rows) -> Rows:
        """The rows that were known at the moment."""
        upto = np.searchsorted(rows.known_at, self._as_of, side="right")
        return type(rows)(*(getattr(rows, name)[:upto] for name in rows.__slots__))

    def latest(self, rows: EventRows) -> np.ndarray:
        """By rumour, the place of its latest row among `rows`; UNKNOWN where it has none."""
        return self._last(self.known(rows).rumour, len(self.history.rumours))

    def surfaced_at(self) -> dict[int, datetime | None]:
        """The rumours that had gone on the board, by number, with when each first did."""
        rows = self.known(self.history.surfaced)
        first: dict[int, datetime | None] = {}
        for rumour, at in zip(rows.rumour.tolist(), map(moment_of, rows.happened_at.tolist()), strict=True):
            earlier = first.get(rumour)
            first[rumour] = at if earlier is None else earlier if at is None else min(at, earlier)
        return first

    def _rumour_of_flow(self) -> np.ndarray:
        # A flow is where the latest row puts it, but for the model's rows after a person's that pins it.
        rows, flows = self.known(self.history.assignments), len(self.history.flows)
        last = self._last(rows.flow, flows)
        by_people = np.flatnonzero(rows.decision != UNKNOWN)
        by_people = by_people[np.argsort(rows.decision[by_people], kind="stable")]
        of_people = by_people[rows.pins[by_people] != UNKNOWN]
        pinned = np.zeros(flows, bool)
        pinned[rows.flow[of_people]] = rows.pins[of_people] == 1
        held = by_people[pinned[rows.flow[by_people]]]
        last[rows.flow[held]] = held
        return np.where(last == UNKNOWN, UNKNOWN, rows.rumour[last] if len(rows.rumour) else UNKNOWN)

    def _stance_of_flow(self) -> tuple[np.ndarray, np.ndarray]:
        # A person's word counts before the model's, then the later one.
        rows, flows = self.known(self.history.stances), len(self.history.flows)
        stands = rows.rumour == self.rumour_of_flow[rows.flow]
        label, judge = np.full(flows, UNKNOWN, np.int8), np.full(flows, UNKNOWN, np.int32)
        for of_whom in (stands & (rows.judge == UNKNOWN), stands & (rows.judge != UNKNOWN)):
            label[rows.flow[of_whom]] = rows.label[of_whom]
            judge[rows.flow[of_whom]] = rows.judge[of_whom]
        return label, judge

    @staticmethod
    def _last(numbers: np.ndarray, count: int) -> np.ndarray:
        # Where a number repeats, numpy's assignment leaves the last.
        last = np.full(count, UNKNOWN, np.int64)
        last[numbers] = np.arange(len(numbers))
        return last


def _names(all_names: "pa.Array", numbers: Iterable[int]) -> list[str]:
    return all_names.take(np.fromiter(numbers, np.int64)).to_pylist()
