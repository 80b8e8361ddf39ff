"""Is this cluster a rumour worth a look? A likelihood with its reasons; never a verdict on truth.

A logistic sum over what the whole cluster looks like. How its posts read is one feature among many and bounded:
models of text alone learn a sensational style and take urgent true news for rumour. The weights are learnt
(models/training/likelihood.py), and every feature's part of the log-odds is stored, so that a screen can say why.
"""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import numpy as np

from models.domain import Likelihood, Reason
from models.errors import WeightsRefused
from models.judgement.embed import SHIFT_FILE
from models.judgement.features import CUES, Tally
from models.text.words import is_figure, stem_of
from models.weights import checked, digest_of

WEIGHTS_FILE = "weights.json"
ANY_FIGURE = "0"
# More than any real post was seen to reach.
STRONGEST_READING = 5.0
# Nothing says much about a cluster of one or two posts: shares are drawn toward what is usual by so many posts.
CLAIMS_TO_SETTLE = 1.0
REPLIES_TO_SETTLE = 4.0
# Where the weights have never seen values so far out, more of them says no more.
FARTHEST_DEVIATIONS = 3.0


@dataclass(frozen=True, slots=True)
class WordingProbe:
    """How far a post reads like posts of past rumours: log-odds by vector (Alain and Bengio 2016) and by words."""

    offset: float
    direction: Sequence[float]
    words: Mapping[str, float]

    def behind(self, shift: Sequence[float]) -> "WordingProbe":
        """The same probe for vectors that have all moved by `shift` (d,) since it was fitted."""
        return replace(self, offset=self.offset - float(np.dot(self.direction, shift)))

    def reading(self, vector: np.ndarray, words: Sequence[str]) -> float:
        """The log-odds by a unit vector (d,) and the words it is of; words that training never saw say nothing."""
        known = math.fsum(self.words.get(word, 0.0) for word in general_words(words))
        told = self.offset + known + float(np.dot(self.direction, vector.astype(np.float64)))
        # A post made of telling words alone must not outweigh its whole rumour.
        return max(-STRONGEST_READING, min(STRONGEST_READING, told))


def general_words(words: Sequence[str]) -> set[str]:
    """Beginnings of the distinct words of a text; all figures are one word."""
    return {ANY_FIGURE if is_figure(word) else stem_of(word) for word in words}


@dataclass(frozen=True, slots=True)
class LikelihoodModel:
    """`weights[feature]` multiplies how many `deviations` a value lies from the `usual` one."""

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
        said = json.loads((home / WEIGHTS_FILE).read_text(encoding="utf-8"))
        shift = json.loads((checked(folder, "encoder") / SHIFT_FILE).read_text(encoding="utf-8"))
        try:
            wording = WordingProbe(**said["wording"]).behind(shift)
            digest = digest_of(folder, "likelihood", "encoder")
            return cls(said["base"], said["weights"], said["usual"], said["deviations"], wording, digest)
        except (KeyError, TypeError) as error:
            raise WeightsRefused(f"{home}: made by another version ({error}). Install or train it again.") from error

    def judge(self, tally: Tally, moment: datetime) -> Likelihood:
        """The likelihood (0 to 1) at a moment of stream time, each feature with its part of the log-odds."""
        values = features(tally, moment)
        reasons = tuple(
            Reason(name, round(values[name], 4), round(weight * self._deviation(name, values[name], tally), 4))
            for name, weight in self.weights.items()
        )
        odds = self.base + sum(reason.contribution for reason in reasons)
        return Likelihood(round(1 / (1 + math.exp(-odds)), 3), reasons, tally.claiming, tally.answers)

    def _deviation(self, name: str, value: float, tally: Tally) -> float:
        out = (value - self.usual[name]) / self.deviations[name] * settled(name, tally)
        return max(-FARTHEST_DEVIATIONS, min(FARTHEST_DEVIATIONS, out))


def features(tally: Tally, moment: datetime) -> dict[str, float]:
    """What is looked at. Shares are of the posts that claim (`claim_…`) and of those that answer (`reply_…`)."""
    claiming, replies = max(1, tally.claiming), max(1, tally.answers)
    return {
        "people": math.log1p(tally.people),
        "claims": math.log1p(tally.claiming),
        "replies_a_claim": math.log1p(tally.answers / claiming),
        "burst": math.log(tally.burst(moment)),
        "official_share": tally.official / tally.posts,
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
    "official_share",
    "link_share",
    "wording",
    *(f"claim_{cue}" for cue in CUES),
    *(f"reply_{cue}" for cue in CUES),
)


def settled(name: str, tally: Tally) -> float:
    """How far a share or mean of so few posts may be trusted, 0 to 1."""
    if name == "wording":
        return tally.read / (tally.read + CLAIMS_TO_SETTLE)
    if name.startswith("reply_"):
        return tally.answers / (tally.answers + REPLIES_TO_SETTLE)
    if name.startswith("claim_") or name.endswith("_share"):
        return tally.claiming / (tally.claiming + CLAIMS_TO_SETTLE)
    return 1.0
