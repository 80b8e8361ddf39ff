"""GET and POST /sign-in, POST /sign-out, POST /here: who is at this browser.

Where a past or invented incident is played on this computer, people sign in by choosing a person. Elsewhere they do
by the service's own provider, where there is one, and by name and password.
"""

import re
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from flask import Flask, Response, redirect, request, session

from dashboard.browser_input import one_of, words
from dashboard.http.devices import device_of
from dashboard.http.local_sign_in import LocalSignIn
from dashboard.http.plain_pages import plain_page
from dashboard.http.sessions import NOTE, PROBLEM, WHY, Sessions
from dashboard.paths import HERE, SIGN_IN, SIGN_OUT, TO_PROVIDER, place_of, rooted, unrooted
from dashboard.signed_in import person
from dashboard.words import audit as audit_words
from dashboard.words import provider as provider_words
from dashboard.words import sign_in as sign_in_words
from models.domain.audit import AuditedSignIn
from models.domain.users import Ended, Role, User, Way
from models.limits import LONGEST_NAME
from models.store import Store

if TYPE_CHECKING:
    from dashboard.http.provider.pages import ProviderPages

_CONTROL = re.compile(r"[\x00-\x20\x7f\\]")


def register(
    server: Flask,
    store: Store,
    sessions: Sessions,
    local: LocalSignIn,
    provider: "ProviderPages",
    *,
    choosing: bool,
) -> None:
    """`choosing`: people sign in by choosing who they are."""

    @server.get(SIGN_IN)
    def show_sign_in() -> Response:
        going_to = page_asked(request.args.get("next"))
        if person() is not None:
            return redirect(rooted(going_to), 303)
        why = one_of(Ended, session.pop(WHY, None))
        note, problem = session.pop(NOTE, ""), session.pop(PROBLEM, "")
        return _page(going_to, note=sign_in_words.ENDED[why] if why else note, problem=problem)

    @server.post(SIGN_IN)
    def sign_in() -> Response:
        going_to = page_asked(request.form.get("next"))
        if choosing:
            chosen = store.users.get(words(request.form.get("person")))
            if chosen is None or chosen.blocked:
                sessions.refused(AuditedSignIn.REFUSED, chosen, audit_words.NOT_TO_BE_CHOSEN)
                return _page(going_to, problem=sign_in_words.NO_SUCH_PERSON, status=422)
            sessions.start(chosen, Way.CHOSEN, device_of(request.user_agent.string))
            return redirect(rooted(going_to), 303)
        name = words(request.form.get("name"))[:LONGEST_NAME]
        return local.try_password(
            name,
            words(request.form.get("password")),
            going_to,
            lambda problem, status: _page(going_to, problem=problem, name=name, status=status),
        )

    @server.post(SIGN_OUT)
    def sign_out() -> Response:
        left = person()
        sessions.end(Ended.SIGNED_OUT)
        if left is not None and left.session.way is Way.PROVIDER and provider.is_on:
            return provider.way_out(left)
        return redirect(rooted(SIGN_IN), 303)

    @server.post(HERE)
    def here() -> tuple[str, int]:
        sessions.touched()
        return "", 204

    def _page(going_to: str, *, note: str = "", problem: str = "", name: str = "", status: int = 200) -> Response:
        people = store.users.all()
        return plain_page(
            "sign_in",
            title=sign_in_words.SIGN_IN_TITLE,
            status=status,
            people=_by_service(people) if choosing else None,
            provider=_way_to(provider, going_to, problem) if provider.is_on else None,
            nobody=not people,
            next=going_to,
            note=note,
            problem=problem,
            name=name,
        )


def _way_to(provider: "ProviderPages", going_to: str, problem: str) -> dict[str, str]:
    """What the page shows of the service's own sign-in, beside the problem that it tells."""
    away = provider_words.away(provider.name) if provider.is_away else ""
    return {
        "address": f"{rooted(TO_PROVIDER)}?next={quote(going_to, safe='/')}",
        "sign_in_with": provider_words.sign_in_with(provider.name),
        "away": away if away != problem else "",
        "without": provider_words.WITHOUT,
    }


def _by_service(people: list[User]) -> dict[str, list[User]]:
    """Who can be chosen, in the order in which their services and roles were recorded."""
    found: dict[str, list[User]] = {}
    for one in people:
        if not one.blocked:
            found.setdefault(one.service, []).append(one)
    roles = list(Role)
    return {
        service: sorted(ones, key=lambda one: min(roles.index(grant.role) for grant in one.grants))
        for service, ones in found.items()
    }


def way_in(path: str) -> str:
    """The address of the sign-in that leads back to a page."""
    return f"{rooted(SIGN_IN)}?next={quote(path, safe='/')}"


def page_asked(address: object) -> str:
    """The page of ours that an address names, below the root, with its question; the front page for anything else.

    >>> page_asked("/incident/x?as_of=2026-11-20T21:40:00Z")
    '/incident/x?as_of=2026-11-20T21:40:00Z'
    >>> page_asked("//evil.example/incident/x"), page_asked("https://evil.example/"), page_asked("/sign-out")
    ('/', '/', '/')
    """
    text = unrooted(words(address))
    if not text.startswith("/") or text.startswith("//") or _CONTROL.search(text):
        return "/"
    parts = urlsplit(text)
    if parts.scheme or parts.netloc or (parts.path != "/" and place_of(parts.path) is None):
        return "/"
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
