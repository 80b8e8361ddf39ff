"""What every answer carries, and which requests are answered at all.

Until sign-in exists the server listens on loopback; a web page elsewhere must neither read nor write it. A page that
makes its own host name point here (DNS rebinding) is stopped by the Host check, a form on another site by Origin.
"""

from urllib.parse import urlsplit

from dash import Dash
from flask import Flask, Response, abort, request
from werkzeug.exceptions import HTTPException

from dashboard.browser_input import log_in_one_line
from dashboard.http import webhook_endpoint

LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]"})


def guard(app: Dash) -> None:
    """Call once every callback is registered: the policy names the hashes of Dash's own inline scripts."""
    server: Flask = app.server
    policy = content_policy(app)

    @server.before_request
    def answer_only_this_computer() -> None:
        # What is pushed there is signed, and a reverse proxy may forward it under any name.
        if request.endpoint == webhook_endpoint.ENDPOINT:
            return
        if host_name(request.host) not in LOOPBACK:
            abort(403, "Grapevine answers only on this computer. Open it at http://127.0.0.1.")
        origin = request.headers.get("Origin")
        if request.method not in {"GET", "HEAD", "OPTIONS"} and origin is not None and not same_origin(origin):
            abort(403, "This request came from another website.")

    @server.errorhandler(Exception)
    def hide_the_inside(error: Exception) -> HTTPException | tuple[str, int]:
        if isinstance(error, HTTPException):
            return error
        log_in_one_line(f"{request.method} {request.path[:200]!r} could not be answered", error)
        # What comes by POST is made by a page or by hand, and was not in order; a GET that fails is our own fault.
        status = 400 if request.method == "POST" else 500
        return "This request could not be answered. Reload the page, or tell the administrator.", status

    @server.after_request
    def add_headers(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = policy
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
        if "/_dash-component-suites/" not in request.path and not request.path.startswith("/assets/"):
            response.headers["Cache-Control"] = "no-store"
        return response


def content_policy(app: Dash) -> str:
    scripts = " ".join(["'self'", *app.csp_hashes()])
    return "; ".join(
        [
            "default-src 'self'",
            f"script-src {scripts}",
            # The grid, Mantine and Plotly write style elements.
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "connect-src 'self'",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'none'",
        ]
    )


def host_name(host: str) -> str:
    """A Host header without its port: 127.0.0.1, localhost, [::1]"""
    return host.rpartition(":")[0] if host.rpartition(":")[2].isdecimal() else host


def same_origin(origin: str) -> bool:
    return urlsplit(origin).netloc == request.host
