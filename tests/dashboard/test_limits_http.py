"""How often one may ask: each limit, who shares it, who is never counted, and what is answered."""

import time
from datetime import UTC, datetime

import pytest

from dashboard.http import command_api, limits
from dashboard.http.limits import (
    ACTS,
    ALL_SIGN_INS,
    CALLBACKS,
    MOST_COUNTERS,
    PUSHES,
    SIGN_INS,
    TAKING_OUT,
    RateLimits,
    polled_inputs,
)
from models.clock import SystemClock
from models.domain.sources import SourcePhase, SourceState
from models.sign_in.lockout import Lockout, device_cookie_name
from tests.dashboard.signing_in import PUBLIC, Pages, a_link, a_public_server, a_server, local_person
from tests.dashboard.world import COMMS, DUTY, HERE, SECRET, SomeSources, a_public_app, an_app, browser_of

WRONG = {"name": "nobody", "password": "x"}


@pytest.fixture(autouse=True)
def one_minute(monkeypatch):
    """A minute that does not end while a test runs, and ends when it says so."""
    now = [1_800_000_000.0]
    monkeypatch.setattr(time, "time", lambda: now[0])
    monkeypatch.setattr(SystemClock, "now", lambda clock: datetime.fromtimestamp(now[0], UTC))

    def pass_by(seconds):
        now[0] += seconds

    return pass_by


@pytest.fixture
def cheap(monkeypatch):
    """Passwords that are wrong at once: the limits are looked at here, not the hashes."""
    monkeypatch.setattr("models.sign_in.passwords.Passwords.fits", lambda *_: False)


@pytest.fixture
def app(store, cheap):
    local_person(store)
    return a_public_server(store)


def tries(app, address, count, path="/sign-in", page=None, **fields):
    """The statuses that a stranger at an address gets for so many tries; all at one form, as a script does it."""
    desk = Pages(app, address)
    sent = {**(fields or WRONG), "csrf_token": desk.token_on(page or "/sign-in")}
    return [desk.client.post(path, data=sent, base_url=desk.host).status_code for _ in range(count)]


# --- Signing in ----------------------------------------------------------------------------------------------------


def test_an_address_may_try_to_sign_in_so_often_a_minute_and_no_more(app, one_minute):
    got = tries(app, "10.0.0.1", SIGN_INS.a_minute + 1, person="nobody")
    assert (set(got[:-1]), got[-1]) == ({403, 429}, 429)
    one_minute(121)
    assert tries(app, "10.0.0.1", 1, name="somebody else", password="x") == [403]


def test_what_is_answered_says_how_long_to_wait(app):
    desk = Pages(app, "10.0.0.1")
    token = desk.token_on("/sign-in")
    for _ in range(SIGN_INS.a_minute + 1):
        answer = desk.client.post("/sign-in", data={**WRONG, "csrf_token": token}, base_url=desk.host)
    assert answer.status_code == 429
    seconds = int(answer.headers["Retry-After"])
    assert 1 <= seconds <= 60
    assert f"Wait {seconds} second" in answer.text
    assert answer.headers["Content-Security-Policy"]


def test_other_addresses_are_not_slowed_down(app):
    tries(app, "10.0.0.1", SIGN_INS.a_minute + 5)
    assert tries(app, "10.0.0.2", 1, name="other", password="x") == [403]


def test_a_network_of_version_6_is_one_address(app):
    for last in range(SIGN_INS.a_minute):
        tries(app, f"2001:db8:0:1::{last:x}", 1, name=f"n{last}", password="x")
    assert tries(app, "2001:db8:0:1:ffff::1", 1) == [429]
    assert tries(app, "2001:db8:0:2::1", 1) == [403]


def test_strangers_of_many_addresses_share_a_limit(app):
    got = []
    for number in range(ALL_SIGN_INS.a_minute // 10 + 1):
        got += tries(app, f"10.0.1.{number}", 10, name=f"n{number}", password="x")
    assert 429 not in got[: ALL_SIGN_INS.a_minute]
    assert got[ALL_SIGN_INS.a_minute :] == [429] * 10


def test_a_browser_that_signed_in_before_and_an_open_link_are_let_through_all_the_same(store, app):
    for number in range(ALL_SIGN_INS.a_minute // 10 + 1):
        tries(app, f"10.0.1.{number}", 10, name=f"n{number}", password="x")
        tries(app, f"10.0.2.{number}", 10, "/set-up", link="guessed", password="x", again="x")
    known = Pages(app, "10.0.0.9")
    name = DUTY.user.sign_in_name
    cookie = Lockout(SECRET).cookie_for(name)
    known.client.set_cookie(f"__Host-{device_cookie_name(name)}", cookie, domain="g.example")
    assert known.sign_in().status_code == 403
    assert Pages(app, "10.0.0.9").sign_in().status_code == 429
    link = a_link(store)
    answer = Pages(app, "10.0.0.9").post(
        "/set-up", f"/set-up?token={link}", link=link, password="short", again="short"
    )
    assert answer.status_code == 422


def test_guesses_at_links_and_at_ones_own_password_are_limited_too(store, app):
    assert tries(app, "10.0.0.1", SIGN_INS.a_minute + 1, "/set-up", link="guessed")[-1] == 429
    me = browser_of(an_app(store), DUTY)
    for path in ("/account/password", "/account/second-factor"):
        got = [me.post(path, data={"now": "x"}, base_url=HERE).status_code for _ in range(SIGN_INS.a_minute + 1)]
    assert got[-1] == 429


def test_where_people_are_chosen_there_is_no_limit(store, app):
    app = a_server(store, choosing=True)
    assert set(tries(app, None, SIGN_INS.a_minute + 10, person="nobody")) == {422}


# --- Who is signed in ----------------------------------------------------------------------------------------------


def callback(app, output, trigger, value=None):
    """The body of a request for a callback, set off by `trigger`."""
    name, one = next((key, one) for key, one in app.callback_map.items() if output in key)
    outputs = [
        dict(zip(("id", "property"), part.rsplit(".", 1), strict=True)) for part in name.strip(".").split("...")
    ]
    return {
        "output": name,
        "outputs": outputs if name.startswith("..") else outputs[0],
        "inputs": [{**put, "value": value} for put in one["inputs"]],
        "state": [{**put, "value": None} for put in one["state"]],
        "changedPropIds": [trigger],
    }


def statuses(app, who, count, body):
    browser = browser_of(app, who)
    return [browser.post(CALLBACKS, json=body, base_url=HERE).status_code for _ in range(count)]


def test_acts_of_one_session_are_limited_and_others_go_on(store):
    app = an_app(store)
    body = callback(app, "act-answer.data", "act-sent.data", {})
    got = statuses(app, DUTY, ACTS.a_minute + 1, body)
    assert (set(got[:-1]), got[-1]) == ({200}, 429)
    assert statuses(app, COMMS, 1, body) == [200]


def test_polls_are_never_counted_however_many(store):
    app = an_app(store)
    body = callback(app, "sources-shown.data", "pulse.n_intervals", 1)
    assert 429 not in statuses(app, DUTY, ACTS.a_minute + 50, body)
    assert statuses(app, DUTY, 1, callback(app, "act-answer.data", "act-sent.data", {})) == [200]


def test_what_a_poll_sets_off_is_not_counted_either(store):
    polled = polled_inputs(an_app(store).callback_map)
    assert {"board-tick.n_intervals", "board-token.data", "rumour-changed.data", "sources-drawn.data"} <= polled
    assert not [one for one in polled if one.endswith(("-sent.data", "-asked.data", "-request.data", ".value"))]
    assert "url.pathname" not in polled


def test_an_act_that_calls_itself_a_poll_is_counted(store):
    app = an_app(store)
    for trigger in ("pulse.n_intervals", "board-token.data", ""):
        body = callback(app, "act-answer.data", trigger, {})
        browser_of(app, DUTY)
        got = statuses(app, DUTY, ACTS.a_minute // 3 + 1, body)
    assert got[-1] == 429


@pytest.mark.parametrize("body", [None, [], "x", {"changedPropIds": "x"}, {"changedPropIds": [1], "inputs": [2]}])
def test_what_is_no_callback_is_counted(store, body):
    app = an_app(store)
    got = statuses(app, DUTY, ACTS.a_minute + 1, body)
    assert got[-1] == 429


def test_downloads_have_a_limit_of_their_own(store):
    app = an_app(store)
    browser = browser_of(app, DUTY)
    got = [browser.post("/download", data={"ticket": "x"}, base_url=HERE).status_code for _ in range(31)]
    assert (set(got[: TAKING_OUT.a_minute]), got[-1]) == ({410}, 429)


def test_that_somebody_is_there_and_the_pieces_of_a_file_are_not_counted(store):
    app = an_app(store)
    browser = browser_of(app, DUTY)
    for path in ("/here", "/import/piece?at=0&upload=x"):
        got = {browser.post(path, data=b"x", base_url=HERE).status_code for _ in range(ACTS.a_minute + 5)}
        assert 429 not in got


# --- Webhooks and commands -----------------------------------------------------------------------------------------


def push(app, sender, address="10.0.0.1", count=1):
    desk = Pages(app, address)
    return [desk.client.post(f"/in/{sender}", data=b"{}", base_url=desk.host) for _ in range(count)]


def test_a_sender_is_asked_to_wait_and_no_stranger_uses_up_what_it_may_send(store):
    app = a_public_app(store, PUBLIC, SomeSources(SourceState("tipline", SourcePhase.LISTENING, True)))
    *taken, last = push(app, "tipline", count=PUSHES.a_minute + 1)
    assert {one.status_code for one in taken} == {202}
    assert (last.status_code, list(last.json)) == (429, ["error"])
    assert push(app, "tipline", "10.0.0.2")[0].status_code == 202


def test_commands_have_no_limit(store):
    app = an_app(store)
    command_api.register(app, store, store.engine.clock, "token")
    client = app.server.test_client()
    got = {client.post("/command/incident", json={}, base_url=HERE).status_code for _ in range(400)}
    assert got == {403}


# --- What is kept and shown ----------------------------------------------------------------------------------------


def test_what_was_refused_is_counted_where_a_person_sees_it(app):
    assert Pages(app, "10.0.0.1").get("/health").json["asked_too_often"] == {}
    tries(app, "10.0.0.1", SIGN_INS.a_minute + 3)
    assert Pages(app, "10.0.0.1").get("/health").json["asked_too_often"] == {"sign-in": 3}


def test_the_counters_stay_few_whoever_asks(monkeypatch):
    monkeypatch.setattr(limits, "MOST_COUNTERS", 50)
    asked = RateLimits(lambda: False, choosing=False)
    assert not [n for n in range(SIGN_INS.a_minute) if asked.wait(SIGN_INS, f"one {n}")]
    for n in range(500):
        asked.wait(SIGN_INS, f"another {n}")
    assert len(asked._storage.storage) <= 51
    # Whoever had a counter keeps it; whoever is new shares one.
    assert asked.wait(SIGN_INS, "one 1") == 0
    assert asked.wait(SIGN_INS, "new") > 0
    assert MOST_COUNTERS <= 10_000


def test_a_counter_is_forgotten_after_a_while(one_minute):
    asked = RateLimits(lambda: False, choosing=False)
    for n in range(100):
        asked.wait(SIGN_INS, f"one {n}")
    one_minute(300)
    asked.wait(SIGN_INS, "new")
    time.sleep(0.1)
    assert len(asked._storage.storage) <= 2
