"""POST /in/<sender>: a message that another system pushes to us. Its signature is the authority, and nothing else.

No cookie is read or set, and neither Host nor Origin is looked at: a reverse proxy may forward this one path.
"""

from dash import Dash
from flask import Response, jsonify, request

from dashboard.browser_input import log_in_one_line
from dashboard.services import Services
from models.errors import GrapevineError, Refused
from models.limits import LARGEST_RECORD_BYTES, too_large

ENDPOINT = "inbox"
BELOW = "/in/"


def register(app: Dash, services: Services) -> None:
    """The status and the JSON come from the source; 503 asks the sender to try again."""

    @app.server.post("/in/<sender>", endpoint=ENDPOINT)
    def receive(sender: str) -> tuple[Response, int]:
        length = request.content_length
        if length is None:
            return _refused("Send a Content-Length.", 411)
        if length > LARGEST_RECORD_BYTES:
            return _refused(too_large("A message"), 413)
        try:
            status, payload = services.sources.receive(sender, dict(request.headers), request.get_data(cache=False))
        except Refused:
            return _refused("No such sender.", 404)
        except Exception as error:  # noqa: BLE001 - the sender keeps the message and sends it again
            if not isinstance(error, GrapevineError):
                log_in_one_line("a pushed message could not be taken", error)
            return _refused("Not accepted now. Send it again later.", 503)
        return jsonify(payload), status


def _refused(what: str, status: int) -> tuple[Response, int]:
    return jsonify({"error": what}), status
