"""The stance of flows toward the titles of their rumours: what the network is asked, and what it need not be.

A post without words takes none, and the flow whose words are the title makes the claim.
"""

from collections.abc import Sequence

import numpy as np

from models.domain.rumours import Stance, StanceJudgement
from models.judgement.embed import Encoder
from models.judgement.stance import NAME, Remark
from models.store.messages import FlowStance, FlowToJudge
from models.store.protocol import PostStore
from models.text.silent import is_wordless

# Probabilities in the order of Stance: of a post without words, and of the claim's own words.
WORDLESS = np.array([float(stance is Stance.COMMENT) for stance in Stance])
MAKES_CLAIM = np.array([float(stance is Stance.SUPPORT) for stance in Stance])


def flow_stances(flows: Sequence[FlowToJudge], posts: PostStore, encoder: Encoder) -> list[FlowStance]:
    """Each flow's stance toward its rumour's title; `posts` has the words of titles and of what flows answer."""
    weights = encoder.stance_digest
    return [
        FlowStance(one.flow, one.rumour, _judgement(row, weights, one.claim))
        for one, row in zip(flows, _probabilities(flows, posts, encoder), strict=True)
    ]


def _probabilities(flows: Sequence[FlowToJudge], posts: PostStore, encoder: Encoder) -> np.ndarray:
    """(n, 4), in the order of Stance."""
    above = [one.post.reply_to or one.post.quote_of for one in flows]
    words = posts.words_of({post for post in (*above, *(one.claim for one in flows)) if post})
    judged = np.zeros((len(flows), len(Stance)))
    read = []
    for place, one in enumerate(flows):
        if is_wordless(one.post.text):
            judged[place] = WORDLESS
        elif one.makes_claim and one.claim in words:
            judged[place] = MAKES_CLAIM
        else:
            read.append(place)
    if read:
        judged[read] = encoder.stances(
            [Remark(flows[place].post.text, words.get(above[place]), words.get(flows[place].claim)) for place in read]
        )
    return judged


def _judgement(row: np.ndarray, weights: str, claim: str | None) -> StanceJudgement:
    probabilities = {stance: float(value) for stance, value in zip(Stance, row, strict=True)}
    return StanceJudgement(max(Stance, key=probabilities.__getitem__), probabilities, NAME, weights, claim)
