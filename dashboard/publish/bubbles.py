"""The bubbles as a still or a short film, for a briefing: drawn from the layout that the screens show."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from dashboard.figures.bubbles import Frame, Mark, film, still
from dashboard.publish.tickets import Download
from dashboard.services import Moment, Services
from dashboard.views.bubbles import span_of, strip_marks
from dashboard.words import bubbles as words
from dashboard.words.local_time import LONDON
from dashboard.words.masking import masked
from models.domain.acts import Consultation, Officer
from models.domain.incidents import Incident


class PictureKind(StrEnum):
    PNG = "png"
    SVG = "svg"
    GIF = "gif"


MEDIA_TYPES = {PictureKind.PNG: "image/png", PictureKind.SVG: "image/svg+xml", PictureKind.GIF: "image/gif"}


@dataclass(frozen=True, slots=True)
class BubblesAsked:
    """Which picture: of an incident or a rumour, as known when, at which moment, and by which half-life."""

    incident: Incident
    rumour: str | None
    kind: PictureKind
    as_of: datetime
    shown: datetime
    half_life: timedelta


def bubbles_consultation(asked: BubblesAsked, officer: Officer, reason: str) -> Consultation:
    """What the record will say of it; to be recorded before anything is handed out."""
    what = words.SAVES[asked.kind.value]
    part = words.filter_of(asked.rumour, asked.shown, asked.kind is PictureKind.GIF)
    return Consultation(asked.incident.id, what, part, asked.as_of, officer, reason)


def bubbles_file(services: Services, asked: BubblesAsked) -> Download:
    """The picture as a file, as known at the moment that was recorded. A film takes seconds of a processor."""
    incident, as_of = asked.incident, asked.as_of
    picture = services.pictures.picture(incident.id, asked.rumour, as_of)
    start, end = (datetime.fromtimestamp(second, LONDON) for second in span_of(picture, as_of))
    frame = Frame(
        heading=masked(
            words.heading_of(services.board(incident.id, Moment(as_of, as_of)).rows, incident, asked.rumour)
        ),
        below=masked(words.below_still(incident, picture, asked.half_life, as_of)),
        start=start,
        end=end,
        marks=[
            Mark(one.at, masked(one.text), one.kind == "correction")
            for one in strip_marks(services.store, incident.id, asked.rumour, as_of, as_of=as_of)
        ],
    )
    shown = min(max(asked.shown, start), end)
    if asked.kind is PictureKind.GIF:
        made = film(picture, frame, asked.half_life)
    else:
        made = still(picture, frame, shown, asked.half_life, asked.kind.value)
    name = f"bubbles-{shown:%Y-%m-%d-%H%M}.{asked.kind.value}"
    return Download(name, MEDIA_TYPES[asked.kind], iter([made]))
