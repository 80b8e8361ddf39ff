"""The small marks: a stance, a state, a moment, words that came from outside."""

from datetime import datetime

from dash import html

from dashboard.views.languages import ShownLanguage
from dashboard.words import shared as shared_words
from dashboard.words.local_time import UNKNOWN, ago, exact, short
from models.domain.rumours import Stance, State


def stance(label: Stance | None, coded_by: str | None = None) -> html.Span:
    """The stance's mark and word, with who coded it."""
    name = label.value if label else "none"
    return html.Span(
        [
            html.Span(shared_words.MARKS[label], className="mark", **{"aria-hidden": "true"}),
            html.Span(shared_words.STANCES.get(label, shared_words.NOT_CODED)),
            html.Span(shared_words.coded_by(coded_by), className="by", title=shared_words.who_coded(coded_by))
            if label
            else None,
        ],
        className=f"stance stance-{name}",
    )


def stance_name(label: Stance) -> html.Span:
    """The stance's mark and word alone."""
    return html.Span(
        [
            html.Span(shared_words.MARKS[label], className="mark", **{"aria-hidden": "true"}),
            html.Span(shared_words.STANCES[label]),
        ],
        className=f"stance stance-{label.value}",
    )


def state(value: State) -> html.Span:
    return html.Span(shared_words.STATES[value], className=f"chip chip-{value.value}")


def moment(at: datetime | None, now: datetime, *, relative: bool = False) -> html.Span | html.Time:
    """A time in short, with the exact one on hover and for a screen reader."""
    if at is None:
        return html.Span(UNKNOWN, className="unknown")
    words = ago(at, now) if relative else short(at, now)
    return html.Time(words, dateTime=at.isoformat(), title=exact(at), className="time")


def outside_words(text: str, class_name: str = "outside", language: ShownLanguage | None = None) -> html.Bdi:
    """Words from a post: isolated, so that no direction mark reorders what stands around them.

    A screen reader speaks them in their `language`, where it is known.
    """
    return html.Bdi(text, className=class_name, dir="auto", **({"lang": language.tag} if language else {}))


def language(one: ShownLanguage | None) -> html.Span | None:
    """In which language words from a post are, where it is not that of the screens, and whether that was detected."""
    if one is None or one.tag == shared_words.LANGUAGE_OF_SCREENS:
        return None
    return html.Span(shared_words.language(one), className="kind", title=shared_words.language_means(one))


def claim(text: str) -> list:
    return [html.Span(shared_words.CLAIM, className="claim-word"), outside_words(text, "claim-text")]
