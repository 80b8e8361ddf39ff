"""What must be beaten on the bench of shapes: a plain judge of each kind, over the same incidents.

What a baseline chooses, a threshold or a size, is chosen for each incident on the others; the exercise is one
incident for that, whatever its seed.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from models.domain.rumours import Stance
from models.evaluation.baselines import JUDGED_BY, STEPS, nearest_neighbour, tf_idf_of_stream
from models.evaluation.cues import stance_by_cues
from models.evaluation.gold import LabelledPost
from models.evaluation.likelihood import decided
from models.evaluation.metrics import best_match_f1
from models.evaluation.rumours import grouping
from models.evaluation.shapes.board import LEAST_POSTS
from models.evaluation.shapes.figures import LIKELIHOOD, STANCE, stance_figures
from models.evaluation.shapes.incidents import Shape
from models.evaluation.shapes.tables import ByShape, summaries
from models.evaluation.table import Column, Figures, Table

# Shape → incident → its labelled posts.
Posts = Mapping[Shape, Mapping[str, Sequence[LabelledPost]]]

GROUPING = (
    Column("b_cubed_f1", "B³-F1"),
    Column("ami", "AMI"),
    Column("best_match_f1", "best-match F1"),
    Column("best_match_of_small", "best-match F1 of 3+"),
)
NOTE = "Means and worst of each shape; thresholds and sizes are chosen for each incident on the others."


def tables(posts: Posts) -> list[Table]:
    """One table a question, with the mean and the worst of each shape for each baseline."""
    events = {name: told for of_shape in posts.values() for name, told in of_shape.items()}
    alike = {name: shape if shape is Shape.EXERCISE else name for shape, told in posts.items() for name in told}
    judges = {
        "Grouping": ({"nearest neighbour, tf-idf": _nearest_neighbours(events, alike)}, GROUPING),
        "Stance": (_stances(events), STANCE),
        "Likelihood": (_likelihoods(events), LIKELIHOOD),
    }
    return [
        Table(
            f"{question}: baselines",
            "baseline and shape",
            columns,
            [
                row
                for name, figures in of_judge.items()
                for row in summaries(_of_shapes(posts, figures), columns, name)
            ],
            NOTE,
        )
        for question, (of_judge, columns) in judges.items()
    ]


def _nearest_neighbours(events: Mapping[str, Sequence[LabelledPost]], alike: Mapping[str, str]) -> dict[str, Figures]:
    """First-story detection (Petrović, Osborne and Lavrenko 2010) for each threshold, then the one of the others."""
    scored: dict[str, list[Figures]] = {}
    for name, posts in events.items():
        sources = [post for post in posts if post.is_source]
        stories = [post.story for post in sources]
        labels = nearest_neighbour(tf_idf_of_stream([post.text for post in sources]), STEPS)
        scored[name] = [
            {**grouping(stories, of_step), "best_match_of_small": best_match_f1(stories, of_step, LEAST_POSTS)}
            for of_step in labels
        ]
    worth = {
        name: np.array([np.mean([figures.get(key) or 0.0 for key in JUDGED_BY]) for figures in of_steps])
        for name, of_steps in scored.items()
    }
    chosen = {}
    for name, of_steps in scored.items():
        others = [worth[other] for other in scored if alike[other] != alike[name]]
        chosen[name] = of_steps[int(np.mean(others or [worth[name]], axis=0).argmax())]
    return chosen


def _stances(events: Mapping[str, Sequence[LabelledPost]]) -> dict[str, dict[str, Figures]]:
    return {
        "always support": {
            name: stance_figures([(post, Stance.SUPPORT.value) for post in posts]) for name, posts in events.items()
        },
        "cue words": {
            name: stance_figures([(post, stance_by_cues(post.text, answers=post.answers)) for post in posts])
            for name, posts in events.items()
        },
    }


def _likelihoods(events: Mapping[str, Sequence[LabelledPost]]) -> dict[str, dict[str, Figures]]:
    # Imported here: it loads scikit-learn, and most who import this file score nothing by it.
    from models.evaluation.trivial import all_rumour, labelled_sources, size_of_thread

    both = {
        name: posts
        for name, posts in events.items()
        if len({post.is_rumour for post in labelled_sources(posts)}) == 2
    }
    labels = {name: [bool(post.is_rumour) for post in labelled_sources(posts)] for name, posts in both.items()}
    return {
        judge: {
            name: {"posts": len(labels[name]), **decided(labels[name], *judged[name])} if name in both else {}
            for name in events
        }
        for judge, judged in {"all rumour": all_rumour(both), "size of the thread": size_of_thread(both)}.items()
    }


def _of_shapes(posts: Posts, figures: Mapping[str, Figures]) -> ByShape:
    return {shape: {name: [figures[name]] for name in told} for shape, told in posts.items()}
