"""How likely a group of posts is a rumour worth a look, with the reasons. It is never a verdict on truth.

A logistic regression over features of the whole group. How its posts are worded is one feature of many, and bounded:
models that read the text alone learn a sensational style, and take urgent true news for rumours. The weights are
learnt (models/training/likelihood.py). Each feature's part of the log-odds is stored, so that a screen can say why.
"""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import numpy as np

from models.domain.rumours import Likelihood, Reason
from models.errors import WeightsRefused
from models.judgement.embed import SHIFT_FILE
from models.judgement.features import CUES, Tally
from models.text.words import is_figure, stem_of
from models.weights import checked, digest_of

WEIGHTS_FILE = "weights.json"
ANY_FIGURE = "0"
# Beyond what any real post reaches.
STRONGEST_READING = 5.0
# One or two posts say little about a group: its shares are drawn toward the usual ones, as by so many posts more.
CLAIMS_TO_SETTLE = 1.0
REPLIES_TO_SETTLE = 4.0
# The weights were learnt from values no farther out: a value beyond counts as this far.
FARTHEST_DEVIATIONS = 3.0


@dataclass(frozen=True, slots=True)
class WordingProbe:
    """How much a post is worded like posts of past rumours, by its vector (Alain and Bengio 2016) and its words."""

    offset: float
    direction: Sequence[float]
    words: Mapping[str, float]

    def behind(self, shift: Sequence[float]) -> "WordingProbe":
        """The same probe for vectors that have all moved by `shift` (d,) since it was learnt."""
        return replace(self, offset=self.offset - float(np.dot(self.direction, shift)))

    def reading(self, vector: np.ndarray, words: Sequence[str]) -> float:
        """The log-odds for a text's unit vector (d,) and words; words that training never saw count as nothing.

        >>> probe = WordingProbe(offset=-1.0, direction=[2.0, 0.0], words={"hear": 0.5})
        >>> probe.reading(np.array([1, 0]), ["hear", "hearing", "burst"])
        1.5
        """
        known = math.fsum(self.words.get(word, 0.0) for word in general_words(words))
        log_odds = self.offset + known + float(np.dot(self.direction, vector.astype(np.float64)))
        # One post of nothing but such words must not outweigh its whole rumour.
        return max(-STRONGEST_READING, min(STRONGEST_READING, log_odds))


def general_words(words: Sequence[str]) -> set[str]:
    """The distinct words of a text by their first letters; all figures are one word.

    >>> sorted(general_words(["crash", "crashed", "42", "7"]))
    ['0', 'crash']
    """
    return {ANY_FIGURE if is_figure(word) else stem_of(word) for word in words}


@dataclass(frozen=True, slots=True)
class LikelihoodModel:
    """The log-odds are `base` and, for each feature, its weight times its distance from `usual` in `deviations`."""

    base: float
    weights: Mapping[str, float]
    usual: Mapping[str, float]
    deviations: Mapping[str, float]
    wording: WordingProbe
    # Stands for the weights it was loaded from; None for one that was made by hand.
    digest: str | None = None

    @classmethod
    def load(cls, folder: Path) -> "LikelihoodModel":
        """From a weights folder, whose encoder has moved the vectors. Raises WeightsRefused."""
        home = checked(folder, "likelihood")
        stored = json.loads((home / WEIGHTS_FILE).read_text(encoding="utf-8"))
        shift = json.loads((checked(folder, "encoder") / SHIFT_FILE).read_text(encoding="utf-8"))
        try:
            wording = WordingProbe(**stored["wording"]).behind(shift)
            digest = digest_of(folder, "likelihood", "encoder")
            return cls(stored["base"], stored["weights"], stored["usual"], stored["deviations"], wording, digest)
        except (KeyError, TypeError) as error:
            raise WeightsRefused(f"{home}: made by another version ({error}). Install or train it again.") from error

    def judge(self, tally: Tally, moment: datetime) -> Likelihood:
        """The likelihood (0 to 1) at a moment of stream time, each feature with its part of the log-odds."""
        values = feature_values(tally, moment)
        reasons = tuple(
            Reason(name, round(values[name], 4), round(weight * self._deviation(name, values[name], tally), 4))
            for name, weight in self.weights.items()
        )
        odds = self.base + sum(reason.contribution for reason in reasons)
        return Likelihood(round(1 / (1 + math.exp(-odds)), 3), reasons, tally.claiming, tally.answers)

    def _deviation(self, name: str, value: float, tally: Tally) -> float:
        out = (value - self.usual[name]) / self.deviations[name] * settled(name, tally)
        return max(-FARTHEST_DEVIATIONS, min(FARTHEST_DEVIATIONS, out))


def feature_values(tally: Tally, moment: datetime) -> dict[str, float]:
    """The value of each feature. `claim_…` are shares of the posts that claim, `reply_…` of those that answer."""
    claiming, replies = max(1, tally.claiming), max(1, tally.answers)
    return {
        "people": math.log1p(tally.people),
        "claims": math.log1p(tally.claiming),
        "replies_a_claim": math.log1p(tally.answers / claiming),
        "burst": math.log(tally.burst(moment)),
        "link_share": tally.linked / claiming,
        "wording": tally.readings / max(1, tally.read),
        **{f"claim_{cue}": tally.claims[cue] / claiming for cue in CUES},
        **{f"reply_{cue}": tally.replies[cue] / replies for cue in CUES},
    }


FEATURES = (
    "people",
    "claims",
    "replies_a_claim",
    "burst",
    "link_share",
    "wording",
    *(f"claim_{cue}" for cue in CUES),
    *(f"reply_{cue}" for cue in CUES),
)


def settled(name: str, tally: Tally) -> float:
    """How far a share or a mean of so many posts is to be trusted, 0 to 1.

    >>> settled("reply_asks", Tally(posts=6, answers=4))
    0.5
    """
    if name == "wording":
        return tally.read / (tally.read + CLAIMS_TO_SETTLE)
    if name.startswith("reply_"):
        return tally.answers / (tally.answers + REPLIES_TO_SETTLE)
    if name.startswith("claim_") or name.endswith("_share"):
        return tally.claiming / (tally.claiming + CLAIMS_TO_SETTLE)
    return 1.0
