"""The spread of a rumour as a picture file: palette and series of the chart on screen, drawn on the server."""

import io
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Literal

from matplotlib.axes import Axes
from matplotlib.dates import date2num
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from dashboard.figures.paper import drawing
from dashboard.figures.style import COLOURS, PATTERNS
from dashboard.figures.ticks import labels, ticks
from dashboard.words import chart as words
from dashboard.words.gaps import no_posts_from
from models.domain.acts import Act, Decision
from models.domain.corrections import Correction
from models.domain.rumours import Stance
from models.domain.sources import SourceGap
from models.measures.gaps import bands
from models.measures.spread import SpreadSeries
from models.text import harmless, one_line, shortened, unpiled

# On white, as the light tokens have them.
INK, QUIET, LINE = "#171b21", "#545e6b", "#d5dae1"
SIZE_INCHES = (10.0, 4.6)
DOTS_PER_INCH = 160
LONGEST_TITLE = 110
TICKS = 10
# Hatching about as close as that of the chart on screen; an SVG writes out each dot.
_HATCHES = {"": None, "/": "///", ".": "..", "x": "xxx"}
_LEVELS = 4
_BEHIND_WORDS = {"boxstyle": "square,pad=0.15", "facecolor": "white", "edgecolor": "none", "alpha": 0.85}
# An SVG's ids may not differ from run to run, and its words can be searched.
_SETTINGS = {
    "svg.hashsalt": "grapevine",
    "svg.fonttype": "none",
    "hatch.linewidth": 0.8,
    "font.family": ["DejaVu Sans", "sans-serif"],
}


def spread_picture(
    series: SpreadSeries,
    corrections: Sequence[Correction],
    decisions: Sequence[Decision],
    gaps: Sequence[SourceGap],
    *,
    now: datetime,
    title: str,
    footer: str,
    caption: Mapping[str, str],
    kind: Literal["png", "svg"],
) -> bytes:
    """The bytes of one picture. `footer` stands under it, `caption` inside the file."""
    title, footer = _plain(title), _plain(footer)
    short = shortened(title, LONGEST_TITLE)
    with drawing(_SETTINGS):
        figure = Figure(figsize=SIZE_INCHES, layout="constrained", facecolor="white")
        axes = figure.add_subplot()
        _draw_posts(axes, series)
        _draw_gaps(axes, series, gaps, now)
        _draw_corrections(axes, series, corrections, now)
        _draw_decisions(axes, series, decisions)
        _dress(axes, series)
        # A title is a post's words: none of it is a formula.
        figure.suptitle(short, x=0.01, ha="left", fontsize=12, fontweight="bold", color=INK, parse_math=False)
        figure.supxlabel(footer, x=0.01, ha="left", fontsize=7.5, color=QUIET, parse_math=False)
        return _file(figure, {name: _plain(text) for name, text in caption.items()}, kind)


def _draw_posts(axes: Axes, series: SpreadSeries) -> None:
    widths = [length / timedelta(days=1) * 0.86 for length in series.lengths]
    below = [0] * len(series.starts)
    for stance, posts in series.posts.items():
        drawn = [place for place, count in enumerate(posts) if count]
        axes.bar(
            [_day(series.starts[place]) for place in drawn],
            [posts[place] for place in drawn],
            [widths[place] for place in drawn],
            bottom=[below[place] for place in drawn],
            align="edge",
            **_look(stance),
        )
        below = [low + more for low, more in zip(below, posts, strict=True)]
    if not sum(series.totals):
        axes.text(0.5, 0.5, words.NO_POSTS_IN_TIME, transform=axes.transAxes, ha="center", color=INK)


def _look(stance: Stance | None) -> dict[str, Any]:
    """A stance's colour and pattern, as on screen."""
    colour, pattern = COLOURS[stance], PATTERNS[stance]
    face = "white" if pattern else colour
    return {"facecolor": face, "edgecolor": colour, "linewidth": 0.6, "hatch": _HATCHES[pattern]}


def _draw_gaps(axes: Axes, series: SpreadSeries, gaps: Sequence[SourceGap], now: datetime) -> None:
    for band in bands(gaps, series.starts[0], series.end, now):
        axes.axvspan(_day(band.since), _day(band.until), facecolor="none", edgecolor=QUIET, hatch="//", alpha=0.5)
        axes.text(
            _day(band.since + (band.until - band.since) / 2),
            0.5,
            _plain(no_posts_from(list(band.sources))),
            transform=axes.get_xaxis_transform(),
            rotation=90,
            ha="center",
            va="center",
            fontsize=8,
            color=INK,
            parse_math=False,
            bbox=_BEHIND_WORDS,
        )


def _draw_corrections(axes: Axes, series: SpreadSeries, corrections: Sequence[Correction], now: datetime) -> None:
    shown = [one for one in corrections if series.starts[0] <= one.issued_at <= series.end]
    for place, one in enumerate(shown):
        late = (one.issued_at - series.starts[0]) > 0.6 * (series.end - series.starts[0])
        axes.axvline(_day(one.issued_at), color=INK, linestyle="--", linewidth=1.5)
        axes.annotate(
            f"✓ {words.correction(one, now)}",
            (_day(one.issued_at), 0.98 - 0.08 * (place % _LEVELS)),
            xycoords=axes.get_xaxis_transform(),
            xytext=(-4 if late else 4, 0),
            textcoords="offset points",
            ha="right" if late else "left",
            va="top",
            fontsize=9,
            color=INK,
            bbox=_BEHIND_WORDS,
        )


def _draw_decisions(axes: Axes, series: SpreadSeries, decisions: Sequence[Decision]) -> None:
    shown = [
        one for one in decisions if series.starts[0] <= one.decided_at <= series.end and one.act is not Act.CORRECT
    ]
    if shown:
        axes.plot(
            [_day(one.decided_at) for one in shown],
            [1.0] * len(shown),
            transform=axes.get_xaxis_transform(),
            linestyle="none",
            marker="|",
            markersize=11,
            markeredgewidth=2,
            color=INK,
            clip_on=False,
            label=words.DECISION,
        )


def _dress(axes: Axes, series: SpreadSeries) -> None:
    shown = ticks(series.starts[0], series.end, TICKS)
    axes.set_xticks([_day(one.at) for one in shown], labels(shown))
    axes.yaxis.set_major_locator(MaxNLocator(nbins=6, integer=True))
    axes.set_xlim(_day(series.starts[0]), _day(series.end))
    axes.set_ylim(0, max(1, max(series.totals)) * 1.15)
    axes.set_xlabel(words.TIME, fontsize=9, color=QUIET)
    axes.set_ylabel(words.per(series.interval), fontsize=9, color=QUIET)
    axes.grid(axis="y", color=LINE)
    axes.set_axisbelow(True)
    axes.tick_params(colors=QUIET, labelsize=9)
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set_color(LINE)
    # Every stance, also one that nobody took; the marks that are drawn besides follow.
    stances = [Patch(label=words.stance_key(stance), **_look(stance)) for stance in series.posts]
    axes.legend(
        handles=[*stances, *axes.get_legend_handles_labels()[0]],
        loc="lower left",
        bbox_to_anchor=(0, 1.02),
        ncols=6,
        frameon=False,
        fontsize=9,
        labelcolor=INK,
        borderaxespad=0,
    )


def _file(figure: Figure, caption: Mapping[str, str], kind: Literal["png", "svg"]) -> bytes:
    target = io.BytesIO()
    # The names are Dublin Core's, which an SVG takes as they are; a PNG has two of its own.
    names = _PNG_NAMES if kind == "png" else {}
    named = {names.get(name, name): text for name, text in caption.items()}
    figure.savefig(target, format=kind, dpi=DOTS_PER_INCH, metadata=named)
    return target.getvalue()


_PNG_NAMES = {"Creator": "Author", "Date": "Creation Time"}


def _plain(text: str) -> str:
    """A text that XML can hold: line by line, without what cannot be seen."""
    return "\n".join(unpiled(one_line(harmless(line))) for line in text.split("\n"))


def _day(moment: datetime) -> float:
    return date2num(moment)
