"""Cells of a table that only say that they are empty."""

from collections.abc import Sequence
from typing import Any

# How programs write that a cell is empty. In a text they may be somebody's words.
_EMPTY = frozenset(r"NULL null (null) \N NaN nan NaT None <NA> N/A #N/A #REF! #VALUE! #NAME?".split())


def clear_empty(cells: list[Any], places: Sequence[int]) -> None:
    """Empty those of the cells in these places that only say that they are."""
    try:
        if _EMPTY.isdisjoint(cells):
            return
    except TypeError:
        # Parquet has cells that are lists, which no set can hold.
        pass
    for place in places:
        if cells[place].__class__ is str and cells[place] in _EMPTY:
            cells[place] = ""
