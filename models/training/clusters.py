"""Choose how near is near enough for a flow to join a rumour at once, on labelled events of every shape.

How flows are grouped later needs no threshold of its own (`models.judgement.local_cut`).

The published encoder's vectors are used, since the tuned one has learnt these very events by heart.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np

from models.evaluation.gold import story_of
from models.evaluation.metrics import b_cubed_f1, best_match_f1
from models.judgement.cluster import SETTINGS_FILE, ClusterSettings
from models.judgement.embed import ChildEncoder
from models.training.labelled import events
from models.training.rehearsal import Rehearsal, vectors_of
from models.weights import sealed

LEAST_TO_JOIN = (0.4, 0.43, 0.46, 0.49, 0.52)
# What comes at once matters while an incident is young.
POSTS_AN_EVENT = 600


def train_clusters(
    files: Sequence[Path], out: Path, *, leave_out: Sequence[str] = (), progress: Callable[[int, int], None]
) -> Path:
    """Choose the threshold by B³ and best match, first and last; writes the part `clusters` into `out`."""
    labelled = {event: posts[:POSTS_AN_EVENT] for event, posts in events(files, leave_out=leave_out).items()}
    encoder = ChildEncoder(None)
    try:
        vectors = {event: vectors_of(posts, encoder) for event, posts in labelled.items()}
    finally:
        encoder.close()
    worth = np.zeros(len(LEAST_TO_JOIN))
    for step, least in enumerate(LEAST_TO_JOIN):
        settings = replace(ClusterSettings(), least_to_join=least)
        worth[step] = sum(_worth(event, posts, vectors[event], settings) for event, posts in labelled.items())
        progress(step + 1, len(LEAST_TO_JOIN))
    # A threshold whose neighbours do well too is less of an accident.
    smooth = np.convolve(np.pad(worth, 1, mode="edge"), [0.25, 0.5, 0.25], "valid")
    least = LEAST_TO_JOIN[int(smooth.argmax())]
    chosen = replace(ClusterSettings(), least_to_join=least)
    home = out / "clusters"
    home.mkdir(parents=True, exist_ok=True)
    (home / SETTINGS_FILE).write_text(json.dumps(asdict(chosen), indent=2) + "\n", encoding="utf-8")
    return sealed(home)


def _worth(
    event: str, posts: Sequence[Mapping[str, Any]], vectors: Mapping[str, Any], settings: ClusterSettings
) -> float:
    rehearsal = Rehearsal(event, settings)
    judged = list(rehearsal.judged(posts, vectors))
    stories = [story_of(post) for post in posts]
    first = [rehearsal.rumour_first[post["id"]] for post in posts]
    last = [rehearsal.rumour(one.flow) for one in judged]
    # AMI tells nothing where all posts make one claim.
    return sum(
        b_cubed_f1(*told) + (best_match_f1(stories, rumours) or 0.0)
        for rumours in (first, last)
        for told in [tuple(zip(*((s, r) for s, r in zip(stories, rumours, strict=True) if s), strict=True))]
    )
