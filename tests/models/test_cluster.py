"""What the clusterer promises, whatever encoder feeds it."""

import numpy as np
import pytest

from models.cluster import OnlineClusterer
from models.embed import DIMENSIONS
from models.flows import wording_of
from tests.builders import WordsEncoder

CLAIMS = {
    "dam": [
        "The dam above Northgate has burst",
        "Dam burst above Northgate, water coming",
        "Northgate dam has burst!!",
    ],
    "wolves": [
        "Wolves escaped from the wildlife park",
        "Escaped wolves from wildlife park seen",
        "wolves loose, park",
    ],
}


def judged(clusterer: OnlineClusterer, text: str) -> str:
    """Place and learn one text; the rumour it went to."""
    (vector,) = WordsEncoder().encode([text])
    words = wording_of(text).content
    rumour = clusterer.place(vector.astype(np.float32), words).rumour or text
    clusterer.learn(vector.astype(np.float32), words, rumour)
    return rumour


def test_a_restatement_joins_the_rumour_it_repeats_and_another_claim_does_not():
    clusterer = OnlineClusterer(DIMENSIONS)
    told = [text for pair in zip(*CLAIMS.values(), strict=True) for text in pair]
    rumours = [judged(clusterer, text) for text in told]
    assert len(set(rumours[0::2])) == 1
    assert len(set(rumours[1::2])) == 1
    assert rumours[0] != rumours[1]


def test_the_first_flow_joins_nothing():
    assert OnlineClusterer(DIMENSIONS).place(np.ones(DIMENSIONS, np.float32), ["dam"]).rumour is None


def test_asking_changes_nothing():
    clusterer = OnlineClusterer(DIMENSIONS)
    for text in CLAIMS["dam"]:
        judged(clusterer, text)
    (vector,) = WordsEncoder().encode([CLAIMS["dam"][0]])
    answers = {clusterer.place(vector.astype(np.float32), ["dam", "burst"]) for _ in range(3)}
    assert len(answers) == 1


def test_what_all_posts_share_does_not_hold_a_rumour_together():
    clusterer = OnlineClusterer(DIMENSIONS)
    places = [
        "hospital",
        "market",
        "station",
        "school",
        "bridge",
        "harbour",
        "museum",
        "airport",
        "stadium",
        "library",
    ]
    rumours = {judged(clusterer, f"#northgate flood: {place} {place}gate {place}side {place}end") for place in places}
    assert len(rumours) == len(places)


@pytest.mark.parametrize("window", [8, 16])
def test_the_window_forgets_the_oldest_and_a_restart_gives_the_same(window):
    rng = np.random.default_rng(1)
    live, restarted = (OnlineClusterer(DIMENSIONS, window_flows=window) for _ in range(2))
    for number in range(window * 5):
        vector = rng.normal(size=DIMENSIONS).astype(np.float32)
        vector /= np.linalg.norm(vector)
        words = [f"word{rng.integers(30)}" for _ in range(6)]
        rumour = live.place(vector, words).rumour or f"rumour {number}"
        live.learn(vector, words, rumour)
        restarted.learn(vector, words, rumour)
    assert live.place(vector, words) == restarted.place(vector, words)
    assert len(live._postings) <= 30
