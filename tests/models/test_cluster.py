"""What the clusterer promises about one flow at a time, whatever encoder feeds it."""

import numpy as np
import pytest

from models.domain.acts import Constraints
from models.errors import WeightsRefused
from models.judgement.cluster import ClusterSettings, OnlineClusterer
from models.judgement.embed import DIMENSIONS
from models.text.words import wording_of
from tests.builders import LEARNT, WordsEncoder

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


def a_clusterer(**changes) -> OnlineClusterer:
    return OnlineClusterer(DIMENSIONS, ClusterSettings(), **changes)


def seen(text: str) -> tuple[np.ndarray, list[str]]:
    (vector,) = WordsEncoder().encode([text])
    return vector.astype(np.float32), wording_of(text).content


def judged(clusterer: OnlineClusterer, text: str, hours: float = 0.0) -> str:
    """Place and learn one text; the rumour it went to."""
    vector, words = seen(text)
    rumour = clusterer.place(vector, words, hours).rumour or text
    clusterer.learn(text, vector, words, hours, rumour)
    return rumour


def test_a_restatement_joins_the_rumour_it_repeats_and_another_claim_does_not():
    clusterer = a_clusterer()
    texts = [text for pair in zip(*CLAIMS.values(), strict=True) for text in pair]
    rumours = [judged(clusterer, text) for text in texts]
    assert len(set(rumours[0::2])) == 1
    assert len(set(rumours[1::2])) == 1
    assert rumours[0] != rumours[1]


def test_the_first_flow_joins_nothing():
    nearest = a_clusterer().place(np.ones(DIMENSIONS, np.float32), ["dam"], 0.0)
    assert (nearest.rumour, nearest.resemblance) == (None, 0.0)


def test_asking_changes_nothing():
    clusterer = a_clusterer()
    for text in CLAIMS["dam"]:
        judged(clusterer, text)
    asked = seen(CLAIMS["dam"][0])
    assert len({clusterer.place(*asked, 0.0) for _ in range(3)}) == 1


def test_once_an_incident_is_known_what_all_its_posts_share_does_not_hold_a_rumour_together():
    clusterer = a_clusterer()
    for n in range(20):
        text = f"#northgate flood: place{n} thing{n} street{n} end{n}"
        clusterer.learn(text, *seen(text), 0.0, text)
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


def test_a_text_without_any_words_is_placed_like_any_other():
    clusterer = a_clusterer()
    vector, _ = seen("")
    for flow in ("one", "two"):
        clusterer.learn(flow, vector, [], 0.0, flow)
    assert np.isfinite(clusterer.place(vector, [], 0.0).resemblance)


def test_one_near_flow_in_a_rumour_of_strangers_is_not_enough():
    """Nearest alone chains unlike claims together: the others of the rumour count too."""
    texts = [f"claim{n} of{n} its{n} own{n}" for n in range(8)]
    alone, among_strangers = a_clusterer(), a_clusterer()
    for n, text in enumerate(texts):
        alone.learn(text, *seen(text), 0.0, f"rumour {n}")
        among_strangers.learn(text, *seen(text), 0.0, "rumour")
    again = seen(texts[0] + " again, people say")
    assert alone.place(*again, 0.0).resemblance > among_strangers.place(*again, 0.0).resemblance


@pytest.mark.parametrize("first", ["north", "south"])
def test_between_two_equally_near_rumours_the_older_flow_decides_also_after_a_restart(first):
    """A person may have parted texts that are word for word the same."""
    vector, words = seen("hello")
    live, restarted = a_clusterer(), a_clusterer()
    live.learn("0", vector, words, 0.0, "south")
    live.learn("1", vector, words, 0.0, "north")
    # A person has since put the first flow elsewhere, or has not.
    restarted.learn("0", vector, words, 0.0, first)
    restarted.learn("1", vector, words, 0.0, "north" if first == "south" else "south")
    assert live.place(vector, words, 0.0).rumour == "south"
    assert restarted.place(vector, words, 0.0).rumour == first


def test_a_tie_is_decided_alike_however_the_rumours_came_to_be():
    flows = [("strange", "north"), ("hello", "south"), ("hello", "north"), ("dam", "dam"), ("dam too", "dam")]
    live, restarted = a_clusterer(), a_clusterer()
    texts = {"strange": CLAIMS["dam"][0], "dam": CLAIMS["dam"][1], "dam too": CLAIMS["dam"][2], "hello": "hello"}
    for place, (name, rumour) in enumerate(flows):
        live.learn(str(place), *seen(texts[name]), 0.0, rumour)
    held = Constraints(apart=frozenset({("north", "south")}), pinned={"1": "south", "2": "north"})
    change = live.consolidate("incident", held, {"dam"})
    assert change.moved == {"0": "dam"}
    for place, (name, rumour) in enumerate(flows):
        restarted.learn(str(place), *seen(texts[name]), 0.0, change.moved.get(str(place), rumour))
    assert live.place(*seen("hello"), 0.0) == restarted.place(*seen("hello"), 0.0)


@pytest.mark.parametrize("window", [8, 16])
def test_the_window_forgets_the_oldest_and_a_restart_gives_the_same(window):
    rng = np.random.default_rng(1)
    live, restarted = (a_clusterer(window_flows=window) for _ in range(2))
    for number in range(window * 5):
        vector = rng.normal(size=DIMENSIONS).astype(np.float32)
        vector /= np.linalg.norm(vector)
        words = [f"word{rng.integers(30)}" for _ in range(6)]
        rumour = live.place(vector, words, number / 10).rumour or f"rumour {number}"
        for clusterer in (live, restarted):
            clusterer.learn(f"flow {number}", vector, words, number / 10, rumour)
        assert live.place(vector, words, 9.0) == restarted.place(vector, words, 9.0)


def test_settings_are_read_from_a_weights_folder_and_refused_where_there_are_none(tmp_path):
    assert 0 < LEARNT.clusters.least_to_join < 1
    with pytest.raises(WeightsRefused):
        ClusterSettings.load(tmp_path)
