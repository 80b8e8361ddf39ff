"""Bubbles lie side by side in their flows, and stay where they are as others arrive."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.measures.packing import Packing, enclosing, radii_of

# Posts in order of arrival: which flow (a number too high opens a new one), and how many follow the author.
STREAMS = st.lists(st.tuples(st.integers(0, 12), st.integers(1, 10_000_000)), min_size=1, max_size=120)


def packed(stream):
    """The packing, and of each post its flow and radius."""
    packing, flows, radii, opened = Packing(), [], [], 0
    for flow, followers in stream:
        number = min(flow, opened)
        opened = max(opened, number + 1)
        (radius,) = radii_of([followers], least=150, unknown=300)
        packing.add(number, radius)
        flows.append(number)
        radii.append(radius)
    return packing, np.array(flows), np.array(radii)


def on_the_plain(packing, flows):
    return packing.posts + packing.groups[flows, 3:]


def overlaps(places, radii):
    """By how much each two circles overlap, as a share of the smaller one's radius; negative where they are apart."""
    apart = np.hypot(*(places[:, None] - places[None]).transpose(2, 0, 1))
    shares = (radii[:, None] + radii[None] - apart) / np.minimum(radii[:, None], radii[None])
    np.fill_diagonal(shares, -1.0)
    return shares


@given(STREAMS)
@settings(deadline=None, max_examples=40)
def test_no_post_lies_on_another_and_none_outside_its_flow(stream):
    packing, flows, radii = packed(stream)
    places, groups = on_the_plain(packing, flows), packing.groups
    assert overlaps(places, radii).max() <= 1e-6
    assert overlaps(groups[:, :2], groups[:, 2]).max() <= 1e-6
    reach = np.hypot(*(places - groups[flows, :2]).T) + radii
    assert (reach <= groups[flows, 2] * (1 + 1e-6)).all()


@given(STREAMS, st.integers(0, 120))
@settings(deadline=None, max_examples=40)
def test_posts_stay_where_they_are_in_their_flow_whatever_arrives_later(stream, cut):
    cut = max(1, min(cut, len(stream)))
    earlier, _, _ = packed(stream[:cut])
    later, _, _ = packed(stream)
    assert np.array_equal(earlier.posts, later.posts[:cut])


@given(STREAMS)
@settings(deadline=None, max_examples=40)
def test_the_same_posts_are_laid_out_the_same_again(stream):
    one, other = packed(stream)[0], packed(stream)[0]
    assert np.array_equal(one.groups, other.groups)


def test_flows_seldom_move_as_posts_arrive():
    random = np.random.default_rng(5)
    stream = list(zip(random.zipf(1.6, 600) - 1, np.exp(random.normal(6, 2, 600)).astype(int), strict=True))
    packing, opened, moved, seen = Packing(), 0, 0, 0
    for flow, followers in stream:
        before = packing.groups[:, :2]
        number = min(int(flow), opened)
        opened = max(opened, number + 1)
        packing.add(number, float(np.sqrt(max(followers, 150))))
        moved += int((packing.groups[: len(before), :2] != before).any(1).sum())
        seen += len(before)
    assert moved <= 0.05 * seen


def test_flows_lie_close_together():
    random = np.random.default_rng(7)
    stream = list(zip(random.zipf(1.6, 800) - 1, np.exp(random.normal(6, 1.5, 800)).astype(int), strict=True))
    packing, _, radii = packed(stream)
    middles, reaches = packing.groups[:, :2], packing.groups[:, 2]
    whole = (np.hypot(*middles.T) + reaches).max()
    assert (radii**2).sum() >= 0.1 * whole**2


def test_a_circle_round_circles_holds_them_all_and_is_hardly_larger_than_it_must_be():
    circles = np.array([[0.0, 0.0, 1.0], [10.0, 0.0, 1.0], [5.0, 3.0, 0.5]])
    (x, y), radius = enclosing(circles)
    assert (np.hypot(circles[:, 0] - x, circles[:, 1] - y) + circles[:, 2] <= radius + 1e-9).all()
    assert 6.0 <= radius <= 6.0 * 1.05


def test_area_is_followers_and_unknown_is_not_zero():
    radii = radii_of([400, 1600, None, 0], least=150, unknown=300)
    assert radii**2 == pytest.approx([400, 1600, 300, 150])
