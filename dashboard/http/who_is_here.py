"""POST /left: a page no longer shows its rumour. POST /in-hand: a form that changes a rumour is open, or was closed.

Both are small and kept in memory only. That somebody goes on with what another has in hand is entered in the audit.
"""

from dash import Dash
from flask import Response, jsonify, request

from dashboard.browser_input import NotConfirmed, fields, words
from dashboard.forms import in_hand
from dashboard.forms.every_form import FORMS
from dashboard.paths import IN_HAND, LEFT
from dashboard.services import Services
from dashboard.signed_in import required
from dashboard.words.who_is_here import NO_FORM
from models.errors import Refused
from models.people.presence import View

_FORMS = {form.name: form for form in FORMS if form.edits is not None}
# What a form may tell.
KEEP, LEAVE, GO_ON = "keep", "leave", "go-on"


def register(app: Dash, services: Services) -> None:
    @app.server.post(LEFT)
    def left() -> tuple[str, int]:
        page = words(fields(request.get_json(silent=True)).get("page"))
        services.who_is_here.presence.left(View.called(required().session.id, page))
        return "", 204

    @app.server.post(IN_HAND)
    def told() -> tuple[Response, int]:
        message = fields(request.get_json(silent=True))
        try:
            return jsonify(_answer(services, message)), 200
        except Refused as refused:
            return jsonify(problems=dict(refused.problems)), 403 if "role" in refused.problems else 422
        except NotConfirmed as problem:
            return jsonify(problems={"reason": str(problem)}), 503


def _answer(services: Services, message: dict) -> dict:
    """Who else has it in hand, in words, and whether that is somebody who went on in this one's place."""
    form = _FORMS.get(words(message.get("form")))
    if form is None:
        raise Refused({"form": NO_FORM})
    sent, what = form.read(message, services.clock.now()), message.get("do")
    if what == LEAVE:
        in_hand.leave(form, services, sent)
        return {}
    if what == GO_ON:
        in_hand.go_on(form, services, sent, words(message.get("reason")))
    standing = in_hand.keep(form, services, sent)
    return {"says": in_hand.says(form, standing), "broken": standing.broken is not None}
