"""Pictures drawn on the server, one at a time: matplotlib's settings and text layout are the whole process's."""

import threading
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import matplotlib as mpl

# Posts and claims may hold letters that no font here has: a box stands for each.
_NO_GLYPH = "Glyph .* missing"
_LOCK = threading.Lock()


@contextmanager
def drawing(settings: Mapping[str, Any]) -> Iterator[None]:
    """While this is open, matplotlib has these settings and nobody else draws; one of other settings waits."""
    with _LOCK, mpl.rc_context(dict(settings)), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=_NO_GLYPH, category=UserWarning)
        yield
