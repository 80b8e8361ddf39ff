"""Early: is a story on the board by its fifth post, at what cost in alerts, and before the first denial?

A story is *on the board* at the first moment at which some rumour that is on the board holds at least half of the
story's source posts so far, or holds more of this story's source posts than of any other's (its *own* rumour). The
first way alone is lenient to a rumour that swallows everything, so both ways and the own rumour alone are told.
A rumour holds a post from when it was first judged; merges and splits count from when they happened, never before.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np

from models.domain.rumours import RumourEvent, Stance
from models.evaluation.gold import LabelledPost
from models.evaluation.outcome import Outcome
from models.evaluation.table import Column, Figures, Table, rows_of_events
from models.store.messages import FinalRow

LEAST_POSTS = 5

COLUMNS = (
    Column("stories", "stories of 5+", 0),
    Column("caught", "on the board by the 5th post"),
    Column("caught_own", "by a rumour of its own"),
    Column("minutes", "median minutes", 1),
    Column("ever", "ever on the board"),
    Column("before_denial", "before the first denial"),
    Column("surfaced", "surfaced", 0),
    Column("per_busy_hour", "an hour", 2),
    Column("most_in_an_hour", "most in an hour", 0),
    Column("right", "of them rumours"),
)
NOTE = (
    "Stories of five source posts and more. On the board: a surfaced rumour holds half of the story's source posts "
    "so far, or more of this story than of any other (the latter alone: a rumour of its own). Minutes: from a "
    "story's first post to the board, of those that came there. A denial is told by the judged stance, since the "
    "labels tell none; folds judge none. An hour: surfaced rumours over the clock hours that brought a source post. "
    "Of them rumours: "
    "surfaced rumours of which more than half of the source posts are labelled rumour."
)


def figures(outcome: Outcome, posts: Sequence[LabelledPost]) -> Figures:
    """The figures of one event. Posts without a known time are left out."""
    beside = [(post, row) for post, row in outcome.beside(posts) if post.moment is not None]
    sources = [(post, row) for post, row in beside if post.is_source]
    of_story: dict[str, list[datetime]] = {}
    for post, _ in sources:
        if post.story is not None:
            of_story.setdefault(post.story, []).append(post.moment)
    large = {story: moments for story, moments in of_story.items() if len(moments) >= LEAST_POSTS}
    board = _board(sources, outcome.events)
    caught, own = (
        [story for story, moments in large.items() if story in when and when[story] <= moments[LEAST_POSTS - 1]]
        for when in (board.caught, board.caught_own)
    )
    waits = [
        (board.caught[story] - moments[0]).total_seconds() / 60
        for story, moments in large.items()
        if story in board.caught
    ]
    denied = _first_denials(beside)
    before = [
        story
        for story in large
        if story in board.caught and (story not in denied or board.caught[story] <= denied[story])
    ]
    knows_denials = any(row.stance is not None for _, row in beside)
    surfaced = sorted(event.happened_at for event in outcome.events if _is(event, "surfaced"))
    busy = {post.moment.replace(minute=0, second=0, microsecond=0) for post, _ in sources}
    right = _labels_of_surfaced(sources)
    return {
        "stories": len(large),
        "caught": _share(len(caught), len(large)),
        "caught_own": _share(len(own), len(large)),
        "minutes": float(np.median(waits)) if waits else None,
        "ever": _share(len(waits), len(large)),
        "before_denial": _share(len(before), len(large)) if knows_denials else None,
        "surfaced": len(surfaced),
        "per_busy_hour": _share(len(surfaced), len(busy)),
        "most_in_an_hour": _most_in_an_hour(surfaced),
        "right": _share(sum(right), len(right)),
    }


def table(runs: Mapping[str, Sequence[Figures]], title: str) -> Table:
    """Event → the figures of its runs, as one table."""
    rows = rows_of_events(runs, COLUMNS, counts=lambda run: (run["stories"] or 0) > 1)
    return Table(title, "event", COLUMNS, rows, NOTE)


@dataclass(slots=True)
class _Board:
    """The board as it fills: which rumour holds how many source posts of which story, and what is up."""

    holds: dict[str, Counter[str]] = field(default_factory=dict)
    seen: Counter[str] = field(default_factory=Counter)
    surfaced: set[str] = field(default_factory=set)
    caught: dict[str, datetime] = field(default_factory=dict)
    caught_own: dict[str, datetime] = field(default_factory=dict)

    def take(self, post: LabelledPost, rumour: str) -> None:
        if post.story is not None:
            self.holds.setdefault(rumour, Counter())[post.story] += 1
            self.seen[post.story] += 1
            self.look(rumour, post.moment)

    def merge(self, rumour: str, into: str, moment: datetime) -> None:
        self.holds.setdefault(into, Counter()).update(self.holds.pop(rumour, Counter()))
        if rumour in self.surfaced:
            self.surfaced.add(into)
        self.look(into, moment)

    def look(self, rumour: str, moment: datetime) -> None:
        """Which stories does a rumour that has just changed bring to the board?"""
        held = self.holds.get(rumour)
        if rumour not in self.surfaced or not held:
            return
        first, *others = held.most_common(2)
        own = first[0] if not others or first[1] > others[0][1] else None
        for story, count in held.items():
            if story == own:
                self.caught_own.setdefault(story, moment)
            if story == own or 2 * count >= self.seen[story]:
                self.caught.setdefault(story, moment)


def _board(sources: Sequence[tuple[LabelledPost, FinalRow]], events: Sequence[RumourEvent]) -> _Board:
    board = _Board()
    row_of = {post.id: row for post, row in sources}
    judged: list[tuple[LabelledPost, FinalRow]] = []
    for moment, step in _steps(sources, events):
        if isinstance(step, LabelledPost):
            judged.append((step, row_of[step.id]))
            board.take(step, row_of[step.id].rumour_first)
        elif _is(step, "surfaced"):
            board.surfaced.add(step.rumour)
            board.look(step.rumour, moment)
        elif _is(step, "merged"):
            board.merge(step.rumour, str(step.detail["into"]), moment)
        elif _is(step, "split"):
            _split(board, step, judged, moment)
    return board


def _split(
    board: _Board, event: RumourEvent, judged: Sequence[tuple[LabelledPost, FinalRow]], moment: datetime
) -> None:
    """The new rumour takes the posts that end up in it from the one it was split from."""
    former = board.holds.setdefault(str(event.detail["from"]), Counter())
    moved = Counter(
        post.story
        for post, row in judged
        if row.rumour == event.rumour != row.rumour_first and post.story is not None
    )
    former.subtract(moved)
    for story in [story for story, count in former.items() if count <= 0]:
        del former[story]
    board.holds.setdefault(event.rumour, Counter()).update(moved)
    board.look(event.rumour, moment)
    board.look(str(event.detail["from"]), moment)


def _steps(
    sources: Sequence[tuple[LabelledPost, FinalRow]], events: Sequence[RumourEvent]
) -> Iterator[tuple[datetime, LabelledPost | RumourEvent]]:
    """Posts and events in order of stream time; of one moment the posts first, since they bring the events about."""
    steps = [(post.moment, 0, place, post) for place, (post, _) in enumerate(sources)]
    steps += [(event.happened_at, 1, place, event) for place, event in enumerate(events) if event.happened_at]
    for moment, _, _, step in sorted(steps, key=lambda step: step[:3]):
        yield moment, step


def _first_denials(beside: Sequence[tuple[LabelledPost, FinalRow]]) -> dict[str, datetime]:
    """Story → when a post in any of its threads was first judged to deny."""
    story_of_thread = {post.id: post.story for post, _ in beside if post.is_source}
    denied: dict[str, datetime] = {}
    for post, row in beside:
        story = story_of_thread.get(post.thread)
        if story is not None and row.stance == Stance.DENY:
            denied.setdefault(story, post.moment)
    return denied


def _labels_of_surfaced(sources: Sequence[tuple[LabelledPost, FinalRow]]) -> list[bool]:
    """Of each rumour on the board at the end that has source posts: is more than half of them labelled rumour?"""
    labels: dict[str, list[bool]] = {}
    for post, row in sources:
        if row.on_board_at is not None:
            labels.setdefault(row.rumour, []).append(bool(post.is_rumour))
    return [2 * sum(of_rumour) > len(of_rumour) for of_rumour in labels.values()]


def _most_in_an_hour(moments: Sequence[datetime]) -> int:
    """The most rumours put up in any stretch of less than an hour."""
    return max(
        (sum(0 <= (other - moment).total_seconds() < 3_600 for other in moments) for moment in moments), default=0
    )


def _is(event: RumourEvent, kind: str) -> bool:
    return event.kind.value == kind


def _share(part: float, whole: int) -> float | None:
    return part / whole if whole else None
