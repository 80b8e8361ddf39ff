"""An incident's area: a GeoJSON polygon, and whether a place lies in it."""

import json
from collections.abc import Sequence
from functools import lru_cache

import shapely
from shapely.errors import ShapelyError
from shapely.geometry.base import BaseGeometry

from models.limits import MOST_CORNERS

_AREAS = {"Polygon", "MultiPolygon"}


@lru_cache(maxsize=256)
def area_of(geojson: str) -> BaseGeometry:
    """The polygon that a GeoJSON text describes, in degrees. Raises ValueError, in words for whoever wrote the text.

    >>> area_of('{"type": "Polygon", "coordinates": [[[0, 50], [1, 50], [1, 51], [0, 50]]]}').bounds
    (0.0, 50.0, 1.0, 51.0)
    """
    try:
        drawn = json.loads(geojson)
    except (ValueError, RecursionError):
        raise ValueError("This is not GeoJSON. Paste a whole object, from { to }.") from None
    polygons = [_polygon(geometry) for geometry in _geometries(drawn)]
    if sum(map(shapely.get_num_coordinates, polygons)) > MOST_CORNERS:
        raise ValueError(f"Simplify the area to at most {MOST_CORNERS:,} corners.")
    for polygon in polygons:
        # A repair would take a minute for a few hundred corners, and guess at what was meant.
        if not polygon.is_valid:
            raise ValueError(f"The polygon crosses itself ({shapely.is_valid_reason(polygon)[:100]}). Draw it again.")
    area = shapely.union_all(polygons)
    if area.is_empty:
        raise ValueError("The area is empty. Draw a polygon.")
    west, south, east, north = area.bounds
    if west < -180 or east > 180 or south < -90 or north > 90:
        raise ValueError("The coordinates are not on the globe. GeoJSON puts longitude before latitude, in degrees.")
    shapely.prepare(area)
    return area


def holds(geojson: str, latitude: float, longitude: float) -> bool:
    """Whether a place in degrees lies in an area or on its edge.

    >>> area = '{"type": "Polygon", "coordinates": [[[0, 50], [1, 50], [1, 51], [0, 51], [0, 50]]]}'
    >>> holds(area, latitude=50.5, longitude=1), holds(area, latitude=51.5, longitude=1)
    (True, False)
    """
    return bool(area_of(geojson).intersects(shapely.Point(longitude, latitude)))


def meets(geojson: str, outline: Sequence[tuple[float, float]]) -> bool:
    """Whether an area and an outline have a place in common. The outline is the corners of a polygon, in latitude and
    longitude; fewer than three are places.

    >>> area = '{"type": "Polygon", "coordinates": [[[0, 50], [1, 50], [1, 51], [0, 51], [0, 50]]]}'
    >>> meets(area, [(40, -9), (40, 9), (60, 9), (60, -9)]), meets(area, [(50.5, 2)])
    (True, False)
    """
    corners = [(longitude, latitude) for latitude, longitude in outline]
    shape = shapely.Polygon(corners) if len(corners) > 2 else shapely.MultiPoint(corners)
    # Repairing a hostile knot of lines could take very long; a hull is quick.
    return bool(area_of(geojson).intersects(shape if shape.is_valid else shape.convex_hull))


def _geometries(drawn: object) -> list[dict]:
    """The polygons within a GeoJSON object of any kind. Raises ValueError where there are others."""
    if isinstance(drawn, dict):
        match drawn.get("type"):
            case "FeatureCollection" if isinstance(drawn.get("features"), list):
                return [geometry for feature in drawn["features"] for geometry in _geometries(feature)]
            case "Feature":
                return _geometries(drawn.get("geometry"))
            case str() as kind if kind in _AREAS:
                return [drawn]
    raise ValueError("Use a Polygon or MultiPolygon, or a Feature that holds one.")


def _polygon(geometry: dict) -> BaseGeometry:
    try:
        return shapely.from_geojson(json.dumps(geometry))
    except (ShapelyError, ValueError, RecursionError):
        raise ValueError("The polygon cannot be read. It needs rings of [longitude, latitude] pairs.") from None
