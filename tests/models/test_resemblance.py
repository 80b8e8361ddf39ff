"""What makes one flow resemble another: meaning, words and time, without what the whole incident shares."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.judgement.resemblance import REFIT_SHARE, FlowWindow, ResemblanceWeights

DIMENSIONS = 12
WORDS = [
    "dam",
    "burst",
    "flood",
    "floods",
    "flooded",
    "wolves",
    "zoo",
    "2",
    "22",
    "24",
    "hospital",
    "gas",
    "leak",
    "é",
]

flows = st.tuples(
    st.lists(st.integers(-4, 4), min_size=DIMENSIONS, max_size=DIMENSIONS),
    st.lists(st.sampled_from(WORDS), max_size=6),
    st.floats(0, 48),
)


def unit(values) -> np.ndarray:
    vector = np.array(values, np.float32)
    return vector / (np.linalg.norm(vector) or 1.0)


def axis(number: int) -> np.ndarray:
    return unit(np.eye(DIMENSIONS)[number])


def a_window(flows=(), window_flows: int = 5_000, **weights) -> FlowWindow:
    window = FlowWindow(DIMENSIONS, ResemblanceWeights(**weights), window_flows=window_flows)
    for values, words, hours in flows:
        window.add(unit(values), words, hours)
    return window


def test_words_that_all_flows_share_count_for_less_than_words_that_few_share():
    flows = [(axis(n), ["northgate", f"own{n}"], 0.0) for n in range(8)]
    flows.append((axis(8), ["northgate", "wolves"], 0.0))
    window = a_window(flows, semantic_share=0.0)
    near = window.resemblances(axis(9), ["northgate", "wolves"], 0.0)
    assert near[8] > 3 * near[0]


def test_a_meaning_that_all_flows_share_still_counts():
    """In an incident about one claim, taking away what its flows share would leave nothing of the claim."""
    flows = [(axis(0) * 4 + axis(1 + n % 4), [], 0.0) for n in range(200)]
    window = a_window([(unit(vector), *rest) for vector, *rest in flows], semantic_share=1.0, time_bonus=0.0)
    same, other = window.resemblances(unit(flows[0][0]), [], 0.0)[[4, 5]]
    assert same == pytest.approx(1.0, abs=1e-3)
    assert other == pytest.approx(unit(flows[0][0]) @ unit(flows[1][0]), abs=1e-3)


def test_two_forms_of_a_word_count_as_one():
    window = a_window([(axis(0), ["crash"], 0.0), (axis(1), ["wolves"], 0.0)], semantic_share=0.0, time_bonus=0.0)
    assert window.resemblances(axis(2), ["crashed"], 0.0) == pytest.approx([1.0, 0.0])


def test_numbers_are_never_shortened():
    window = a_window([(axis(0), ["1000000"], 0.0), (axis(1), ["10000"], 0.0)], semantic_share=0.0, time_bonus=0.0)
    assert window.resemblances(axis(2), ["1000001"], 0.0) == pytest.approx([0.0, 0.0])


def test_what_is_said_at_the_same_time_is_nearer():
    window = a_window([(axis(0), ["dam"], hours) for hours in (0.0, 5.0, 6.0, 9.0)])
    far, near, now, later = window.resemblances(axis(0), ["dam"], 6.0)
    assert far < near < now
    assert far < later < now


def test_a_word_that_came_after_the_last_fit_is_rare():
    """What is shared counts for less, the rarer the words beside it that are not."""
    flows = [(axis(n % 5), ["dam" if n % 2 else "gas", f"own{n}"], 0.0) for n in range(100)]
    window = a_window(flows, semantic_share=0.0, time_bonus=0.0)
    beside = [window.resemblances(axis(0), ["dam", word], 0.0)[1] for word in ("wolves", "own3", "gas")]
    assert 0 < beside[0] < beside[1] < beside[2]


@settings(max_examples=60)
@given(st.lists(flows, min_size=1, max_size=45), st.integers(3, 50), st.integers(1, 50))
def test_the_matrix_says_of_each_pair_what_asking_says(flows, window_flows, latest):
    window = a_window(flows, window_flows)
    matrix = window.matrix(latest)
    known = min(latest, window.filled - window.start)
    assert matrix.shape == (known, known)
    for row, (values, words, hours) in enumerate(flows[-known:]):
        asked = window.resemblances(unit(values), words, hours)[-known:]
        assert np.isfinite(asked).all()
        # The latest of a pair is asked: of itself, rounding of empty directions aside, and of all before it.
        assert np.abs(matrix[row] - asked).max() < 1e-4


@settings(max_examples=40)
@given(st.lists(flows, min_size=1, max_size=45), st.integers(3, 50))
def test_the_same_flows_in_the_same_order_give_the_same_whatever_was_asked_between(flows, window_flows):
    asked, rebuilt = a_window((), window_flows), a_window(flows, window_flows)
    for values, words, hours in flows:
        if asked.filled:
            asked.resemblances(unit(values), words, hours)
            asked.matrix(10)
        asked.add(unit(values), words, hours)
    assert (asked.matrix(50) == rebuilt.matrix(50)).all()
    one = (unit(flows[0][0]), flows[0][1], flows[0][2])
    assert (asked.resemblances(*one) == rebuilt.resemblances(*one)).all()


def test_only_the_window_is_compared_with_and_words_of_dropped_flows_are_let_go():
    window = a_window([(axis(n % 5), [f"own{n}"], 0.0) for n in range(95)], window_flows=10)
    assert len(window.resemblances(axis(0), ["own3"], 0.0)) == 10
    assert window.filled <= 20
    assert len(window._postings) <= 20


def test_the_cost_of_a_flow_does_not_grow_with_how_many_there_are(monkeypatch):
    """Fits are what is dear; each flow of the window is seen anew by each of them."""
    fits = []
    fit = FlowWindow._fit
    monkeypatch.setattr(FlowWindow, "_fit", lambda self: (fits.append(self.filled), fit(self)))
    window_flows = 200
    window = a_window((), window_flows)
    counted = []
    for n in range(3_200):
        window.add(axis(n % 5), ["dam"], 0.0)
        if n + 1 in (400, 800, 1_600, 3_200):
            counted.append(len(fits))
    doubling = np.diff(counted)
    # As many fits a doubling, or fewer, and some for what the window drops: half of them a flow each time.
    dropped = np.array([400, 800, 1_600]) / window_flows
    assert (doubling <= np.log(2) / np.log(1 + REFIT_SHARE) + 2 + dropped).all()


def test_different_small_numbers_set_flows_apart_and_years_and_times_do_not():
    flows = [(axis(0), ["3", "dead"], 0.0), (axis(0), ["13", "dead"], 0.0), (axis(0), ["2014", "dead"], 0.0)]
    window = a_window(flows, number_clash=0.5)
    near = window.resemblances(axis(0), ["3", "dead"], 0.0)
    assert near[0] - near[1] > 0.5, "13 dead is another claim than 3 dead"
    assert near[0] - near[2] < 0.5, "a year says nothing against it"
    without = window.resemblances(axis(0), ["dead"], 0.0)
    assert without[0] == pytest.approx(without[1]), "who gives no number clashes with none"


def test_one_number_in_common_is_no_clash():
    flows = [(axis(0), ["2", "12"], 0.0), (axis(0), ["3", "13"], 0.0)]
    near = a_window(flows, number_clash=0.5).resemblances(axis(0), ["2", "14"], 0.0)
    assert near[0] > near[1] + 0.5
