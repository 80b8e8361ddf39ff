"""What a monitor may ask, by GET.

/healthz: does the process answer? /readyz: can people work with it? Both tell nothing else, so anybody may ask.
/health: what it has and what is wrong. No posts, no names of people.
"""

from collections.abc import Mapping

from dash import Dash
from flask import Response, jsonify

from dashboard.browser_input import log_in_one_line
from dashboard.services import Services
from dashboard.words import audit_screen as audit_words
from models.domain.sources import JUDGEMENT, SourceState

LIVES, READY = "healthz", "readyz"


def register(app: Dash, services: Services, refused: Mapping[str, int]) -> None:
    """200 while everything goes on; 503 with the faults where a source, the judgement or the audit does not.

    `refused`: how many requests came too often since the start, by limit.
    """

    @app.server.get("/health")
    def health():
        boards = [services.keeper.latest(incident.id) for incident in services.store.incidents.all()]
        faults = [_fault(one) for one in services.sources.states() if not one.healthy]
        unentered = services.entering.unentered()
        if unentered.waiting:
            faults.append(audit_words.unentered(unentered.waiting, unentered.lost, unentered.since))
        payload = {
            "well": not faults,
            "faults": faults,
            "incidents": len(boards),
            "posts_read": sum(board.header.posts_read for board in boards),
            "posts_judged": sum(board.header.posts_judged for board in boards),
            "rumours_on_board": sum(len(board.rows) for board in boards),
            "asked_too_often": dict(refused),
            "consultations_not_entered": {"waiting": unentered.waiting, "lost": unentered.lost},
        }
        return jsonify(payload), 503 if faults else 200

    @app.server.get("/healthz", endpoint=LIVES)
    def lives() -> Response:
        return _plain("alive", 200)

    @app.server.get("/readyz", endpoint=READY)
    def ready() -> Response:
        """503 where the database gives no answer or the judgement has stopped.

        A source that fails is no reason to send people away from the only server: /health tells of it.
        """
        try:
            services.store.incidents.all()
            well = all(one.healthy for one in services.sources.states() if one.name == JUDGEMENT)
        except Exception as error:  # noqa: BLE001 - whatever it is, nobody can work now
            log_in_one_line("not ready", error)
            well = False
        return _plain("ready", 200) if well else _plain("not ready", 503)


def _plain(word: str, status: int) -> Response:
    return Response(f"{word}\n", status, mimetype="text/plain")


def _fault(state: SourceState) -> str:
    """Which source, and why; most faults begin with the source's name."""
    fault = state.fault or state.phase.value
    return fault if fault.startswith(state.name) else f"{state.name}: {fault}"
