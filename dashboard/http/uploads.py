"""POST /import/…: a file on its way in, piece by piece, so that no request is large and none is lost for good.

/import/begin checks the role and gives the upload a secret name; /import/piece takes what stands at a place in the
file; /import/drop gives the file up. The guard refuses other sites.
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
        at = request.args.get("at", type=int, default=-1)
        if not 0 < (request.content_length or 0) <= LARGEST_PIECE_BYTES:
            return jsonify({"problem": "A piece has 1 to 500,000 bytes."}), 413
        try:
            received = services.imports.receive(request.args.get("upload", ""), at, request.get_data(cache=False))
        except Refused as refused:
            return _refused(refused)
        return jsonify({"received": received}), 200

    @app.server.post("/import/drop")
    def drop() -> tuple[Response, int]:
        services.imports.drop(request.args.get("upload", ""))
        return jsonify({}), 200


def _refused(refused: Refused) -> tuple[Any, int]:
    return jsonify({"problem": " ".join(refused.problems.values()), "fields": sorted(refused.problems)}), 422
