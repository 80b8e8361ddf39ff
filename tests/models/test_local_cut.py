"""What a tree of flows is divided into, whatever made them alike."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.judgement.local_cut import LEAST_ASKED, MOST_ASKED, least_together, locally_cut
from models.judgement.name_book import NameClashes


def blocks(*sizes: int, within: float | list[float], between: float) -> np.ndarray:
    """The resemblance of flows in groups of these sizes."""
    group = np.repeat(np.arange(len(sizes)), sizes)
    of_group = np.broadcast_to(within, len(sizes))
    resemblance = np.where(group[:, None] == group[None], of_group[group][:, None], between)
    np.fill_diagonal(resemblance, 1.0)
    return resemblance


def groups_of(resemblance: np.ndarray, floor: float = 0.2, names: Sequence[str] = ()) -> list[int]:
    """The sizes of the groups; `names`: what each flow names, "" where nothing."""
    named = np.array([bool(name) for name in names or [""] * len(resemblance)])
    told = np.array(names or [""] * len(resemblance))
    clashes = NameClashes(named, named[:, None] & named[None] & (told[:, None] != told[None]))
    return sorted(np.bincount(locally_cut(resemblance, floor, clashes)).tolist())


def test_claims_that_stand_out_from_each_other_are_divided_though_all_flows_are_alike():
    assert groups_of(blocks(20, 20, within=0.7, between=0.4)) == [20, 20]


def test_one_claim_whose_wordings_hardly_stand_out_is_kept_whole():
    assert groups_of(blocks(20, 20, within=0.45, between=0.4)) == [40]


def test_each_branch_is_cut_at_its_own_height():
    """Two tight claims are as alike as the flows of a third, loose one: no one height tells all three apart."""
    resemblance = blocks(20, 20, 20, within=[0.72, 0.72, 0.42], between=0.42)
    resemblance[40:, :40] = resemblance[:40, 40:] = 0.1
    assert groups_of(resemblance) == [20, 20, 20]


def test_a_turn_of_phrase_of_a_few_flows_divides_no_claim():
    assert groups_of(blocks(30, 4, within=[0.5, 0.74], between=0.45)) == [34]


def test_small_claims_that_come_together_are_told_apart():
    assert groups_of(blocks(4, 4, within=0.7, between=0.4)) == [4, 4]
    assert groups_of(blocks(4, 4, 4, within=0.7, between=0.4)) == [4, 4, 4]
    assert groups_of(blocks(4, 4, within=0.5, between=0.4)) == [8]
    assert groups_of(blocks(4, 2, within=0.7, between=0.4)) == [6]


def test_claims_in_the_same_words_that_name_different_things_are_told_apart():
    alike = blocks(4, 4, 4, within=0.8, between=0.7)
    assert groups_of(alike) == [12]
    assert groups_of(alike, names=["Asda"] * 4 + ["Odeon"] * 4 + ["Regal"] * 4) == [4, 4, 4]


def test_a_flow_that_names_nothing_does_not_hold_those_together_that_do():
    alike = blocks(4, 4, within=0.8, between=0.7)
    assert groups_of(alike, names=["Asda"] * 4 + ["Odeon"] * 2 + [""] * 2) == [8]
    assert groups_of(alike, names=["Asda"] * 4 + ["Odeon"] * 3 + [""]) == [4, 4]


def test_one_claim_whose_flows_name_this_and_that_is_kept_whole():
    assert groups_of(blocks(4, 4, within=0.8, between=0.7), names=list("abcdefgh")) == [8]


def test_flows_below_the_floor_are_never_together():
    assert groups_of(blocks(2, 2, within=0.5, between=0.1)) == [2, 2]


def test_flows_that_are_kept_apart_are_never_together():
    resemblance = blocks(10, 10, within=0.6, between=0.6)
    resemblance[:10, 10:] = resemblance[10:, :10] = -1e9
    assert groups_of(resemblance) == [10, 10]


@given(st.integers(2, 40), st.integers(0, 2**32 - 1))
def test_every_flow_is_in_one_group_whatever_the_resemblance(flows, seed):
    resemblance = np.random.default_rng(seed).uniform(-0.2, 1.1, (flows, flows))
    names = NameClashes(np.ones(flows, bool), resemblance > 1)
    groups = locally_cut((resemblance + resemblance.T) / 2, 0.3, names)
    assert sorted(set(groups.tolist())) == list(range(groups.max() + 1))


def test_what_is_asked_of_two_flows_is_what_is_usual_in_their_incident():
    assert least_together(blocks(100, 100, within=0.4, between=0.2)) == pytest.approx(0.3, abs=0.01)
    assert least_together(blocks(100, within=0.6, between=0.0)) == MOST_ASKED
    assert least_together(blocks(100, within=0.1, between=0.0)) == LEAST_ASKED


def test_two_flows_are_not_usual_for_each_other():
    assert least_together(blocks(1, 1, within=1.0, between=0.1)) > 0.3
