"""The figures that judgement is measured by, against examples worked by hand and what must hold of any input."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.evaluation.metrics import (
    ami,
    ari,
    auprc,
    b_cubed,
    b_cubed_f1,
    best_match_f1,
    brier,
    calibration_error,
    macro_f1,
    mean_and_sd,
    per_class_f1,
    per_class_recall,
    precision_at,
    retrieval_at_1,
    stance_scores,
)

LABELS = ["support", "deny", "query", "comment"]
GROUPED = st.lists(st.tuples(st.sampled_from("abcd"), st.integers(0, 4)), min_size=1, max_size=30)
SCORED = st.lists(st.tuples(st.booleans(), st.sampled_from([0.0, 0.2, 0.5, 0.9, 1.0])), min_size=1, max_size=40)


def test_b_cubed_is_that_of_an_example_worked_by_hand():
    # Precision of the five posts: 1, 1, 1/3, 2/3, 2/3; recall: 2/3, 2/3, 1/3, 1, 1.
    precision, recall, f1 = b_cubed("AAABB", [1, 1, 2, 2, 2])
    assert (precision, recall, f1) == pytest.approx((11 / 15, 11 / 15, 11 / 15))


def test_b_cubed_precision_falls_where_groups_are_mixed_and_recall_where_they_are_split():
    assert b_cubed("AABB", [1, 1, 1, 1])[:2] == (0.5, 1.0)
    assert b_cubed("AABB", [1, 2, 3, 4])[:2] == (1.0, 0.5)


@given(GROUPED)
def test_groupings_are_scored_whatever_the_order_of_posts_and_the_names_of_groups(pairs):
    truth, found = zip(*pairs, strict=True)
    backwards = tuple(reversed(truth)), tuple(f"group {group}" for group in reversed(found))
    for metric in (b_cubed_f1, ami, ari):
        assert metric(truth, found) == pytest.approx(metric(*backwards))
    assert 0 < b_cubed_f1(truth, found) <= 1
    assert max(ami(truth, found), ari(truth, found)) <= 1 + 1e-9


@given(GROUPED)
def test_the_same_grouping_is_perfect(pairs):
    truth = [story for story, _ in pairs]
    for metric in (b_cubed_f1, ami, ari):
        assert metric(truth, truth) == pytest.approx(1.0)
    assert best_match_f1(truth, truth, least_threads=1) == pytest.approx(1.0)


def test_one_group_for_everything_is_worth_nothing_above_chance():
    assert ami("AAABB", [1] * 5) == pytest.approx(0.0)
    assert ari("AAABB", [1] * 5) == pytest.approx(0.0)


def test_best_match_takes_the_best_rumour_of_each_large_story():
    stories = ["A"] * 5 + ["B"] * 5 + ["C"] * 4
    rumours = [1, 1, 1, 1, 2] + [3] * 5 + [4] * 4
    # A: 2·4/(5+4); B: 1; C has four threads only.
    assert best_match_f1(stories, rumours) == pytest.approx((8 / 9 + 1) / 2)


def test_noise_in_a_rumour_costs_it_its_match():
    assert best_match_f1(["A"] * 5 + [None] * 5, [1] * 10) == pytest.approx(2 * 5 / (5 + 10))


def test_a_match_of_no_large_story_is_unknown():
    assert best_match_f1(["A"] * 4, [1] * 4) is None


def test_f1_and_recall_of_each_class_are_those_worked_by_hand():
    truth = ["deny", "deny", "query", "comment"]
    found = ["deny", "comment", "query", "comment"]
    assert per_class_recall(truth, found, LABELS) == {"support": 0.0, "deny": 0.5, "query": 1.0, "comment": 1.0}
    assert per_class_f1(truth, found, LABELS) == pytest.approx(
        {"support": 0.0, "deny": 2 / 3, "query": 1.0, "comment": 2 / 3}
    )
    assert macro_f1(truth, found, LABELS) == pytest.approx((2 / 3 + 1 + 2 / 3) / 4)


def test_always_comment_scores_what_the_field_says_of_it():
    # The official test has 81% comments: macro-F1 .223.
    truth = ["comment"] * 81 + ["support"] * 9 + ["deny"] * 5 + ["query"] * 5
    assert macro_f1(truth, ["comment"] * 100, LABELS) == pytest.approx(0.223, abs=0.002)


def test_stance_probabilities_are_scored_by_their_highest():
    scores = stance_scores(["deny", "comment"], np.array([[0.1, 0.6, 0.1, 0.2], [0.4, 0.3, 0.2, 0.1]]))
    assert (scores["deny_recall"], scores["comment_recall"], scores["macro_f1"]) == (1.0, 0.0, 0.25)


def test_average_precision_is_that_of_an_example_worked_by_hand():
    # Positives at ranks 1 and 3: (1/1 + 2/3) / 2.
    assert auprc([True, False, True, False], [0.9, 0.8, 0.7, 0.1]) == pytest.approx(5 / 6)
    assert auprc([False, False], [0.9, 0.8]) is None


def test_precision_at_takes_the_highest_and_shares_out_a_tie():
    assert precision_at(2, [True, False, True], [0.9, 0.1, 0.8]) == 1.0
    # One of the two at 0.5 belongs to the first two: half a positive is expected.
    assert precision_at(2, [True, True, False], [0.9, 0.5, 0.5]) == pytest.approx(0.75)
    assert precision_at(10, [True, False], [0.9, 0.1]) == 0.5
    assert precision_at(10, [], []) is None


def test_calibration_error_is_the_gap_between_what_was_said_and_what_was():
    assert calibration_error([True, False] * 50, [0.5] * 100) == pytest.approx(0.0)
    assert calibration_error([True] * 100, [0.7] * 100) == pytest.approx(0.3)
    # Two bins that are wrong by 0.1 the opposite way do not make each other good.
    truth = [True] * 3 + [False] * 7 + [True] * 7 + [False] * 3
    assert calibration_error(truth, [0.2] * 10 + [0.8] * 10, bins=2) == pytest.approx(0.1)
    assert calibration_error([], []) is None


def test_brier_is_the_mean_square_of_what_was_missed():
    assert brier([True, False], [0.8, 0.4]) == pytest.approx((0.04 + 0.16) / 2)


@given(SCORED)
def test_scores_are_measured_whatever_the_order_of_posts(pairs):
    truth, scores = zip(*pairs, strict=True)
    backwards = truth[::-1], scores[::-1]
    for metric in (auprc, brier, calibration_error, lambda *both: precision_at(5, *both)):
        first, second = metric(truth, scores), metric(*backwards)
        assert first == pytest.approx(second)
        assert first is None or 0 <= first <= 1 + 1e-9


@given(SCORED)
def test_certainty_that_is_always_right_is_perfect(pairs):
    truth = [label for label, _ in pairs]
    certain = [float(label) for label in truth]
    assert brier(truth, certain) == calibration_error(truth, certain) == 0.0
    assert auprc(truth, certain) in (None, pytest.approx(1.0))


def test_retrieval_counts_the_nearest_title_and_shares_out_a_tie():
    similarities = np.array([[0.9, 0.1], [0.8, 0.2], [0.5, 0.5]])
    assert retrieval_at_1(similarities, [0, 1, 1]) == pytest.approx((1 + 0 + 0.5) / 3)
    assert retrieval_at_1(similarities, [0, 1, 1], weights=[2, 1, 1]) == pytest.approx(2.5 / 4)
    assert retrieval_at_1(np.zeros((0, 2)), []) is None


def test_the_spread_of_a_single_run_is_unknown():
    assert mean_and_sd([0.5, None]) == (0.5, None)
    assert mean_and_sd([0.4, 0.6]) == (pytest.approx(0.5), pytest.approx(0.1414, abs=1e-4))
    assert mean_and_sd([None]) == (None, None)
