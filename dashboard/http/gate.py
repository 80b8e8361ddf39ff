"""The gate: nobody sees or does anything before they are signed in, and no form is taken from another site's page."""

from urllib.parse import quote

from flask import Flask, Response, jsonify, redirect, request
from flask_wtf.csrf import CSRFProtect, generate_csrf

from dashboard.http import command_api, plain_pages, webhook_endpoint
from dashboard.http.sign_in import way_in
from dashboard.paths import FROM_PROVIDER, PROVIDER_SAYS, SET_UP, SIGN_IN, SIGN_IN_CODE, TO_PROVIDER, rooted
from dashboard.signed_in import CSRF_COOKIE, CSRF_HEADER, person
from models.server_settings import ServerSettings

_READS = frozenset({"GET", "HEAD", "OPTIONS"})
# What is answered to anybody: how to sign in, whether Grapevine lives, and the code and styles of the screens.
_OPEN = frozenset(
    {
        *(SIGN_IN, SIGN_IN_CODE, SET_UP, TO_PROVIDER, FROM_PROVIDER, plain_pages.SCRIPT),
        *("/health", "/healthz", "/readyz", "/favicon.ico"),
    }
)
_OPEN_BELOW = ("/assets/", "/_dash-component-suites/")
# What proves itself otherwise: by a signature, or by the token in the data folder.
_SIGNED_BELOW = (webhook_endpoint.BELOW, command_api.BELOW, PROVIDER_SAYS)


def gate(server: Flask, settings: ServerSettings) -> None:
    """Register after the guard, which refuses other sites' pages before anything is looked up."""
    server.config.update(
        WTF_CSRF_CHECK_DEFAULT=False,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_HEADERS=[CSRF_HEADER],
        # It would compare the page's address with Host, in which a proxy may name itself. The guard compares the
        # origin with public_url.
        WTF_CSRF_SSL_STRICT=False,
    )
    csrf = CSRFProtect(server)

    @server.before_request
    def only_who_is_signed_in() -> Response | tuple[Response, int] | None:
        if request.path.startswith(_SIGNED_BELOW):
            return None
        is_open = request.path in _OPEN or request.path.startswith(_OPEN_BELOW)
        if not is_open and person() is None:
            if request.method == "GET" and not request.path.startswith("/_"):
                return redirect(way_in(_address_asked()), 303)
            return jsonify({"signed_in": False}), 401
        if request.method not in _READS:
            csrf.protect()
        return None

    @server.after_request
    def hand_out_token(response: Response) -> Response:
        is_page = request.method == "GET" and response.mimetype == "text/html" and response.status_code == 200
        if is_page and person() is not None:
            response.set_cookie(
                settings.cookie(CSRF_COOKIE),
                generate_csrf(),
                secure=server.config["SESSION_COOKIE_SECURE"],
                path=rooted("/"),
                samesite="Strict",
            )
        return response


def _address_asked() -> str:
    """The page that is asked for, as an address: Flask has undone what stands for spaces and the like in its path."""
    query = request.query_string.decode("utf-8", "replace")
    return quote(request.path) + (f"?{query}" if query else "")
