"""Judged worlds for the screens: posts with their flow, rumour and stance, as the pipeline would save them."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from weakref import WeakKeyDictionary

from dash import Dash
from dash.development.base_component import Component
from flask.sessions import SecureCookieSessionInterface
from flask.testing import FlaskClient
from flask_login import login_user
from itsdangerous import URLSafeTimedSerializer

from dashboard.app import create_app
from dashboard.forms.form import Form
from dashboard.services import ImportControl
from dashboard.signed_in import CSRF_HEADER, SignedIn
from models.clock import SystemClock
from models.config import Settings
from models.domain.acts import Officer
from models.domain.imports import Import, Look, Progress, TableReading, Takes
from models.domain.incidents import Incident, Watch
from models.domain.posts import Post
from models.domain.rumours import EventKind, RumourEvent, Stance, StanceJudgement
from models.domain.sources import SourcePhase, SourceState
from models.domain.trials import Trial
from models.domain.users import Grant, Role, Session, User, Way
from models.errors import Refused
from models.judgement.post_languages import detected_of
from models.people.soft_locks import EXPIRES_AFTER
from models.sign_in.links import digest_of, new_token
from models.store import Store
from models.store.messages import JudgedPost, Judgement
from tests.builders import NOON, an_incident, save

SECRET = b"the secret of a test's server, 32b"
SERVICE = "Northgate Police"
HERE = "http://127.0.0.1"


@dataclass(frozen=True)
class Somebody:
    """A person of a test, with one role for their service."""

    name: str
    role: Role
    service: str = SERVICE

    @property
    def id(self) -> str:
        return re.sub(r"[^a-z0-9]", "", f"{self.name}{self.role}".lower())

    @property
    def user(self) -> User:
        grants = frozenset({Grant(self.role, self.service)})
        return User(self.id, Way.LOCAL, self.id, self.name, self.service, grants)

    @property
    def officer(self) -> Officer:
        """As the record keeps them."""
        return Officer(self.name, self.role.value, self.service, self.id)


DUTY = Somebody("J. Officer", Role.DUTY)
COMMS = Somebody("C. Omms", Role.COMMS)
ANALYST = Somebody("A. Nalyst", Role.ANALYST)
INFORMATION = Somebody("I. Manager", Role.INFORMATION_MANAGER)
ADMINISTRATOR = Somebody("A. Dmin", Role.ADMINISTRATOR)
VIEWER = Somebody("V. Iewer", Role.VIEWER)


class NoSources:
    """A stand-in for the sources of a Grapevine that has none: whatever is asked of one is refused."""

    def states(self) -> list[SourceState]:
        return []

    def start(self, name: str, officer: Officer) -> None:
        raise _unknown(name)

    def stop(self, name: str, officer: Officer) -> None:
        raise _unknown(name)

    def test(self, name: str) -> str:
        raise _unknown(name)

    def try_terms(self, watch: Watch) -> list[Trial]:
        return []

    def replay_dead_letter(self, letter: str, officer: Officer) -> str:
        raise Refused({"letter": "There is no such dead letter."})

    def receive(self, sender: str, headers: Mapping[str, str], body: bytes) -> tuple[int, dict[str, object]]:
        raise _unknown(sender)


class NoImports:
    """A stand-in for a Grapevine into which nobody reads files."""

    def begin_upload(self, name: str, size_bytes: int, incident: str, officer: Officer) -> str:
        raise Refused({"file": "No files here."})

    def receive(self, upload: str, at: int, piece: bytes) -> int:
        raise Refused({"file": "No files here."})

    def incident_of(self, upload: str) -> str | None:
        return None

    def drop(self, upload: str) -> None:
        pass

    def look(self, upload: str, table: TableReading | None = None) -> Look:
        raise Refused({"file": "No files here."})

    def start(
        self, upload: str, incident: str, table: TableReading, takes: Takes, officer: Officer, reason: str
    ) -> Import:
        raise Refused({"file": "No files here."})

    def cancel(self, one: str, officer: Officer) -> None:
        raise Refused({"file": "No files here."})

    def progress(self) -> Progress | None:
        return None


def _unknown(name: str) -> Refused:
    return Refused({"source": f"There is no source “{name}”."})


class SomeSources(NoSources):
    """A stand-in for sources that do as they are told and remember what they were told."""

    def __init__(self, *states: SourceState):
        self.now = {state.name: state for state in states}
        self.told: list[tuple[Any, ...]] = []

    def states(self) -> list[SourceState]:
        return list(self.now.values())

    def start(self, name: str, officer: Officer) -> None:
        self._switch(name, officer, running=True, phase=SourcePhase.READING)

    def stop(self, name: str, officer: Officer) -> None:
        self._switch(name, officer, running=False, phase=SourcePhase.STOPPED)

    def test(self, name: str) -> str:
        self._known(name)
        return f"{name} answers."

    def replay_dead_letter(self, letter: str, officer: Officer) -> str:
        self.told.append(("replay", letter))
        return "Read: it is a post now."

    def receive(self, sender: str, headers: Mapping[str, str], body: bytes) -> tuple[int, dict[str, object]]:
        self._known(sender)
        self.told.append((sender, headers, body))
        return 202, {"taken": len(body)}

    def _switch(self, name: str, officer: Officer, **changes: Any) -> None:
        self._known(name)
        self.told.append((officer.name, changes["phase"].value, name))
        self.now[name] = replace(self.now[name], **changes)

    def _known(self, name: str) -> None:
        if name not in self.now:
            raise _unknown(name)


def an_app(
    store: Store,
    sources: NoSources | None = None,
    imports: ImportControl | None = None,
    settings: Settings | None = None,
    *,
    choosing: bool = False,
    locks_expire_after: timedelta = EXPIRES_AFTER,
) -> Dash:
    clock = store.engine.clock
    app = create_app(
        store,
        settings or Settings(),
        clock,
        sources or NoSources(),
        imports or NoImports(),
        secret=SECRET,
        choosing=choosing,
        locks_expire_after=locks_expire_after,
    )
    _STORES[app] = store
    return app


# The store behind each app, and the browser of each person at it.
_STORES: WeakKeyDictionary[Dash, Store] = WeakKeyDictionary()
_BROWSERS: WeakKeyDictionary[Dash, dict[tuple[str, str], FlaskClient]] = WeakKeyDictionary()


def browser_of(app: Dash, who: Somebody | None = DUTY, host: str = "127.0.0.1") -> FlaskClient:
    """The browser of somebody who has signed in; each request carries the token of our own pages. None: of nobody."""
    if who is None:
        return app.server.test_client()
    browsers = _BROWSERS.setdefault(app, {})
    if (who.id, host) not in browsers:
        store, token = _STORES[app], new_token()
        if store.users.get(who.id) is None:
            store.users.record(who.user, None, None).result()
        now = SystemClock().now()
        store.sessions.start(Session(digest_of(token), who.id, Way.LOCAL, "a test", now, now)).result()
        client = app.server.test_client()
        cookie = {"_user_id": token, "_fresh": True, "csrf_token": "of this browser"}
        # Of the whole host: behind a proxy that strips the prefix, requests come without it.
        signed = SecureCookieSessionInterface().get_signing_serializer(app.server).dumps(cookie)
        client.set_cookie(app.server.config["SESSION_COOKIE_NAME"], signed, domain=host)
        signer = URLSafeTimedSerializer(SECRET, salt="wtf-csrf-token")
        client.environ_base[f"HTTP_{CSRF_HEADER.upper().replace('-', '_')}"] = signer.dumps("of this browser")
        browsers[who.id, host] = client
    return browsers[who.id, host]


@contextmanager
def signed_in(app: Dash, who: Somebody = DUTY) -> Iterator[None]:
    """As if a request of somebody were being answered: for what is called without one."""
    browser_of(app, who)
    store = _STORES[app]
    with app.server.test_request_context("/", base_url=HERE):
        login_user(SignedIn(store.users.get(who.id), store.sessions.of(who.id)[0], "of a test"))
        yield


def a_public_app(store: Store, public_url: str, sources: NoSources | None = None) -> Dash:
    """As it is behind a proxy on this computer."""
    server = {"public_url": public_url, "trusted_proxies": ["127.0.0.1"]}
    return an_app(store, sources, settings=Settings.model_validate({"server": server}))


def judge(
    store: Store,
    incident: Incident,
    posts: Sequence[Post],
    *,
    rumour: str = "dam",
    stances: Sequence[Stance | None] = (),
    surfaced: bool = True,
    likelihood: float | None = None,
    reasons: Sequence[dict[str, Any]] = (),
    flow: str | None = None,
) -> None:
    """Bring posts in and judge them all into one rumour; each opens a flow unless `flow` names one for all."""
    stances = [*stances, *[Stance.SUPPORT] * (len(posts) - len(stances))]
    save(store, incident, posts)
    stored = {
        post.id: post for post in store.judgement.unjudged(incident.id, store.judgement.upto(incident.id), 10_000)
    }
    judged = [
        JudgedPost(
            post=stored[post.id],
            flow=flow or post.id,
            thread=post.id,
            rumour=rumour,
            opens_flow=flow is None or place == 0,
            stance=None if stance is None else _judgement(stance),
        )
        for place, (post, stance) in enumerate(zip(posts, stances, strict=True))
    ]
    events = [RumourEvent(rumour, EventKind.TITLE, posts[0].arrived_at, post=posts[0].id)]
    if surfaced:
        events.append(RumourEvent(rumour, EventKind.SURFACED, posts[-1].arrived_at, detail={"rule": "several"}))
    if likelihood is not None:
        detail = {"reasons": list(reasons)}
        events.append(RumourEvent(rumour, EventKind.SCORE, NOON, likelihood=likelihood, detail=detail))
    upto, number = max(p.place for p in stored.values()), store.acts.constraints(incident.id).number
    languages = detected_of(one.post for one in judged)
    store.judgement.save(Judgement(incident.id, upto, judged, events, number, languages=languages)).result()


def _judgement(stance: Stance) -> StanceJudgement:
    return StanceJudgement(stance, {one: float(one is stance) for one in Stance}, "model")


def opened(store: Store, **changes: Any) -> Incident:
    return store.incidents.open(an_incident(**changes)).result()


def send(
    app: Dash,
    form: Form,
    values: Mapping[str, Any],
    about: Mapping[str, Any],
    *,
    officer: Somebody | None = DUTY,
    request: Any = "one",
    press: Any = "save",
    changed: Sequence[str] | None = None,
) -> Any:
    """Send a form as `assets/forms.js` would; what the browser would get back."""
    message = {"press": press, "request": request, "about": about, "values": values}
    message["changed"] = list(values) if changed is None else list(changed)
    return send_raw(app, form, message, officer)


def send_raw(app: Dash, form: Form, message: Any, officer: Somebody | None = DUTY) -> Any:
    """Send whatever it may be."""
    sent = (f"{form.sent_id}.data", message)
    return call(app, f"{form.answer_id}.data", [sent], [], sent[0], officer)


def answer_of(sent: Any, form: Form) -> dict[str, Any]:
    return sent[form.answer_id]["data"]


def problems_of(sent: Any, form: Form) -> dict[str, str]:
    """What is wrong by field, as the browser shows it on top and beside the fields."""
    return answer_of(sent, form).get("problems", {})


def drawn(component: Any) -> Iterator[Any]:
    """A component and all below it."""
    if isinstance(component, Component):
        yield component
        children = getattr(component, "children", None)
        for child in children if isinstance(children, list | tuple) else [children]:
            yield from drawn(child)


def call(
    app: Dash,
    output: str,
    inputs: list[tuple[str, Any]],
    state: list[tuple[str, Any]],
    trigger: str,
    officer: Somebody | None = DUTY,
) -> Any:
    """POST to the callback that `output` (a part of its name) belongs to; what the officer's browser would get."""
    name, wanted = next((key, value) for key, value in app.callback_map.items() if output in key)
    outputs = [
        dict(zip(("id", "property"), part.rsplit(".", 1), strict=True)) for part in name.strip(".").split("...")
    ]
    given, known = dict(inputs), dict(state)
    body = {
        "output": name,
        "outputs": outputs if name.startswith("..") else outputs[0],
        "inputs": [{**one, "value": given[f"{one['id']}.{one['property']}"]} for one in wanted["inputs"]],
        "state": [{**one, "value": known.get(f"{one['id']}.{one['property']}")} for one in wanted["state"]],
        "changedPropIds": [trigger],
    }
    answer = browser_of(app, officer).post(
        "/_dash-update-component", data=json.dumps(body), content_type="application/json", base_url=HERE
    )
    if officer is None:
        assert answer.status_code == 401, answer.text
        return {}
    assert answer.status_code in {200, 204}, answer.text
    return json.loads(answer.text)["response"] if answer.status_code == 200 else {}
