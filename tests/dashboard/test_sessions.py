"""A session: what its cookie says, what a browser is taken for, and that a change counts with the next request."""

import base64
import json
import zlib
from dataclasses import replace
from datetime import timedelta

import pytest

from dashboard.http.sessions import COOKIE
from dashboard.signed_in import CSRF_COOKIE
from models.clock import SystemClock
from models.config import SignInSettings
from models.domain.users import Ended, Grant, Role
from models.errors import ConfigError
from models.sign_in.lockout import device_cookie_name
from models.sign_in.session_ages import SessionAges
from tests.dashboard.signing_in import PASSWORD, Pages, a_public_server, a_server, clock_ahead, local_person, settled
from tests.dashboard.world import DUTY, SERVICE


@pytest.fixture
def ahead(monkeypatch):
    return clock_ahead(monkeypatch)


@pytest.fixture
def app(store, ahead):
    local_person(store)
    return a_server(store)


@pytest.fixture
def desk(app):
    desk = Pages(app)
    desk.sign_in()
    return desk


def kept_in(cookie):
    """What a signed cookie says to whoever holds it."""
    text = cookie.lstrip(".").partition(".")[0]
    whole = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    return json.loads(zlib.decompress(whole) if cookie.startswith(".") else whole)


def test_the_cookie_says_nothing_of_the_person(desk):
    cookie = desk.client.get_cookie(COOKIE, "127.0.0.1")
    kept = str(kept_in(desk.cookie))
    for said in (DUTY.id, DUTY.name, SERVICE, DUTY.role.value):
        assert said not in kept
    assert (cookie.http_only, cookie.same_site, cookie.expires) == (True, "Lax", None)


def test_the_store_knows_only_the_digest_of_what_the_cookie_holds(store, desk):
    token = kept_in(desk.cookie)["_user_id"]
    (session,) = store.sessions.of(DUTY.id)
    assert token not in (session.id, *vars_of(session))


def vars_of(session):
    return [str(getattr(session, name)) for name in session.__dataclass_fields__]


def test_by_https_the_cookie_goes_by_https_only(store):
    local_person(store)
    desk = Pages(a_public_server(store), "10.0.0.1")
    assert desk.sign_in().status_code == 303
    assert desk.client.get_cookie(f"__Host-{COOKIE}", "g.example").secure


@pytest.mark.parametrize(("path", "begins"), [("", "__Host-"), ("/grapevine", "__Secure-")])
def test_by_https_the_name_of_every_cookie_holds_browsers_to_its_rules(store, path, begins):
    local_person(store)
    desk = Pages(a_public_server(store, path), "10.0.0.1")
    named = {"name": DUTY.user.sign_in_name, "password": PASSWORD}
    sent = [desk.post(f"{path}/sign-in", **named), desk.get(f"{path}/account")]
    assert [answer.status_code for answer in sent] == [303, 200]
    cookies = [one for answer in sent for one in answer.headers.getlist("Set-Cookie")]
    names = {one.partition("=")[0].removeprefix(begins)[:14] for one in cookies}
    assert names == {COOKIE[:14], CSRF_COOKIE, device_cookie_name(DUTY.user.sign_in_name)[:14]}
    for cookie in cookies:
        assert cookie.startswith(begins)
        parts = {part.strip() for part in cookie.split(";")}
        assert {"Secure", f"Path={path}/"} <= parts
        assert not [part for part in parts if part.startswith("Domain")]
        assert ("HttpOnly" in parts) == (CSRF_COOKIE not in cookie)
        assert parts & {"SameSite=Lax", "SameSite=Strict"}


def test_a_session_is_touched_by_a_person_and_not_by_a_poll(store, desk, ahead):
    ahead(minutes=59)
    assert desk.is_signed_in()
    assert desk.client.post("/here", headers=token_of(desk), base_url=desk.host).status_code == 204
    ahead(minutes=59)
    assert desk.is_signed_in()
    ahead(minutes=2)
    assert not desk.is_signed_in()
    assert [one.ended for one in settled(store).sessions.of(DUTY.id)] == [Ended.IDLE]


def token_of(desk):
    return {"X-CSRFToken": desk.token_on("/account")}


def test_however_busy_a_session_does_not_outlast_a_shift_and_its_handover(store, desk, ahead):
    for _ in range(13):
        desk.client.post("/here", headers=token_of(desk), base_url=desk.host)
        ahead(minutes=59, seconds=50)
    assert desk.is_signed_in()
    desk.client.post("/here", headers=token_of(desk), base_url=desk.host)
    ahead(minutes=5)
    assert not desk.is_signed_in()
    assert [one.ended for one in settled(store).sessions.of(DUTY.id)] == [Ended.TOO_OLD]


def test_the_ages_are_those_of_the_settings(store, app, ahead):
    desk = Pages(a_server(store, sign_in={"idle_minutes": 5, "at_most_hours": 1}))
    desk.sign_in()
    ahead(minutes=6)
    assert not desk.is_signed_in()


def test_ages_that_help_nobody_are_refused_when_the_file_is_read():
    from models.config import checked

    settings = checked(SignInSettings, {"idle_minutes": 30, "at_most_hours": 8}, where="here")
    assert SessionAges.of(settings) == SessionAges(timedelta(minutes=30), timedelta(hours=8))
    for wrong in ({"idle_minutes": 0}, {"at_most_hours": 0}, {"at_most_hours": 10_000}, {"idle": 5}):
        with pytest.raises(ConfigError):
            checked(SignInSettings, wrong, where="here")


def test_signing_in_anew_ends_the_session_before(store, app, desk):
    token = desk.cookie
    desk.post("/sign-out", "/account")
    desk.sign_in()
    assert desk.cookie != token
    assert len(store.sessions.all_live()) == 1


def test_a_role_that_is_taken_away_or_given_counts_with_the_next_request(store, desk):
    assert "Duty officer" in routed(desk)
    store.users.record(replace(DUTY.user, grants=frozenset({Grant(Role.ANALYST, SERVICE)})), None, None).result()
    said = routed(desk)
    assert ("Duty officer" in said, "Analyst" in said) == (False, True)


def routed(desk):
    """What the top bar is told of whoever is signed in."""
    app = desk.app
    name = next(key for key in app.callback_map if "you-body.children" in key)
    outputs = [
        dict(zip(("id", "property"), part.rsplit(".", 1), strict=True)) for part in name.strip(".").split("...")
    ]
    one = app.callback_map[name]
    values = {"pathname": "/", "search": ""}
    body = {
        "output": name,
        "outputs": outputs,
        "inputs": [{**put, "value": values[put["property"]]} for put in one["inputs"]],
        "state": [{**put, "value": None} for put in one["state"]],
        "changedPropIds": ["url.pathname"],
    }
    answer = desk.client.post(
        "/_dash-update-component", json=body, headers=token_of(desk), base_url=desk.host
    )  # fmt: skip
    assert answer.status_code == 200, answer.text
    return answer.text


def test_who_is_blocked_is_out_with_the_next_request(store, desk):
    store.users.record(replace(DUTY.user, blocked=True), None, None).result()
    assert not desk.is_signed_in()


@pytest.mark.parametrize("cookie", ["", "x", "eyJfdXNlcl9pZCI6ImEifQ.aaaa.bbbb", "x" * 5_000])
def test_a_cookie_that_is_not_ours_is_nobodys(app, cookie):
    desk = Pages(app)
    desk.cookie = cookie
    assert not desk.is_signed_in()
    assert desk.get("/sign-in").status_code == 200


def test_a_session_ends_by_its_age_also_where_only_a_poll_comes(store, desk, ahead):
    ahead(minutes=61)
    now = SystemClock().now()
    assert desk.client.post("/_dash-update-component", json={}, base_url=desk.host).status_code == 401
    assert all(one.seen_at < now for one in store.sessions.of(DUTY.id))
