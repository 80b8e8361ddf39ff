"""Names: would somebody who reads a rumour's title know which story it is?

Population: rumours, as consolidated at the end, of at least three source posts, more than half of them of one story,
in events of more than one story. The title, as the board shows it, is looked for among the event's gold story titles:
retrieval@1 counts where the right one is the nearest by the cosine of untuned MiniLM vectors.

Stable: among all rumours of more than ten posts (replies counted), those whose title did not change after the moment
of their tenth post. Titles are written once a batch, so a change that a batch took back is not seen.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

import numpy as np

from models.domain.rumours import EventKind
from models.evaluation.gold import LabelledPost
from models.evaluation.metrics import retrieval_at_1
from models.evaluation.outcome import Outcome
from models.evaluation.table import Column, Figures, Table, rows_of_events
from models.judgement.naming import title_of

LEAST_SOURCE_POSTS = 3
SETTLED_POSTS = 10
Encode = Callable[[Sequence[str]], np.ndarray]

COLUMNS = (
    Column("named", "rumours named", 0),
    Column("stories", "stories", 0),
    Column("retrieval_at_1", "retrieval@1"),
    Column("retrieval_at_1_by_posts", "by posts"),
    Column("large", "of more than 10 posts", 0),
    Column("stable", "stable after the 10th"),
)
NOTE = (
    "Rumours of at least three source posts, more than half of one story: is that story's title, among the event's, "
    'the nearest to theirs (untuned MiniLM cosine)? "By posts" weighs each by its source posts. Stable: the title '
    "did not change after the moment of the tenth post."
)


def figures(outcome: Outcome, posts: Sequence[LabelledPost], encode: Encode) -> Figures:
    """The figures of one event. `encode` gives (n, d) unit rows of texts by an encoder that was never tuned."""
    stories = sorted({post.story for post in posts if post.story is not None})
    named = _named(outcome, posts) if len(stories) > 1 else []
    stable = _stable(outcome, posts)
    right = [stories.index(story) for _, story, _ in named]
    weights = [count for *_, count in named]
    similarities = np.zeros((0, len(stories)))
    if named:
        vectors = np.asarray(encode([*(title for title, *_ in named), *stories]), np.float32)
        similarities = vectors[: len(named)] @ vectors[len(named) :].T
    return {
        "named": len(named),
        "stories": len(stories),
        "retrieval_at_1": retrieval_at_1(similarities, right),
        "retrieval_at_1_by_posts": retrieval_at_1(similarities, right, weights),
        "large": len(stable),
        "stable": float(np.mean(stable)) if stable else None,
    }


def table(runs: Mapping[str, Sequence[Figures]], title: str) -> Table:
    """Event → the figures of its runs, as one table."""
    rows = rows_of_events(runs, COLUMNS, counts=lambda run: (run["stories"] or 0) > 1)
    return Table(title, "event", COLUMNS, rows, NOTE)


def _named(outcome: Outcome, posts: Sequence[LabelledPost]) -> list[tuple[str, str, int]]:
    """(title, its story, how many source posts) of each rumour of the population; a title that is gone is empty."""
    stories: dict[str, Counter[str | None]] = {}
    titles: dict[str, str] = {}
    for post, row in outcome.beside([post for post in posts if post.is_source]):
        stories.setdefault(row.rumour, Counter())[post.story] += 1
        titles[row.rumour] = title_of(row.title or "")
    told = []
    for rumour, counts in stories.items():
        (story, most), total = counts.most_common(1)[0], counts.total()
        if story is not None and total >= LEAST_SOURCE_POSTS and most > total / 2:
            told.append((titles[rumour], story, total))
    return told


def _stable(outcome: Outcome, posts: Sequence[LabelledPost]) -> list[bool]:
    """Of each rumour of more than ten posts, whether its title stood since the moment of its tenth."""
    moment_of = {post.id: post.moment for post in posts}
    moments: dict[str, list[datetime | None]] = {}
    for row in outcome.rows:
        moments.setdefault(row.rumour, []).append(moment_of.get(row.id))
    renamed: dict[str, datetime | None] = {
        event.rumour: event.happened_at for event in outcome.events if event.kind is EventKind.TITLE
    }
    stable = []
    for rumour, of_rumour in moments.items():
        tenth = of_rumour[SETTLED_POSTS - 1] if len(of_rumour) > SETTLED_POSTS else None
        # Without a time nothing can be told about before and after.
        if tenth is not None and renamed.get(rumour) is not None:
            stable.append(renamed[rumour] <= tenth)
    return stable
