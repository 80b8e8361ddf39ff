"""GET /health: for a monitor that asks whether Grapevine lives, what it has and what is wrong. No posts, no names."""

from dash import Dash
from flask import jsonify

from dashboard.services import Services
from models.domain.sources import SourceState


def register(app: Dash, services: Services) -> None:
    """200 while everything goes on; 503 with the faults where a source or the judgement has stopped."""

    @app.server.get("/health")
    def health():
        boards = [services.keeper.latest(incident.id) for incident in services.store.incidents.all()]
        faults = [_fault(one) for one in services.sources.states() if not one.healthy]
        payload = {
            "well": not faults,
            "faults": faults,
            "incidents": len(boards),
            "posts_read": sum(board.header.posts_read for board in boards),
            "posts_judged": sum(board.header.posts_judged for board in boards),
            "rumours_on_board": sum(len(board.rows) for board in boards),
        }
        return jsonify(payload), 503 if faults else 200


def _fault(state: SourceState) -> str:
    """Which source, and why; most faults begin with the source's name."""
    fault = state.fault or state.phase.value
    return fault if fault.startswith(state.name) else f"{state.name}: {fault}"
