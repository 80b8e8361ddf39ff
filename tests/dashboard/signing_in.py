"""Browsers of tests that sign in as people do: by the forms of the sign-in pages, with their tokens."""

import html
import re
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlsplit

import pyotp
import pytest
from dash import Dash
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from dashboard.app import create_app
from models.clock import SystemClock
from models.config import Settings
from models.domain.users import Credential, Ended
from models.sign_in.links import digest_of, new_token
from models.sign_in.passwords import Passwords
from models.sign_in.sealing import Seal
from models.store import Store
from tests.dashboard.world import DUTY, HERE, SECRET, NoImports, NoSources, Somebody

PASSWORD = "four unrelated words do well"
ANOTHER = "another long secret of theirs"
PUBLIC = "https://g.example"
CHROME = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36"
_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
# One hash for all tests: each costs tens of milliseconds.
_HASH = Passwords().hashed(PASSWORD)


class Pages:
    """A browser that takes every form's token from the page that the form stands on.

    With an `address` it comes through a proxy on this computer, by https: for `a_public_server`.
    """

    def __init__(self, app: Dash, address: str | None = None):
        self.app = app
        self.client: FlaskClient = app.server.test_client()
        self.client.environ_base["HTTP_USER_AGENT"] = CHROME
        self.host = HERE if address is None else PUBLIC
        if address is not None:
            self.client.environ_base |= {
                "HTTP_X_FORWARDED_FOR": address,
                "HTTP_X_FORWARDED_PROTO": "https",
                "HTTP_ORIGIN": PUBLIC,
                "HTTP_REFERER": f"{PUBLIC}/sign-in",
            }

    def get(self, path: str, **more) -> TestResponse:
        return self.client.get(path, base_url=self.host, **more)

    def post(self, path: str, page: str | None = None, **fields) -> TestResponse:
        """Send a form from the page at `page`."""
        fields["csrf_token"] = self.token_on(page or path)
        return self.client.post(path, data=fields, base_url=self.host)

    def token_on(self, page: str) -> str:
        found = _TOKEN.search(self.get(page).text)
        assert found, f"no form on {page}"
        return found[1]

    def sign_in(self, who: Somebody = DUTY, password: str = PASSWORD, **fields) -> TestResponse:
        return self.post("/sign-in", name=who.user.sign_in_name, password=password, **fields)

    def give_code(self, code: str) -> TestResponse:
        return self.post("/sign-in/code", code=code)

    def is_signed_in(self) -> bool:
        return self.get("/account").status_code == 200

    @property
    def _cookie_name(self) -> str:
        return self.app.server.config["SESSION_COOKIE_NAME"]

    @property
    def cookie(self) -> str:
        """The signed cookie of the session."""
        return self.client.get_cookie(self._cookie_name, urlsplit(self.host).hostname).value

    @cookie.setter
    def cookie(self, value: str) -> None:
        self.client.set_cookie(self._cookie_name, value, domain=urlsplit(self.host).hostname)

    def account(self, what: str, **fields) -> TestResponse:
        return self.post(f"/account/{what}", "/account", **fields)


def a_server(store: Store, *, choosing: bool = False, **settings) -> Dash:
    return create_app(
        store, Settings.model_validate(settings), store.engine.clock, NoSources(), NoImports(), secret=SECRET,
        choosing=choosing,
    )  # fmt: skip


def a_public_server(store: Store, path: str = "") -> Dash:
    """As it is behind a proxy on this computer."""
    return a_server(store, server={"public_url": f"{PUBLIC}{path}", "trusted_proxies": ["127.0.0.1"]})


def local_person(store: Store, who: Somebody = DUTY, *, secret: str | None = None) -> None:
    """Somebody who has set their password up, and the second factor where a secret is given."""
    store.users.record(who.user, None, None).result()
    sealed = None if secret is None else Seal(SECRET).sealed(secret, who.id)
    store.users.set_credential(Credential(who.id, _HASH, sealed)).result()


def a_link(store: Store, who: Somebody = DUTY, lasts: timedelta = timedelta(hours=1)) -> str:
    """A new one-time link of somebody: its token."""
    token = new_token()
    until = SystemClock().now() + lasts
    store.users.set_credential(Credential(who.id, set_up=digest_of(token), set_up_until=until)).result()
    return token


def code_of(secret: str) -> str:
    """What the app on the phone shows now."""
    return pyotp.TOTP(secret).at(SystemClock().now())


def said(answer: TestResponse) -> str:
    """What a page says, as it is read."""
    return html.unescape(answer.text)


def clock_ahead(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Lets true time jump: `ahead(minutes=61)`. To be called before the server is made."""
    whole, shifts = SystemClock.now, []
    monkeypatch.setattr(SystemClock, "now", lambda clock: whole(clock) + sum(shifts, timedelta()))
    return lambda **by: shifts.append(timedelta(**by))


def settled(store: Store) -> Store:
    """The store, once everything that was handed to its writer is committed."""
    store.sessions.end("there is none", Ended.IDLE).result()
    return store


def addresses_of(app: Dash, method: str) -> list[str]:
    """Every address that the server answers to such a request, with something put where it may vary."""
    app.server.test_client().get("/sign-in", base_url=HERE)
    return sorted(
        {
            rule.rule.replace("<path:path>", "incident/x")
            .replace("<path:filename>", "plain.css")
            .replace("<sender>", "tipline")
            .replace("<string:package_name>", "dash")
            .replace("<path:fingerprinted_path>", "x.js")
            for rule in app.server.url_map.iter_rules()
            if method in rule.methods
        }
    )
