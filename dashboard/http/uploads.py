"""POST /import/…: a file on its way in, piece by piece, so that no request is large and none is lost for good.

/import/begin gives the upload a secret name; /import/piece takes what stands at a place in the file; /import/drop
gives the file up. Each asks whether who is signed in may import. The guard refuses other sites.
"""

from typing import Any

from dash import Dash
from flask import Response, jsonify, request

from dashboard.access import SystemAct, acting
from dashboard.browser_input import fields, words
from dashboard.services import Services
from models.errors import Refused
from models.limits import LARGEST_RECORD_BYTES

# Small enough that the web server keeps a piece in memory.
LARGEST_PIECE_BYTES = 500_000


def register(app: Dash, services: Services) -> None:
    @app.server.post("/import/begin")
    def begin() -> tuple[Response, int]:
        asked = fields(request.get_json(silent=True))
        try:
            incident = words(asked.get("incident"))
            services.check_incident(incident)
            officer = acting(SystemAct.IMPORT, services.incident(incident))
            size = asked.get("size")
            upload = services.imports.begin_upload(
                words(asked.get("name"))[:LARGEST_RECORD_BYTES], size if type(size) is int else 0, incident, officer
            )
        except Refused as refused:
            return _refused(refused)
        return jsonify({"upload": upload, "piece": LARGEST_PIECE_BYTES}), 200

    @app.server.post("/import/piece")
    def piece() -> tuple[Response, int]:
        upload, at = request.args.get("upload", ""), request.args.get("at", type=int, default=-1)
        if not 0 < (request.content_length or 0) <= LARGEST_PIECE_BYTES:
            return jsonify({"problem": "A piece has 1 to 500,000 bytes."}), 413
        try:
            check(upload)
            received = services.imports.receive(upload, at, request.get_data(cache=False))
        except Refused as refused:
            return _refused(refused)
        return jsonify({"received": received}), 200

    @app.server.post("/import/drop")
    def drop() -> tuple[Response, int]:
        upload = request.args.get("upload", "")
        try:
            check(upload)
        except Refused as refused:
            return _refused(refused)
        services.imports.drop(upload)
        return jsonify({}), 200

    def check(upload: str) -> None:
        """Their roles may have changed since the upload began. What no upload is called is nobody's."""
        incident = services.imports.incident_of(upload)
        if incident is not None:
            acting(SystemAct.IMPORT, services.incident(incident))


def _refused(refused: Refused) -> tuple[Any, int]:
    return jsonify({"problem": " ".join(refused.problems.values()), "fields": sorted(refused.problems)}), 422
