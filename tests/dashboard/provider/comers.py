"""Servers of tests at which people sign in by a provider, and browsers that are sent there and come back."""

import html
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from dash import Dash
from werkzeug.test import TestResponse

from dashboard.app import create_app
from dashboard.http.provider.client import ProviderClient
from dashboard.http.provider.people import ProviderPeople
from dashboard.http.sessions import COOKIE
from dashboard.signed_in import CSRF_COOKIE, CSRF_HEADER
from models.clock import SystemClock
from models.config import Settings
from models.domain.audit import AuditFilter, AuditKind
from models.store import Store
from tests.dashboard.provider.forger import CLIENT, Forger
from tests.dashboard.signing_in import Pages
from tests.dashboard.world import SECRET, SERVICE, NoImports, NoSources

NAME = "Northgate ID"
MAPPED = (
    {"group": "duty-officers", "role": "duty", "service": SERVICE},
    {"group": "analysts", "role": "analyst", "service": SERVICE},
    {"group": "fire-viewers", "role": "viewer", "service": "Northgate Fire"},
)


def settings_for(issuer: str, **more: Any) -> Settings:
    """The settings of a server whose people come by that provider; `more` are other tables."""
    table = {"issuer": issuer, "name": NAME, "client_id": CLIENT, "groups": list(MAPPED)}
    return Settings.model_validate({"sign_in": {"provider": table}, **more})


def people_of(store: Store, settings: Settings, secret: str | None = None) -> ProviderPeople:
    return ProviderPeople(store, ProviderClient(settings.sign_in.provider, secret, SystemClock().now))


def a_server_with(store: Store, settings: Settings, people: ProviderPeople) -> Dash:
    return create_app(store, settings, store.engine.clock, NoSources(), NoImports(), secret=SECRET, provider=people)


class Comer(Pages):
    """A browser that is sent to the provider; what the provider does there is for the test to say."""

    @property
    def root(self) -> str:
        """The path under which Grapevine is shown, without its last /."""
        return self.app.server.config["SESSION_COOKIE_PATH"].rstrip("/")

    def goes(self, page: str = "/") -> dict[str, str]:
        """Press “Sign in with …”; what the provider is asked with."""
        answer = self.get(f"{self.root}/sign-in/provider", query_string={"next": page})
        assert answer.status_code == 303, answer.text
        assert "/authorize?" in answer.location, answer.location
        return {name: values[0] for name, values in parse_qs(urlsplit(answer.location).query).items()}

    def comes_back(self, state: str, code: str = "a code", **more: str) -> TestResponse:
        asked = {"state": state, "code": code, **more}
        return self.get(
            f"{self.root}/sign-in/provider/back", query_string={name: one for name, one in asked.items() if one}
        )

    def leaves(self) -> TestResponse:
        """Sign out, with the token of our own pages."""
        self.get(f"{self.root}/account")
        prefix = self.app.server.config["SESSION_COOKIE_NAME"].removesuffix(COOKIE)
        cookie = self.client.get_cookie(f"{prefix}{CSRF_COOKIE}", urlsplit(self.host).hostname, f"{self.root}/")
        headers = {CSRF_HEADER: unquote(cookie.value)}
        return self.client.post(f"{self.root}/sign-out", headers=headers, base_url=self.host)

    def comes_in(self, forger: Forger, **claims: Any) -> TestResponse:
        """Go to a provider that says this of whoever comes, and back."""
        asked = self.goes()
        forger.gives(forger.claims(asked["nonce"], **claims), refresh_token="the first")
        return self.comes_back(asked["state"])


def audited(store: Store) -> list[tuple[str, str | None, str | None]]:
    """What was entered on sign-ins, the oldest first: what, of whom, why."""
    found = reversed(store.audit.entries(AuditFilter(kind=AuditKind.SIGN_IN)))
    return [(one.note.what, one.note.subject, one.note.reason) for one in found]


def only_refused(store: Store, desk: Comer, answer: TestResponse, told: str, entered: str) -> None:
    """Nobody is signed in; a sentence says why, the audit has it, and no address or error shows."""
    assert (answer.status_code, answer.location) == (303, "/sign-in")
    page = desk.get("/sign-in")
    assert page.status_code == 200
    assert told in html.unescape(page.text)
    assert "Traceback" not in page.text
    assert not desk.is_signed_in()
    assert store.sessions.all_live() == []
    assert audited(store)[-1] == ("sign-in-refused", None, entered)
