"""Is this cluster a rumour worth a look? A first likelihood, with its reasons; never a verdict on truth.

A logistic sum over the cluster, not the text: unverified claims are asked about, doubted and hedged by many people
in a burst (enquiry as the earliest mark: Zhao, Resnick and Mei 2015), while urgent true news comes from official
accounts. The weights are set by hand until they are learnt.
"""

import math
from datetime import datetime

from models.domain import Likelihood, Reason, Stance
from models.tally import Tally

_BASE = -1.6
_WEIGHTS = {
    "people": 0.55,
    "burst": 0.35,
    "enquiry_share": 3.0,
    "denial_share": 2.5,
    "hedge_share": 2.0,
    "official_share": -3.0,
    "evidence_share": -0.4,
}


def judge_likelihood(tally: Tally, moment: datetime) -> Likelihood:
    """The likelihood (0 to 1) at a moment of stream time, each feature with its part of the log-odds."""
    shares = {
        "enquiry_share": tally.by_stance[Stance.QUERY],
        "denial_share": tally.by_stance[Stance.DENY],
        "hedge_share": tally.hedged,
        "official_share": tally.official,
        "evidence_share": tally.with_link,
    }
    # Two posts of doubt: one question under the first post is not a half of the crowd.
    values = {name: count / (tally.posts + 2) for name, count in shares.items()}
    values = {"people": float(tally.people), "burst": tally.burst(moment), **values}
    scaled = {**values, "people": math.log1p(values["people"]), "burst": math.log(values["burst"])}
    reasons = tuple(
        Reason(name, round(values[name], 4), round(weight * scaled[name], 4)) for name, weight in _WEIGHTS.items()
    )
    odds = _BASE + sum(reason.contribution for reason in reasons)
    return Likelihood(round(1 / (1 + math.exp(-odds)), 3), reasons)
