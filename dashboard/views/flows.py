"""What screens show of flows: the words that opened each, its stance, and who coded it."""

from collections.abc import Collection
from typing import Any

import numpy as np

from models.domain.rumours import Stance
from models.measures.history import STANCES, UNKNOWN, Arrangement
from models.store import Store


def opening_words(
    store: Store, arrangement: Arrangement, posts: np.ndarray, removed: Collection[int], moment: dict[str, Any]
) -> dict[int, str]:
    """By number of the flow, the words of its first post, as `opening_posts`."""
    return {flow: row["text"] for flow, row in opening_posts(store, arrangement, posts, removed, moment).items()}


def opening_posts(
    store: Store, arrangement: Arrangement, posts: np.ndarray, removed: Collection[int], moment: dict[str, Any]
) -> dict[int, dict[str, Any]]:
    """By number of the flow, its first post, of those that are not removed; none has no entry.

    `posts` are places of posts in order of arrival, the whole of each flow that is asked for; `removed` are numbers
    of posts. `moment` says of which incident, and as known when.
    """
    left = posts[~np.isin(arrangement.posts.seq[posts], np.fromiter(removed, np.int64, len(removed)))]
    flows, first = np.unique(arrangement.posts.flow[left], return_index=True)
    seqs = arrangement.posts.seq[left[first]].tolist()
    found = {row["seq"]: row for row in store.views.rows("posts_by_number", seqs=seqs, **moment)}
    return {flow: found[seq] for flow, seq in zip(flows.tolist(), seqs, strict=True)}


def stance_and_coder(arrangement: Arrangement, flow: int) -> tuple[Stance | None, str | None]:
    """The stance of a flow, and who coded it: None where the model judged, or nobody."""
    label, judge = int(arrangement.stance_of_flow[flow]), int(arrangement.judge_of_flow[flow])
    coder = None if judge == UNKNOWN else arrangement.history.judges[judge].as_py()
    return None if label == UNKNOWN else STANCES[label], coder
