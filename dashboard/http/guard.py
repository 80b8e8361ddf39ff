"""What every answer carries, and which requests are answered at all.

A web page elsewhere must neither read nor write here. A page that makes its own host name point here (DNS rebinding)
is stopped by the Host check, a form on another site by Origin.
"""

from urllib.parse import urlsplit

from dash import Dash
from flask import Flask, Response, abort, request
from werkzeug.exceptions import HTTPException

from dashboard.browser_input import log_in_one_line
from dashboard.http import health, webhook_endpoint
from models.server_settings import LOOPBACK_NAMES, ServerSettings, host_name

# Answered under any name: what is pushed is signed, and who watches a server asks it by its address.
_ANY_NAME = frozenset({webhook_endpoint.ENDPOINT, health.LIVES, health.READY})
_STRICT_TRANSPORT = f"max-age={365 * 24 * 3600}"
# Nothing here needs a sensor, a payment or a screen: a script that got in shall have none of them either.
_NO_DEVICES = ", ".join(
    f"{one}=()"
    for one in (
        *("accelerometer", "autoplay", "browsing-topics", "camera", "display-capture", "encrypted-media"),
        *("geolocation", "gyroscope", "hid", "idle-detection", "local-fonts", "magnetometer", "microphone", "midi"),
        *("payment", "picture-in-picture", "publickey-credentials-get", "screen-wake-lock", "serial", "usb"),
        *("xr-spatial-tracking",),
    )
)


def guard(app: Dash, settings: ServerSettings) -> None:
    """Call once every callback is registered: the policy names the hashes of Dash's own inline scripts."""
    server: Flask = app.server
    headers = {
        "Content-Security-Policy": content_policy(app),
        "X-Content-Type-Options": "nosniff",
        # With "no-referrer" Chromium sends `Origin: null` with our own forms, which is what a stranger's form sends.
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": _NO_DEVICES,
    }

    @server.before_request
    def answer_only_to_our_names() -> None:
        if request.endpoint in _ANY_NAME:
            return
        if host_name(request.host).lower() not in settings.names:
            abort(403, f"Open Grapevine at {settings.public_url or 'http://127.0.0.1'}: it answers to no other name.")
        origin = request.headers.get("Origin")
        if request.method not in {"GET", "HEAD", "OPTIONS"} and origin is not None and not is_ours(origin, settings):
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
        response.headers.update(headers)
        if request.is_secure:
            response.headers["Strict-Transport-Security"] = _STRICT_TRANSPORT
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
            "form-action 'self'",
            "frame-ancestors 'none'",
        ]
    )


def is_ours(origin: str, settings: ServerSettings) -> bool:
    """Whether a page of this very server asks: by its public address, or by a name of this computer."""
    if origin == settings.public_origin:
        return True
    return host_name(request.host).lower() in LOOPBACK_NAMES and urlsplit(origin).netloc == request.host
