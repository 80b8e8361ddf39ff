"""What the browser draws bubbles from: a picture as plain lists, and of a picture that goes on only what is new."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from dashboard.browser_input import fields, words
from models.measures.bubbles import STANCES, Picture

_LETTER = {stance: (stance.value[0] if stance else "n") for stance in STANCES}


def picture_data(picture: Picture, have: Any) -> dict[str, Any]:
    """The picture for a browser that has the first of it already: `have` says which layout, and how much.

    Lengths are in square roots of followers, times in seconds since 1970. `stances` has a letter a flow. The browser
    works out radii itself, of followers.
    """
    known = _held(picture, have)
    posts = slice(known["posts"], None)
    return {
        "layout": picture.layout,
        "from": known["posts"],
        "x": _rounded(picture.offsets[posts, 0]),
        "y": _rounded(picture.offsets[posts, 1]),
        "followers": picture.followers[posts],
        "t": picture.times[posts].astype(np.int64).tolist(),
        "flow": picture.flow_of[posts].tolist(),
        "official": picture.is_official[posts].astype(int).tolist(),
        "circles": np.round(picture.circles, 1).tolist(),
        "groups": list(picture.group_ids),
        "flowsFrom": known["flows"],
        "flows": [[one.group, one.text] for one in picture.flows[known["flows"] :]],
        "stances": "".join(_LETTER[one.stance] for one in picture.flows),
        "coded": {str(place): one.coded_by for place, one in enumerate(picture.flows) if one.coded_by},
        "minutes": [[minute, *posts] for minute, posts in picture.minutes.items()],
    }


def _held(picture: Picture, have: Any) -> Mapping[str, int]:
    """How many posts and flows of this very layout the browser has."""
    have = fields(have)
    counts = {name: have.get(name) for name in ("posts", "flows")}
    fits = words(have.get("layout")) == picture.layout and all(
        isinstance(count, int) and 0 <= count <= most
        for count, most in zip(counts.values(), (len(picture.times), len(picture.flows)), strict=True)
    )
    return counts if fits else {"posts": 0, "flows": 0}


def _rounded(values: np.ndarray) -> list[float]:
    return np.round(values, 1).tolist()
