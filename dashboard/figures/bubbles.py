"""A still, or a short film, of the bubbles for a briefing: the same picture as on the screen, on paper white."""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from textwrap import wrap

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import EllipseCollection
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from PIL import Image

from dashboard.figures.paper import drawing
from dashboard.figures.style import COLOURS
from dashboard.figures.ticks import labels, ticks
from dashboard.words.local_time import exact
from models.measures.bubbles import STANCES, Picture, Standing, standing, strip_bars
from models.text import shortened

INCHES, DOTS_AN_INCH = (12.8, 7.2), 100
FILM_FRAMES, FILM_DOTS_AN_INCH, FRAME_MILLISECONDS = 60, 66, 140
MOST_CAPTIONS, CAPTION_LINE = 8, 26
SMALLEST_MARK_SHARE, SMALLEST_RING_SHARE = 0.012, 0.005
MOST_BARS = 240
MOST_TICKS = 10
EDGE_SHARE = 0.04
# As on the screen: light fades evenly to the eye where it falls by less than what it stands for (Stevens 1957).
SHADED = 0.6
INK, QUIET, LINE = "#171b21", "#545e6b", "#d5dae1"
# Words of posts are taken as they are. A still shows on any computer as here: its letters are outlines.
_SETTINGS = {"svg.fonttype": "path", "svg.hashsalt": "grapevine", "text.parse_math": False}


@dataclass(frozen=True, slots=True)
class Mark:
    """What the strip marks: a correction, or a caption."""

    at: datetime
    text: str
    is_correction: bool


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands round the picture: a heading above, a line below, and the time it reaches over."""

    heading: str
    below: str
    start: datetime
    end: datetime
    marks: Sequence[Mark] = ()


def still(picture: Picture, frame: Frame, moment: datetime, half_life: timedelta, kind: str) -> bytes:
    """The picture at a moment, as "png" or "svg"."""
    with drawing(_SETTINGS):
        figure = _drawn(picture, frame, moment, half_life, DOTS_AN_INCH)
        held = io.BytesIO()
        figure.savefig(held, format=kind, metadata={"Title": frame.heading} if kind == "png" else {"Date": None})
    return held.getvalue()


def film(picture: Picture, frame: Frame, half_life: timedelta) -> bytes:
    """The picture from its start to its end, as a GIF that goes round. Takes seconds."""
    images = [image.quantize(128) for image in _frames(picture, frame, half_life)]
    held = io.BytesIO()
    images[0].save(
        held, "gif", save_all=True, append_images=images[1:], duration=FRAME_MILLISECONDS, loop=0, disposal=1
    )
    return held.getvalue()


def _frames(picture: Picture, frame: Frame, half_life: timedelta) -> Iterator[Image.Image]:
    step = (frame.end - frame.start) / FILM_FRAMES
    for place in range(1, FILM_FRAMES + 1):
        with drawing(_SETTINGS):
            figure = _drawn(picture, frame, frame.start + place * step, half_life, FILM_DOTS_AN_INCH)
            canvas = FigureCanvasAgg(figure)
            canvas.draw()
            yield Image.fromarray(np.asarray(canvas.buffer_rgba())[..., :3].copy())


def _drawn(picture: Picture, frame: Frame, moment: datetime, half_life: timedelta, dots: int) -> Figure:
    figure = Figure(figsize=INCHES, dpi=dots, facecolor="white")
    figure.text(0.02, 0.965, shortened(frame.heading, 110), size=14, weight="bold", color=INK, va="center")
    figure.text(0.98, 0.965, exact(moment), size=13, color=INK, va="center", ha="right")
    figure.text(0.02, 0.006, shortened(frame.below, 210), size=7, color=QUIET, va="bottom")
    plain = figure.add_axes((0.02, 0.2, 0.96, 0.73))
    _draw_plain(plain, picture, standing(picture, moment, half_life))
    _draw_strip(figure.add_axes((0.02, 0.065, 0.96, 0.12)), picture, frame, moment)
    return figure


def _draw_plain(plain: Axes, picture: Picture, now: Standing) -> None:
    x, y, reach = picture.circles[:, 0], picture.circles[:, 1], picture.circles[:, 2]
    left, right, top, bottom = (x - reach).min(), (x + reach).max(), (y - reach).min(), (y + reach).max()
    plain.set(xlim=(left, right), ylim=(bottom, top), aspect="equal", facecolor="white")
    plain.set_axis_off()
    alive = now.scales > 0
    rings = picture.circles[:, :2] + (now.rings - picture.circles[:, :2]) * now.scales[:, None]
    edges = [_ring_ink(picture, now, place) for place in np.flatnonzero(alive)]
    _circles(plain, rings[alive], (now.reaches * now.scales)[alive] * 1.02, "none", edges, 0.8)
    group = picture.groups[now.shown]
    middles, firsts = picture.circles[group, :2], picture.circles[group, 3:]
    places = middles + (firsts + picture.offsets[now.shown] - middles) * now.scales[group, None]
    radii = picture.radii[now.shown] * now.scales[group]
    stances = np.array([STANCES.index(picture.flows[flow].stance) for flow in picture.flow_of[now.shown]], int)
    known = np.array([picture.followers[post] is not None for post in now.shown], bool)
    official = picture.is_official[now.shown]
    shades = now.strengths**SHADED
    for stance, name in enumerate(STANCES):
        ink = np.array(to_rgb(COLOURS[name]))
        for filled in (True, False):
            some = (stances == stance) & ~official & (known == filled)
            faces = np.column_stack([np.tile(ink, (some.sum(), 1)), shades[some] * (1.0 if filled else 0.0)])
            edges = np.column_stack([np.tile(ink, (some.sum(), 1)), shades[some]])
            _circles(plain, places[some], radii[some], faces, edges, 0.6, dashed=not filled)
    # A ring that is too small to be seen is a dot, as on the screen.
    ringed = official & (radii >= (right - left) * SMALLEST_RING_SHARE)
    dots = official & ~ringed
    faces = np.column_stack([np.tile(to_rgb(QUIET), (dots.sum(), 1)), shades[dots]])
    _circles(plain, places[dots], radii[dots], faces, "none", 0)
    for share in (1.0, 0.8):
        edges = np.column_stack([np.tile(to_rgb(INK), (ringed.sum(), 1)), shades[ringed]])
        _circles(plain, places[ringed], radii[ringed] * share, "none", edges, 0.8)
    _draw_marks(plain, places, radii, stances, now.strengths, known & ~official, (right - left) * SMALLEST_MARK_SHARE)
    _draw_captions(plain, picture, now, rings)


def _ring_ink(picture: Picture, now: Standing, place: int) -> str:
    """A flow has the colour of its stance; a rumour has flows of every stance, and none of its own."""
    loudest = now.loudest[place]
    is_flow = loudest >= 0 and picture.flows[loudest].id == picture.group_ids[place]
    return COLOURS[picture.flows[loudest].stance] if is_flow else LINE


def _circles(
    axes: Axes,
    places: np.ndarray,
    radii: np.ndarray,
    faces: object,
    edges: object,
    width: float,
    *,
    dashed: bool = False,
) -> None:
    if len(places):
        axes.add_collection(
            EllipseCollection(
                2 * radii,
                2 * radii,
                np.zeros(len(radii)),
                units="xy",
                offsets=places,
                offset_transform=axes.transData,
                facecolors=faces,
                edgecolors=edges,
                linewidths=width,
                linestyles="--" if dashed else "-",
            ),
            # The limits are known; working out those of each circle takes half of the time.
            autolim=False,
        )


# The stance marks ▲ ▼ ? ● as matplotlib's own, so that they do not hang on a font.
_MARKS = ("^", "v", "$?$", "o", "$○$")


def _draw_marks(
    axes: Axes,
    places: np.ndarray,
    radii: np.ndarray,
    stances: np.ndarray,
    strengths: np.ndarray,
    marked: np.ndarray,
    least: float,
) -> None:
    for stance, mark in enumerate(_MARKS[:3]):
        some = marked & (stances == stance) & (radii >= least) & (strengths >= 0.15)
        if some.any():
            axes.scatter(*places[some].T, s=28, marker=mark, color="white", linewidths=0.4, zorder=3)


def _draw_captions(axes: Axes, picture: Picture, now: Standing, rings: np.ndarray) -> None:
    """The loudest wording of the loudest circles, where it covers no other."""
    taken: list[tuple[float, float]] = []
    left, right = axes.get_xlim()
    bottom, top = axes.get_ylim()
    wide, high = abs(right - left), abs(top - bottom)
    for group in np.argsort(-now.loudness, kind="stable"):
        if now.loudest[group] < 0 or len(taken) == MOST_CAPTIONS:
            break
        x, y = rings[group]
        below = y + now.reaches[group] * now.scales[group] + high * 0.012
        if any(abs(x - other_x) < wide * 0.17 and abs(below - other_y) < high * 0.075 for other_x, other_y in taken):
            continue
        taken.append((x, below))
        lines = wrap(picture.flows[now.loudest[group]].text, CAPTION_LINE, max_lines=2, placeholder="…")
        axes.text(
            min(max(x, left + wide * 0.08), right - wide * 0.08),
            min(below, bottom - high * 0.06),
            "\n".join(lines),
            size=8.5,
            weight="bold",
            color=INK,
            ha="center",
            va="top",
            bbox={"facecolor": "white", "alpha": 0.8, "edgecolor": "none", "pad": 1.5},
            zorder=4,
        )


def _draw_strip(axes: Axes, picture: Picture, frame: Frame, moment: datetime) -> None:
    start, end = frame.start.timestamp(), frame.end.timestamp()
    edges, sums = strip_bars(picture, start, end, MOST_BARS)
    base = np.zeros(len(sums))
    later = edges[:-1] > moment.timestamp()
    for stance, name in enumerate(STANCES):
        top = base + sums[:, stance]
        for some, strength in ((~later, 1.0), (later, 0.3)):
            ink = {"color": COLOURS[name], "alpha": strength, "linewidth": 0}
            axes.stairs(np.where(some, top, 0), edges, baseline=np.where(some, base, 0), fill=True, **ink)
        base = top
    tallest = max(1.0, base.max())
    for mark in frame.marks:
        at = mark.at.timestamp()
        if start <= at <= end:
            axes.axvline(at, color=INK, linestyle="--" if mark.is_correction else "-", linewidth=1)
            axes.text(at, tallest * 1.05, shortened(mark.text, 40), size=7, color=INK, ha="center", clip_on=False)
    axes.axvline(moment.timestamp(), color="#1657c4", linewidth=2)
    axes.set(xlim=(start, end), ylim=(0, tallest * 1.15), yticks=[])
    shown = ticks(frame.start, frame.end, MOST_TICKS)
    axes.set_xticks([one.at.timestamp() for one in shown], [text.replace("\n", ", ") for text in labels(shown)])
    axes.tick_params(labelsize=7.5, colors=QUIET, length=2)
    for label, tick in zip(axes.get_xticklabels(), shown, strict=True):
        share = (tick.at - frame.start) / (frame.end - frame.start)
        # At an end it would be cut off.
        label.set_ha("left" if share < EDGE_SHARE else "right" if share > 1 - EDGE_SHARE else "center")
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
