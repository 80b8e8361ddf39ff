"""create_app(): the dashboard as one Dash application."""

from datetime import timedelta
from pathlib import Path

from dash import Dash

from dashboard import routing
from dashboard.auditing.checking import AuditChecks
from dashboard.auditing.looks import LOOKS, Entering, Looks
from dashboard.browser_data import script
from dashboard.components import not_shown, shell
from dashboard.http import (
    account,
    downloads,
    health,
    plain_pages,
    reveal,
    sign_in,
    uploads,
    webhook_endpoint,
    who_is_here,
)
from dashboard.http.forwarded import Forwarded
from dashboard.http.gate import gate
from dashboard.http.guard import guard
from dashboard.http.limits import RateLimits
from dashboard.http.local_sign_in import LocalSignIn
from dashboard.http.provider.pages import ProviderPages
from dashboard.http.provider.people import ProviderPeople
from dashboard.http.sessions import Sessions
from dashboard.services import ImportControl, Services, SourceControl
from dashboard.signed_in import CSRF_COOKIE, CSRF_HEADER
from dashboard.views.bubbles import PictureKeeper
from dashboard.views.past import PastKeeper
from dashboard.views.snapshot import SnapshotKeeper
from dashboard.views.who_is_here import nobody_yet
from dashboard.words import frame as frame_words
from models.clock import Clock, SystemClock
from models.config import Settings
from models.people.soft_locks import EXPIRES_AFTER
from models.sign_in.session_ages import SessionAges
from models.store import Store

__all__ = ["SourceControl", "create_app"]

_INDEX = """<!DOCTYPE html>
<html lang="en-GB">
    <head>
        {%metas%}
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>{%title%}</title>
        {%favicon%}
        {%css%}
        {%data%}
    </head>
    <body>
        {%app_entry%}
        <footer>
            {%config%}
            {%scripts%}
            {%renderer%}
        </footer>
    </body>
</html>"""


def create_app(
    store: Store,
    settings: Settings,
    clock: Clock,
    sources: SourceControl,
    files: ImportControl,
    *,
    secret: bytes,
    choosing: bool = False,
    provider: ProviderPeople | None = None,
    locks_expire_after: timedelta = EXPIRES_AFTER,
) -> Dash:
    """The dashboard over `store`. `clock` is the time the screens show; serve `app.server`.

    `secret` signs what browsers keep. `choosing`: people sign in by choosing who they are, for a replay. `provider`:
    those who come by the service's own sign-in, where it has one. What somebody has in hand is theirs for
    `locks_expire_after` without a sign of life.
    """

    entering = Entering(store, clock)
    services = Services(
        store,
        settings,
        clock,
        sources,
        files,
        SnapshotKeeper(store, clock),
        PastKeeper(store),
        PictureKeeper(store),
        entering,
        Looks(entering),
        AuditChecks(store, clock),
        nobody_yet(store, SystemClock(), locks_expire_after=locks_expire_after),
    )
    csrf_cookie = settings.server.cookie(CSRF_COOKIE)
    app = Dash(
        "dashboard",
        assets_folder=str(Path(__file__).with_name("assets")),
        use_pages=False,
        pages_folder="",
        index_string=_INDEX.replace("{%data%}", script(settings.server.prefix, csrf_cookie)),
        # Ours begin at /; the browser asks for them under the path of public_url.
        routes_pathname_prefix="/",
        requests_pathname_prefix=f"{settings.server.prefix}/",
        serve_locally=True,
        # The check of every callback against every page would be done in each browser, for 0.3 s; a test does it.
        suppress_callback_exceptions=True,
        title=frame_words.BRAND,
        update_title=None,
        add_log_handler=False,
        csrf_token_name=csrf_cookie,
        csrf_header_name=CSRF_HEADER,
        on_error=not_shown.instead_of,
    )
    app.server.config["SESSION_COOKIE_PATH"] = f"{settings.server.prefix}/"
    app.layout = shell.shell()
    shell.register(app, services)
    for page in routing.PAGES:
        page.register(app, services)
    routing.register(app, services)
    app.server.extensions[LOOKS] = services.looks
    sessions = Sessions(store, SessionAges.of(settings.sign_in), SystemClock())
    sessions.register(app.server, secret, settings.server)
    plain_pages.register(app.server)
    local = LocalSignIn(store, sessions, secret)
    local.register(app.server)
    at_provider = ProviderPages(provider, sessions, secret, settings.server)
    at_provider.register(app.server)
    sign_in.register(app.server, store, sessions, local, at_provider, choosing=choosing)
    account.register(app.server, store, sessions, local)
    limits = RateLimits(lambda: at_provider.is_waited_for() or local.is_expected(), choosing=choosing)
    health.register(app, services, limits.refused)
    webhook_endpoint.register(app, services)
    downloads.register(app, services)
    reveal.register(app, services)
    uploads.register(app, services)
    who_is_here.register(app, services)
    guard(app, settings.server)
    limits.register(app)
    gate(app.server, settings.server)
    app.server.wsgi_app = Forwarded(app.server.wsgi_app, settings.server)
    return app
