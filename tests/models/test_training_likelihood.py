"""Learning which clusters are rumours: the probe of wording, and likelihoods that mean what they say."""

import json

import numpy as np
import pytest

from models.judgement.embed import DIMENSIONS
from models.judgement.likelihood import FEATURES, STRONGEST_READING, LikelihoodModel, WordingProbe, general_words
from models.training.likelihood import CHATTER, _events, _fitted, _Looks
from models.training.wording import Sources, fitted_probe


def sources(event: str, seed: int, posts: int = 600) -> Sources:
    """Posts of one event: rumours say "reportedly" and point one way, others the other; all name the event."""
    rng = np.random.default_rng(seed)
    labels = np.arange(posts) % 2 == 0
    vectors = rng.normal(0, 0.2, (posts, DIMENSIONS))
    vectors[:, 0] += np.where(labels, 1.0, -1.0)
    words = [general_words(("reportedly" if rumour else "lovely", event, "42")) for rumour in labels]
    return Sources(vectors, words, labels)


def test_a_probe_reads_posts_of_an_event_it_never_saw():
    probe = fitted_probe([sources("dam", 1), sources("wolves", 2)])
    unseen = sources("refinery", 3)
    readings = [probe.reading(vector, ()) for vector in unseen.vectors]
    assert np.corrcoef(readings, unseen.labels)[0, 1] > 0.8


def test_words_of_one_event_alone_are_not_learnt():
    probe = fitted_probe([sources("dambursts", 1), sources("wolves", 2)])
    assert probe.words["repor"] > 0 > probe.words["lovel"]
    assert not {"dambu", "wolve"} & probe.words.keys()


def test_all_figures_are_one_word_and_words_go_by_their_beginnings():
    assert general_words(("42", "7", "crash", "crashed", "é")) == {"0", "crash", "é"}


def test_words_and_vector_both_count_and_unknown_words_say_nothing():
    probe = WordingProbe(0.5, [1.0, *[0.0] * (DIMENSIONS - 1)], {"repor": 2.0})
    vector = np.eye(DIMENSIONS, dtype=np.float16)[0]
    assert probe.reading(vector, ("reportedly", "reports", "xyzzy")) == pytest.approx(3.5)
    assert probe.reading(-vector, ("xyzzy",)) == pytest.approx(-0.5)


def test_no_post_reads_stronger_than_any_real_one_did():
    """Telling words in a heap: one hostile post must not outweigh its whole rumour."""
    probe = WordingProbe(0.0, [0.0] * DIMENSIONS, {f"w{n}": -1.0 for n in range(200)})
    assert probe.reading(np.zeros(DIMENSIONS), [f"w{n}" for n in range(200)]) == -STRONGEST_READING


def test_a_probe_reads_moved_vectors_as_it_read_them_before():
    probe = fitted_probe([sources("dam", 1), sources("wolves", 2)])
    shift, vector = np.linspace(-0.02, 0.03, DIMENSIONS), sources("refinery", 3).vectors[0]
    moved = probe.behind(shift).reading(vector + shift, ("reportedly",))
    assert moved == pytest.approx(probe.reading(vector, ("reportedly",)))


def test_without_an_event_a_probe_says_nothing():
    assert fitted_probe([]).reading(np.ones(DIMENSIONS, np.float16), ("reportedly",)) == 0.0


def test_a_likelihood_of_seven_tenths_means_seven_in_ten_at_the_last_look():
    """Early looks at clusters that grew, which are rumours more often, must not make the rest seem so."""
    rng = np.random.default_rng(5)
    last = rng.normal(0, 1, (3_000, len(FEATURES)))
    is_rumour = rng.random(3_000) < 1 / (1 + np.exp(2 - 2 * last[:, 0]))
    early = rng.normal(1, 1, (3_000, len(FEATURES)))
    values = np.vstack([last, early])
    labels = np.concatenate([is_rumour, np.ones(3_000, bool)])
    final = np.arange(6_000) < 3_000
    looks = _Looks(values, np.ones_like(values), labels, np.ones(6_000), final)
    told = _fitted([looks])
    model = LikelihoodModel(told["base"], told["weights"], told["usual"], told["deviations"], fitted_probe([]))
    odds = model.base + sum(
        model.weights.get(name, 0.0) * np.clip((last[:, place] - model.usual[name]) / model.deviations[name], -3, 3)
        for place, name in enumerate(FEATURES)
    )
    likelihood = 1 / (1 + np.exp(-odds))
    for low in (0.1, 0.3, 0.5):
        within = (likelihood >= low) & (likelihood < low + 0.2)
        assert is_rumour[within].mean() == pytest.approx(likelihood[within].mean(), abs=0.08)


def labelled(folder, event: str, *golds: dict, times: int = 1):
    """A file of so many posts of each label."""
    file = folder / f"{event}.jsonl"
    with file.open("w", encoding="utf-8") as lines:
        for place, gold in enumerate(golds * times):
            post = {"id": f"{event}{place}", "collection": event, "kind": "post", "text": f"Post {place} of many"}
            lines.write(json.dumps({**post, "gold": gold}) + "\n")
    return file


RUMOURS = tuple({"is_source": True, "is_rumour": True, "story": story} for story in ("dam", "wolves"))
OTHER = {"is_source": True, "is_rumour": False}


def test_an_event_teaches_only_where_it_tells_several_rumours_from_other_posts(tmp_path):
    files = [
        labelled(tmp_path, "both", *RUMOURS, OTHER),
        labelled(tmp_path, "rumours alone", *RUMOURS),
        labelled(tmp_path, "one story", RUMOURS[0], OTHER),
        labelled(tmp_path, "hardly others", *RUMOURS * 30, OTHER),
    ]
    assert [event.name for event in _events(files, [])] == ["both"]


def test_what_informs_nobody_of_several_crises_is_one_event_of_chatter(tmp_path):
    unrelated = {"informativeness": "Not related"}
    files = [
        labelled(tmp_path, "flood", unrelated, {"informativeness": "Related and informative"}),
        labelled(tmp_path, "fire", {"informativeness": "Related - but not informative"}),
        labelled(tmp_path, "both", *RUMOURS, OTHER),
    ]
    *_, chatter = _events(files, [])
    assert (chatter.name, chatter.is_chatter) == (CHATTER, True)
    assert [[post["id"] for post in posts] for posts in chatter.incidents] == [["flood0"], ["fire0"]]
    assert not any(event.is_chatter for event in _events(files, ["flood", "fire"]))


def test_chatter_makes_what_is_like_it_less_likely_and_calibrates_nothing():
    rng = np.random.default_rng(7)
    first, second, chatter = (rng.normal(0, 1, (1_000, len(FEATURES))) for _ in range(3))
    chatter[:, 1] += 2.0

    def looks(values, labels, final):
        return _Looks(values, np.ones_like(values), labels, np.ones(len(values)), final)

    events = [
        looks(one, rng.random(1_000) < 1 / (1 + np.exp(-2 * one[:, 0])), np.ones(1_000, bool))
        for one in (first, second)
    ]
    silent = looks(chatter, np.zeros(1_000, bool), np.zeros(1_000, bool))
    alone, beside = _fitted(events), _fitted([*events, silent])
    name = FEATURES[1]
    assert beside["weights"][name] < alone["weights"][name] - 0.2


def test_what_tells_rumours_apart_stays_sharp_where_events_differ_in_how_usual_they_are():
    """Two events of few rumours and two of many, where the telling feature is a little lower: it has weight 2."""
    rng = np.random.default_rng(9)
    events = []
    for usual, lower in ((-1.5, 0.0), (1.5, 0.5)) * 2:
        values = rng.normal(0, 1, (1_000, len(FEATURES)))
        labels = rng.random(1_000) < 1 / (1 + np.exp(-usual - 2 * values[:, 0]))
        values[:, 0] -= lower
        events.append(_Looks(values, np.ones_like(values), labels, np.ones(1_000), np.ones(1_000, bool)))
    told = _fitted(events)
    assert 1.5 < told["weights"][FEATURES[0]] / told["deviations"][FEATURES[0]] < 2.5
