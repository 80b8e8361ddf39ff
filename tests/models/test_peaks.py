"""Peaks of a volume stand out from chance, lie where the counts do, and never overlap."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.measures.peaks import MOST_PEAKS, peaks

COUNTS = st.lists(st.integers(0, 2_000), max_size=80)


@given(COUNTS)
def test_every_peak_holds_its_summit_and_ends_before_the_next_begins(counts):
    found = peaks(counts)
    assert len(found) <= MOST_PEAKS
    ends = [place for one in found for place in (one.first, one.summit, one.last)]
    assert ends == sorted(ends)
    assert all(one.last < other.first for one, other in pairwise(found))
    assert all(0 <= place < len(counts) for place in ends)


@given(COUNTS)
def test_no_place_of_a_peak_is_above_its_summit(counts):
    assert all(max(counts[one.first : one.last + 1]) == counts[one.summit] for one in peaks(counts))


@pytest.mark.parametrize("a_minute", [3, 40, 900])
def test_chance_makes_a_second_peak_of_a_steady_volume_in_one_case_of_twenty_at_most(a_minute):
    """The first one is the whole volume: before and after it there is none."""
    seeds = [np.random.default_rng(seed).poisson(a_minute, 60).tolist() for seed in range(400)]
    assert sum(len(peaks(counts)) > 1 for counts in seeds) <= 400 / 20


def test_two_highest_counts_of_one_height_are_no_two_peaks():
    assert len(peaks([38, 52, 40, 41, 52, 39])) == 1


def test_a_burst_upon_a_steady_volume_is_a_peak_however_many_posts_there_are():
    quiet, busy = [4] * 20, [400] * 20
    quiet[10], busy[10] = 30, 520
    assert 10 in {one.summit for one in peaks(quiet)}
    assert 10 in {one.summit for one in peaks(busy)}


def test_a_volume_that_still_rises_has_its_peak_at_the_end():
    assert [one.summit for one in peaks([2, 9, 40, 90])] == [3]
