"""How the posts of the exercise are passed on: few get much attention, and each repost may start others."""

from dataclasses import replace

import numpy as np

from ingest.exercise.drafts import SCRIPT_MINUTES, Draft, delay
from ingest.exercise.script import Crowd

# The post of rank r = 0, 1, 2, … gets ATTENTION / (r + 2) ** 1.05 direct reposts on average (Zipf): a few posts get
# hundreds, most get none.
ATTENTION = 350.0


def add_reposts(drafts: list[Draft], crowd: Crowd, rng: np.random.Generator) -> None:
    """Gives the drafts attention by rank, so that every seed has a few very large cascades. Chance decides which."""
    luck = rng.lognormal(0, 0.5, len(drafts))
    time_left = np.array([1.15 - draft.minute / SCRIPT_MINUTES for draft in drafts])
    rising = luck * time_left * np.array([draft.appeal for draft in drafts])
    ranked = [drafts[which] for which in np.argsort(-rising, kind="stable")]
    for rank, draft in enumerate(ranked):
        _cascade(draft, ATTENTION / (rank + 2) ** 1.05, drafts, crowd, rng)


def _cascade(original: Draft, expected: float, drafts: list[Draft], crowd: Crowd, rng: np.random.Generator) -> None:
    """A branching process that fades with age. A repost by someone with many followers starts a burst."""
    rumour, sharers = original.rumour, {original.author.handle}
    seen = [(original.minute, expected, 9.0)]
    while seen:
        at, expected, median = seen.pop()
        for _ in range(rng.poisson(expected)):
            minute = at + delay(rng, median, 0.9)
            if minute >= SCRIPT_MINUTES or (rumour and rng.random() > rumour.appetite(original.stance, minute)):
                continue
            sharer = crowd.someone(sharers)
            sharers.add(sharer.handle)
            copied = replace(
                original,
                author=sharer,
                minute=minute,
                kind="repost",
                original=original,
                parent=None,
                root=None,
                quoted=None,
            )
            drafts.append(copied)
            pull = min(3.0, ((1 + (sharer.followers or 100)) / 230) ** 0.3)
            seen.append((minute, 0.42 * pull * float(np.exp(-(minute - original.minute) / 60)), 5.0))
