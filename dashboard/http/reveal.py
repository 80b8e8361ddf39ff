"""POST /reveal: the unmasked post that a ticket stands for, once. Nothing on the way may keep it.

The form that gave the ticket has checked the role and recorded the consultation. The guard refuses other sites.
"""

from dash import Dash
from flask import Response, jsonify, request

from dashboard.browser_input import words
from dashboard.services import Services
from dashboard.signed_in import required
from dashboard.words.leaving import link_to, site_of
from dashboard.words.reveal import EXPIRED, REMOVED
from models.text import harmless

PATH = "/reveal"


def register(app: Dash, services: Services) -> None:
    @app.server.post(PATH)
    def show_once() -> Response | tuple[str, int]:
        read = services.reveals.redeem(required().session.id, words(request.form.get("ticket")))
        if read is None:
            return EXPIRED, 410
        post = read()
        if post is None or post.text is None:
            return REMOVED, 410
        address = post.url and harmless(post.url)
        answer = jsonify(
            text=harmless(post.text), address=address, link=link_to(address or ""), site=site_of(address or "")
        )
        answer.headers["Cache-Control"] = "no-store"
        return answer
