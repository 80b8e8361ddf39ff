"""The peaks of a volume: when much more was posted than before and after."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy.signal import find_peaks, peak_widths

# How far a peak must stand out, in standard deviations of chance. The highest and the lowest of sixty counts of one
# steady volume lie 5.8 apart in one case of twenty (the studentised range, Tukey 1949).
LEAST_PROMINENCE = 5.8
# A peak is what lies above this share of its prominence, counted from its top: a broad one has a long slope.
TOP_SHARE = 0.25
MOST_PEAKS = 6


@dataclass(frozen=True, slots=True)
class Peak:
    """A peak in a row of counts: its tallest place, and the places from `first` to `last` that belong to it."""

    summit: int
    first: int
    last: int


def peaks(counts: Sequence[int]) -> tuple[Peak, ...]:
    """The peaks of posts by interval in order of time, at most the six that stand out most.

    `scipy.signal.find_peaks` finds them by their prominence, on the scale of Anscombe's transform, 2 √(x + 3/8)
    (Anscombe 1948): there chance has a standard deviation of 1 whatever the count; a peak must stand out by 5.8. It
    lasts as long as the counts lie in the upper quarter of its prominence (`scipy.signal.peak_widths`), at most to
    the lowest count between it and the next. A volume that still rises at its end has a peak there.

    >>> [(peak.summit, peak.first, peak.last) for peak in peaks([1, 2, 1, 33, 42, 25, 3, 2, 4, 2])]
    [(4, 3, 4)]
    >>> peaks([3, 5, 4, 6, 3, 5])
    ()
    """
    # No peak can be found at an edge, so there is a place without posts before the first and after the last.
    framed = np.array([0, *counts, 0], dtype=float)
    # Of two of one height the earlier counts as the higher, or chance would have both stand out from nothing.
    steady = 2 * np.sqrt(framed + 3 / 8) - 1e-9 * np.arange(len(framed))
    summits, found = find_peaks(steady, prominence=LEAST_PROMINENCE)
    if not len(summits):
        return ()
    most = np.sort(summits[np.argsort(-found["prominences"], kind="stable")[:MOST_PEAKS]])
    _, _, lefts, rights = peak_widths(framed, most, rel_height=TOP_SHARE)
    valleys = [left + int(np.argmin(framed[left:right])) for left, right in pairwise(most)]
    return tuple(
        Peak(
            summit=int(summit) - 1,
            first=max(int(np.ceil(left)), after + 1) - 1,
            last=min(int(np.floor(right)), before - 1) - 1,
        )
        for summit, left, right, after, before in zip(
            most, lefts, rights, [0, *valleys], [*valleys, len(framed)], strict=True
        )
    )
