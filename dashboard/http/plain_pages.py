"""Pages without Dash: what is shown before anybody is signed in, and what a person keeps of their own account."""

from typing import Any

from flask import Flask, Response, make_response
from flask_wtf.csrf import generate_csrf
from jinja2 import Environment, PackageLoader, StrictUndefined

from dashboard.paths import root
from dashboard.words import frame as frame_words
from dashboard.words import sign_in as words

SCRIPT = "/plain.js"
_TEMPLATES = Environment(
    loader=PackageLoader("dashboard", "http/templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def plain_page(template: str, *, title: str, status: int = 200, wide: bool = False, **values: Any) -> Response:
    """A page from `templates/TEMPLATE.html`; its forms carry the token that proves whose page they stand on."""
    text = _TEMPLATES.get_template(f"{template}.html").render(
        title=title, brand=frame_words.BRAND, words=words, token=generate_csrf(), root=root(), wide=wide, **values
    )
    return make_response(text, status)


def register(server: Flask) -> None:
    # No Dash asset: Dash would load it into the app as well.
    script = _TEMPLATES.loader.get_source(_TEMPLATES, "plain.js")[0]

    @server.get(SCRIPT)
    def plain_script() -> Response:
        return Response(script, mimetype="text/javascript")
