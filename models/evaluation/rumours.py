"""Rumours: are source posts grouped as people grouped them into stories?

Source posts only. B-cubed, AMI and ARI are over the posts of a story; best match is over all source posts, so that
posts of no story cost a rumour that takes them in. Scored twice: as first judged, and as consolidated at the end.
"""

from collections.abc import Mapping, Sequence

from models.evaluation.gold import LabelledPost
from models.evaluation.metrics import ami, ari, b_cubed, best_match_f1
from models.evaluation.outcome import Outcome
from models.evaluation.table import Column, Figures, Table, rows_of_events

GROUPING = (
    Column("b_cubed_f1", "B³-F1"),
    Column("ami", "AMI"),
    Column("ari", "ARI"),
    Column("best_match_f1", "best-match F1"),
)
COLUMNS = (
    Column("posts", "source posts", 0),
    Column("stories", "stories", 0),
    Column("rumours", "rumours", 0),
    *(Column(f"first_{column.key}", f"{column.heading}, first") for column in GROUPING),
    Column("b_cubed_precision", "B³ precision"),
    Column("b_cubed_recall", "B³ recall"),
    *GROUPING,
    Column("posts_a_second", "posts a second", 0),
)
NOTE = (
    'Source posts against human-written stories; "first" is as first judged, the others as consolidated at the end. '
    "Best match: stories of five posts and more, posts of no story counted as noise. The mean is over the events of "
    "more than one story. Posts a second: replies counted, judging alone, whatever else the machine did."
)


def figures(outcome: Outcome, posts: Sequence[LabelledPost]) -> Figures:
    """The figures of one event, by the keys of COLUMNS."""
    beside = outcome.beside([post for post in posts if post.is_source])
    stories = [post.story for post, _ in beside]
    last = [row.rumour for _, row in beside]
    return {
        "posts": len(beside),
        "stories": len({story for story in stories if story is not None}),
        "rumours": len(set(last)),
        **{
            f"first_{key}": value for key, value in grouping(stories, [row.rumour_first for _, row in beside]).items()
        },
        **grouping(stories, last),
        "posts_a_second": len(outcome.rows) / outcome.seconds if outcome.seconds else None,
    }


def grouping(stories: Sequence[str | None], groups: Sequence[str | int]) -> dict[str, float | None]:
    """How well any grouping of the source posts meets their stories (None: of no story), by the keys of GROUPING."""
    told = [(story, group) for story, group in zip(stories, groups, strict=True) if story is not None]
    if not told:
        return {}
    truth, found = zip(*told, strict=True)
    precision, recall, f1 = b_cubed(truth, found)
    return {
        "b_cubed_precision": precision,
        "b_cubed_recall": recall,
        "b_cubed_f1": f1,
        "ami": ami(truth, found),
        "ari": ari(truth, found),
        "best_match_f1": best_match_f1(stories, groups),
    }


def table(runs: Mapping[str, Sequence[Figures]], title: str) -> Table:
    """Event → the figures of its runs, as one table."""
    rows = rows_of_events(runs, COLUMNS, counts=lambda run: (run["stories"] or 0) > 1)
    return Table(title, "event", COLUMNS, rows, NOTE)
