"""GET /incident/INCIDENT/bubbles.png, .svg and .gif: the bubbles as a still or a short film, for a briefing."""

import threading
from datetime import datetime, timedelta

from dash import Dash
from flask import Response, abort, request

from dashboard.figures.bubbles import Frame, Mark, film, still
from dashboard.services import Services
from dashboard.views.bubbles import span_of, strip_marks
from dashboard.words import bubbles as bubble_words
from dashboard.words.local_time import LONDON
from models.clock import utc_time

_TYPES = {"png": "image/png", "svg": "image/svg+xml", "gif": "image/gif"}
MOST_MINUTES = 100_000.0


def register(app: Dash, services: Services) -> None:
    # A film takes a processor for seconds: the judgement needs the other.
    filming = threading.Lock()

    @app.server.get("/incident/<incident>/bubbles.<any(png, svg, gif):kind>")
    def bubbles_file(incident: str, kind: str) -> Response:
        found = services.incident(incident)
        if found is None:
            abort(404)
        rumour, as_of = request.args.get("rumour"), _moment("as_of")
        moment = services.moment(as_of)
        picture = services.pictures.picture(incident, rumour, moment.as_of)
        if not len(picture.times):
            abort(404, bubble_words.EMPTY)
        half_life = timedelta(minutes=_minutes())
        start, end = (datetime.fromtimestamp(second, LONDON) for second in span_of(picture, moment.now))
        frame = Frame(
            heading=bubble_words.heading_of(services.board(incident, moment).rows, found, rumour),
            below=bubble_words.below_still(found, picture, half_life, moment.now),
            start=start,
            end=end,
            marks=[
                Mark(one.at, one.text, one.kind == "correction")
                for one in strip_marks(services.store, incident, rumour, moment.now, as_of=moment.as_of)
            ],
        )
        shown = min(max(_moment("moment") or end, start), end)
        if kind == "gif":
            if not filming.acquire(blocking=False):
                abort(503, bubble_words.FILM_UNDER_WAY)
            try:
                made = film(picture, frame, half_life)
            finally:
                filming.release()
        else:
            made = still(picture, frame, shown, half_life, kind)
        name = f"bubbles {shown:%Y-%m-%d %H.%M}.{kind}"
        return Response(
            made, mimetype=_TYPES[kind], headers={"Content-Disposition": f'attachment; filename="{name}"'}
        )


def _moment(name: str) -> datetime | None:
    asked = request.args.get(name)
    try:
        return utc_time(asked) if asked else None
    except ValueError:
        abort(400, f"“{name}” must be a time, such as 2026-11-20T21:40:00Z.")


def _minutes() -> float:
    try:
        minutes = float(request.args.get("half_life", "30"))
    except ValueError:
        abort(400, "“half_life” must be a number of minutes.")
    if not 0 < minutes <= MOST_MINUTES:
        abort(400, f"“half_life” must be more than 0 and at most {MOST_MINUTES:,.0f} minutes.")
    return minutes
