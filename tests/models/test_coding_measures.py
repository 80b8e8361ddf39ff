"""What the coding desk measures: whether people agree, and how often the model says what they say."""

from collections import Counter
from itertools import pairwise, permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from models.domain.rumours import Stance
from models.measures.agreement import agreement, agreement_by_stance
from models.measures.coding_sample import FEWEST_A_STRATUM, FrameFlow, draw, shares
from models.measures.model_error import DrawnFlow, Share, TooFew, model_agreement, model_recall

SUPPORT, DENY, QUERY, COMMENT = Stance


# --- Krippendorff's alpha ------------------------------------------------------------------------------------------


def alpha_by_the_book(units: list[list]) -> float | None:
    """1 - (n - 1) · Σ o_ck / Σ n_c n_k over c ≠ k, from the matrix of coincidences (Krippendorff 2019, §12.3.1)."""
    coincidences: Counter = Counter()
    for values in units:
        for one, other in permutations(range(len(values)), 2):
            coincidences[values[one], values[other]] += 1 / (len(values) - 1)
    totals: Counter = Counter()
    for (value, _), count in coincidences.items():
        totals[value] += count
    observed = sum(count for (one, other), count in coincidences.items() if one != other)
    expected = sum(totals[one] * totals[other] for one in totals for other in totals if one != other)
    return 1 - (sum(totals.values()) - 1) * observed / expected if expected else None


LABELS = some.dictionaries(some.sampled_from("ABC"), some.sampled_from([*Stance, None]))


@given(some.lists(LABELS, max_size=30))
def test_alpha_is_that_of_the_textbook(coded):
    by_hand = alpha_by_the_book([[label for label in one.values() if label is not None] for one in coded])
    assert agreement(coded).alpha == (None if by_hand is None else pytest.approx(by_hand))
    for stance, found in agreement_by_stance(coded).items():
        against_the_rest = [[label is stance for label in one.values() if label is not None] for one in coded]
        by_hand = alpha_by_the_book(against_the_rest)
        assert found.alpha == (None if by_hand is None else pytest.approx(by_hand))


def test_alpha_of_a_published_example():
    # Three coders, fifteen units, some not coded: alpha is .691 (Krippendorff 2004, as reprinted in many places).
    by_coder = ("*****34121133*3", "1*213343*******", "**21344*21133*4")
    values = dict(zip("1234", Stance, strict=True))
    units = [
        {str(coder): values[said[unit]] for coder, said in enumerate(by_coder) if said[unit] != "*"}
        for unit in range(15)
    ]
    assert agreement(units).alpha == pytest.approx(0.691, abs=0.0005)


def test_alpha_says_on_how_many_flows_it_rests():
    found = agreement([{"A": DENY, "B": DENY}, {"A": QUERY, "B": None}, {"A": QUERY, "B": DENY, "C": QUERY}, {}])
    assert (found.flows, found.labels) == (2, 5)


@pytest.mark.parametrize("coded", [[], [{"A": DENY}], [{"A": DENY, "B": DENY}] * 9])
def test_alpha_of_no_pairs_or_of_one_label_alone_is_undefined(coded):
    assert agreement(coded).alpha is None


# --- The sample ----------------------------------------------------------------------------------------------------


def a_frame(**flows: int) -> list[FrameFlow]:
    """So many flows of each stance, as "deny" or as "deny_large" in a rumour of many."""
    return [
        FrameFlow(f"{name}-{number}", "r", "claim", Stance(name.split("_")[0]), 100 if "large" in name else 3)
        for name, count in flows.items()
        for number in range(count)
    ]


def test_a_rare_label_has_more_than_its_share_and_each_flow_its_chance():
    sample = draw(a_frame(comment=900, deny=100), 40, seed=1)
    assert Counter(one.label for one in sample) == {COMMENT: 30, DENY: 10}
    assert {one.label: one.inclusion for one in sample} == {COMMENT: 30 / 900, DENY: 10 / 100}
    assert [one.place for one in sample] == list(range(40))


def test_a_label_is_drawn_from_rumours_of_either_size():
    sample = draw(a_frame(deny=100, deny_large=100), 20, seed=1)
    assert Counter(one.stratum for one in sample) == {"deny, small rumour": 10, "deny, large rumour": 10}


def test_the_frames_order_does_not_change_the_sample_but_the_seed_does():
    frame = a_frame(comment=50, deny=30)
    assert draw(frame[::-1], 20, seed=1) == draw(frame, 20, seed=1)
    assert draw(frame, 20, seed=2) != draw(frame, 20, seed=1)


def test_the_order_of_coding_does_not_tell_the_models_label():
    sample = draw(a_frame(comment=50, deny=50), 60, seed=1)
    changes = sum(one.label is not other.label for one, other in pairwise(sample))
    assert changes > 15


@given(
    some.dictionaries(some.text(min_size=1, max_size=3), some.integers(1, 300), min_size=1, max_size=8), some.data()
)
def test_shares_fill_the_sample_and_exceed_no_stratum(flows, data):
    size = data.draw(some.integers(1, sum(flows.values())))
    given_each = shares(flows, size)
    assert sum(given_each.values()) == size
    assert all(given_each[name] <= count for name, count in flows.items())
    if size >= FEWEST_A_STRATUM * len(flows):
        assert all(given_each[name] >= min(FEWEST_A_STRATUM, count) for name, count in flows.items())


# --- The model's error ---------------------------------------------------------------------------------------------


def drawn(stratum_flows: int, model: Stance, *people: Stance | None, stratum: str | None = None) -> list[DrawnFlow]:
    return [DrawnFlow(stratum or model.value, stratum_flows, model, one) for one in people]


def test_each_flow_stands_for_those_of_its_stratum():
    # All 20 of 900 comments are right, and half of 20 of 100 denials.
    coded = drawn(900, COMMENT, *[COMMENT] * 20) + drawn(100, DENY, *[DENY, COMMENT] * 10)
    found = model_agreement(coded)
    assert found.estimate == pytest.approx(0.95)
    assert found.low < 0.95 < found.high
    assert found.flows == 40


def test_recall_counts_the_flows_that_people_gave_the_stance_whatever_the_model_said():
    # People deny in 10 of 20 (of 100) that the model does too, and in 2 of 20 (of 900) that it calls comment.
    coded = drawn(100, DENY, *[DENY, COMMENT] * 10) + drawn(900, COMMENT, *[DENY] * 2, *[COMMENT] * 18)
    assert model_recall(coded, DENY).estimate == pytest.approx(50 / (50 + 90))


def test_nothing_is_a_figure_before_there_are_enough():
    assert model_agreement(drawn(900, COMMENT, *[COMMENT] * 29, *[None] * 9)) == TooFew(29, 30)
    coded = drawn(900, COMMENT, *[COMMENT] * 40, *[QUERY] * 9)
    assert model_recall(coded, QUERY) == TooFew(9, 10)


def test_a_label_of_which_hardly_a_flow_is_coded_is_no_guess():
    coded = drawn(500, COMMENT, *[COMMENT] * 40) + drawn(500, DENY, DENY, *[None] * 19)
    assert model_agreement(coded) == TooFew(1, 2, DENY)


def test_a_small_stratum_without_labels_is_taken_with_its_like_and_a_rare_label_with_the_most():
    like = drawn(90, DENY, *[DENY] * 40, stratum="large") + drawn(10, DENY, None, None, stratum="small")
    assert model_agreement(like).estimate == 1
    rare = drawn(990, COMMENT, *[COMMENT] * 40) + drawn(5, DENY, None, None)
    assert isinstance(model_agreement(rare), Share)


def test_a_sample_without_an_error_is_no_proof_of_none():
    found = model_agreement(drawn(900, COMMENT, *[COMMENT] * 50))
    assert found.estimate == 1
    assert found.low == pytest.approx(0.929, abs=0.001)


def test_the_interval_holds_the_truth_about_as_often_as_it_says():
    """Of 400 samples of 200 from one incident, where the model is right in 72% and finds 55% of the denials."""
    random = np.random.default_rng(5)
    said = {COMMENT: (2000, 0.80), SUPPORT: (700, 0.65), QUERY: (200, 0.60), DENY: (100, 0.40)}
    world = [
        (model, model if right else DENY if denies else SUPPORT)
        for model, (count, share) in said.items()
        for right, denies in zip(random.random(count) < share, random.random(count) < 0.1, strict=True)
    ]
    frame = [FrameFlow(str(place), "r", "c", model, 50) for place, (model, _) in enumerate(world)]
    right = np.mean([model is people for model, people in world])
    denials = [model for model, people in world if people is DENY]
    recall = np.mean([model is DENY for model in denials])
    held = Counter()
    rounds = 400
    for seed in range(rounds):
        coded = [
            DrawnFlow(one.stratum, one.stratum_flows, one.label, world[int(one.flow)][1])
            for one in draw(frame, 200, seed)
        ]
        for name, truth, found in (
            ("right", right, model_agreement(coded)),
            ("recall", recall, model_recall(coded, DENY)),
        ):
            if isinstance(found, Share):
                held[name, "held"] += found.low <= truth <= found.high
                held[name, "all"] += 1
    assert held["right", "held"] / held["right", "all"] >= 0.93
    assert held["recall", "held"] / held["recall", "all"] >= 0.90
    assert held["recall", "all"] > rounds / 2
