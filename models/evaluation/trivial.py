"""What costs nothing, or a word list: the judges of stance and of likelihood that a trained one must beat."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from models.domain.rumours import Stance
from models.evaluation.cues import stance_by_cues
from models.evaluation.gold import LabelledPost
from models.evaluation.likelihood import OF_POSTS, decided
from models.evaluation.metrics import macro_f1
from models.evaluation.table import Figures, Table, rows_of_events

Labelled = Mapping[str, Sequence[LabelledPost]]
Scores = dict[str, tuple[list[float], float]]


def stance_judges(events: Labelled) -> dict[str, list[tuple[str, str]]]:
    """Judge → (gold, judged) stances of every labelled post: always comment, the commonest of its place, cue words.

    The commonest stance of posts that open a thread and of posts that answer is learnt on the other events.
    """
    posts = [post for of_event in events.values() for post in of_event if post.stance is not None]
    commonest = {event: _commonest([post for post in posts if post.event != event]) for event in events}
    judges: dict[str, Callable[[LabelledPost], str]] = {
        "always comment": lambda post: Stance.COMMENT.value,
        "commonest of its place, learnt on the other events": lambda post: commonest[post.event][post.answers],
        "cue words": lambda post: stance_by_cues(post.text, answers=post.answers),
    }
    return {name: [(post.stance, judge(post)) for post in posts] for name, judge in judges.items()}


def likelihood_judges(events: Labelled) -> list[Table]:
    """One table a judge, over source posts: all rumour; the size of the thread; tf-idf with logistic regression.

    Each is judged without having seen its event: the least size is chosen, and the regression trained, on the others.
    """
    sources = {event: labelled_sources(posts) for event, posts in events.items()}
    sources = {event: posts for event, posts in sources.items() if posts}
    judges = {"all rumour": all_rumour(sources)}
    # What is learnt on the other events needs both labels there.
    if all(len(set(_labels(_others(sources, event)))) == 2 for event in sources):
        judges["size of the thread"] = size_of_thread({event: events[event] for event in sources})
        judges["tf-idf and logistic regression"] = _by_words(sources)
    return [_table(name, judged, sources) for name, judged in judges.items()]


def labelled_sources(posts: Sequence[LabelledPost]) -> list[LabelledPost]:
    """The source posts that are labelled rumour or not."""
    return [post for post in posts if post.is_source and post.is_rumour is not None]


def all_rumour(events: Labelled) -> Scores:
    """Whatever is posted is a rumour: event → the scores of its labelled sources, and the least that makes one."""
    return {event: ([1.0] * len(labelled_sources(posts)), 0.5) for event, posts in events.items()}


def size_of_thread(events: Labelled) -> Scores:
    """How many posts are in the thread, as `all_rumour`; the least size is chosen on the other events."""
    sources = {event: labelled_sources(posts) for event, posts in events.items()}
    return _by_size(sources, events)


def _table(name: str, judged: Scores, sources: Labelled) -> Table:
    runs: dict[str, list[Figures]] = {
        event: [{"posts": len(posts), **decided(_labels(posts), *judged[event])}] for event, posts in sources.items()
    }
    rows = rows_of_events(runs, OF_POSTS, counts=lambda run: 0 < (run.get("base_rate") or 0) < 1)
    return Table(f"Likelihood of source posts by baseline: {name}", "event", OF_POSTS, rows)


def _by_size(sources: Labelled, events: Labelled) -> Scores:
    sizes = {event: Counter(post.thread for post in posts) for event, posts in events.items()}
    scores = {event: [float(sizes[event][post.id]) for post in posts] for event, posts in sources.items()}
    judged: Scores = {}
    for event in sources:
        others = [other for other in sources if other != event]
        labels = _labels(_others(sources, event))
        known = [score for other in others for score in scores[other]]
        least = max(
            sorted({round(float(value), 3) for value in np.quantile(known, np.linspace(0, 1, 21))}),
            key=lambda size: macro_f1(labels, [score >= size for score in known], [True, False]),
        )
        judged[event] = (scores[event], least)
    return judged


def _by_words(sources: Labelled) -> Scores:
    judged: Scores = {}
    for event, posts in sources.items():
        others = _others(sources, event)
        words = TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True)
        regression = LogisticRegression(class_weight="balanced", max_iter=1_000)
        regression.fit(words.fit_transform([post.text for post in others]), _labels(others))
        judged[event] = (regression.predict_proba(words.transform([post.text for post in posts]))[:, 1].tolist(), 0.5)
    return judged


def _commonest(posts: Sequence[LabelledPost]) -> dict[bool, str]:
    told = {answers: Counter(post.stance for post in posts if post.answers is answers) for answers in (False, True)}
    return {
        answers: max(sorted(counts), key=counts.__getitem__) if counts else Stance.COMMENT.value
        for answers, counts in told.items()
    }


def _others(sources: Labelled, event: str) -> list[LabelledPost]:
    return [post for other, posts in sources.items() if other != event for post in posts]


def _labels(posts: Sequence[LabelledPost]) -> list[bool]:
    return [bool(post.is_rumour) for post in posts]
