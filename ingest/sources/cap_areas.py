"""The areas of a warning → places on the map."""

import math
from collections.abc import Iterable

import shapely

Place = tuple[float, float]

MOST_OUTLINES = 300
MOST_CORNERS = 2_000
_KILOMETRES_A_DEGREE = 111.2
_CORNERS_OF_A_CIRCLE = 16


def outlines_of(polygons: Iterable[str], circles: Iterable[str]) -> list[list[Place]]:
    """The corners of each polygon and circle as latitude and longitude in degrees; a circle of no size is one place.

    What cannot be read is left out.
    """
    found = [
        outline
        for read, texts in ((_polygon, polygons), (_circle, circles))
        for text in texts
        if (outline := read(text))
    ]
    return found[:MOST_OUTLINES]


def representative_point(outline: list[Place]) -> Place | None:
    """The middle of an outline, or another place inside it where the middle is not."""
    if len(outline) < 3:
        return outline[0] if outline else None
    area = shapely.Polygon([(longitude, latitude) for latitude, longitude in outline])
    # Repairing a hostile knot of lines could take very long; a hull is quick.
    area = area if area.is_valid else area.convex_hull
    point = area.centroid if area.contains(area.centroid) else area.representative_point()
    return None if point.is_empty else (point.y, point.x)


def _polygon(text: str) -> list[Place]:
    try:
        corners = [_place(pair) for pair in text.split()]
    except ValueError:
        return []
    if len(corners) < 3:
        return []
    if len(corners) > MOST_CORNERS:
        hull = shapely.MultiPoint([(longitude, latitude) for latitude, longitude in corners]).convex_hull
        return [(latitude, longitude) for longitude, latitude in shapely.get_coordinates(hull)]
    return corners


def _circle(text: str) -> list[Place]:
    centre, _, radius = text.strip().partition(" ")
    try:
        latitude, longitude = _place(centre)
    except ValueError:
        return []
    try:
        degrees = min(float(radius) / _KILOMETRES_A_DEGREE, 90.0)
    except ValueError:
        degrees = 0.0
    if not degrees > 0:
        return [(latitude, longitude)]
    # Towards the poles a degree of longitude is shorter.
    wide = min(degrees / max(math.cos(math.radians(latitude)), 0.01), 180.0)
    turns = [2 * math.pi * n / _CORNERS_OF_A_CIRCLE for n in range(_CORNERS_OF_A_CIRCLE)]
    return [
        (_within(latitude + degrees * math.sin(turn), 90), _within(longitude + wide * math.cos(turn), 180))
        for turn in turns
    ]


def _place(pair: str) -> Place:
    latitude, longitude = (float(value) for value in pair.split(","))
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise ValueError("not on the globe")
    return latitude, longitude


def _within(degrees: float, most: float) -> float:
    return max(-most, min(most, degrees))
