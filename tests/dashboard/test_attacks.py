"""Attempts on the sign-in and on what people do once they are in: each is made, and each must fail."""

import logging
from dataclasses import replace
from html import unescape
from urllib.parse import urlsplit

import pyotp
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from dashboard.app import create_app
from dashboard.http.devices import device_of
from dashboard.http.sign_in import page_asked
from dashboard.paths import FRONT, place_of
from dashboard.signed_in import CSRF_COOKIE, CSRF_HEADER
from models.config import Settings
from models.sign_in import passwords
from models.sign_in.lockout import MOST_WRONG, device_cookie_name
from tests.dashboard.signing_in import (
    ANOTHER,
    PASSWORD,
    Pages,
    a_link,
    a_public_server,
    a_server,
    addresses_of,
    code_of,
    local_person,
    settled,
)
from tests.dashboard.world import ADMINISTRATOR, COMMS, DUTY, HERE, VIEWER, NoImports, NoSources


@pytest.fixture
def app(store):
    for who in (DUTY, COMMS):
        local_person(store, who)
    return a_server(store)


@pytest.fixture
def no_limit(monkeypatch):
    """What the attempt is about is behind the limits of how often one may ask, which test_limits_http.py tries."""
    monkeypatch.setattr("dashboard.http.limits.RateLimits.wait", lambda *_: 0)


def signed_in(app, who=DUTY):
    desk = Pages(app)
    assert desk.sign_in(who).status_code == 303
    return desk


# --- Sessions and their cookies ------------------------------------------------------------------------------------


def test_session_fixation_a_cookie_from_before_the_sign_in_is_worth_nothing_after_it(app):
    desk = Pages(app)
    desk.get("/sign-in")
    planted = desk.cookie
    desk.sign_in()
    attacker = Pages(app)
    attacker.cookie = planted
    assert not attacker.is_signed_in()
    assert desk.cookie != planted


def test_session_fixation_an_attackers_own_session_is_not_gone_on_with(store, app):
    attacker, victim = signed_in(app, COMMS), Pages(app)
    victim.cookie = attacker.cookie
    victim.post("/sign-out", "/account")
    victim.sign_in()
    assert DUTY.name in victim.get("/account").text
    assert not attacker.is_signed_in()


def test_a_cookie_that_was_stolen_is_worth_nothing_after_the_sign_out(app):
    desk, thief = signed_in(app), Pages(app)
    thief.cookie = stolen = desk.cookie
    assert thief.is_signed_in()
    desk.post("/sign-out", "/account")
    thief.cookie = stolen
    assert not thief.is_signed_in()


def test_a_cookie_that_was_stolen_is_worth_nothing_after_a_change_of_password(app):
    desk, thief = signed_in(app), Pages(app)
    thief.sign_in()
    stolen = thief.cookie
    desk.account("password", now=PASSWORD, password=ANOTHER, again=ANOTHER)
    thief.cookie = stolen
    assert not thief.is_signed_in()


def test_a_cookie_of_another_server_with_another_key_is_worth_nothing(store, app):
    clock = store.engine.clock
    other = create_app(store, Settings(), clock, NoSources(), NoImports(), secret=b"the secret of another server, 32")
    desk, thief = signed_in(other), Pages(app)
    thief.cookie = desk.cookie
    assert not thief.is_signed_in()


# --- Requests of other pages ---------------------------------------------------------------------------------------


def test_the_token_of_one_person_is_no_good_with_the_cookie_of_another(app):
    mine, theirs = signed_in(app), signed_in(app, COMMS)
    token = mine.token_on("/account")
    answer = theirs.client.post(
        "/account/end-session", data={"session": "others", "csrf_token": token}, base_url=HERE
    )
    assert answer.status_code == 400
    answer = theirs.client.post("/here", headers={CSRF_HEADER: token}, base_url=HERE)
    assert answer.status_code == 400


def test_the_token_of_a_former_session_is_no_good_in_the_next(app):
    desk = signed_in(app)
    token = desk.token_on("/account")
    desk.post("/sign-out", "/account")
    desk.sign_in()
    assert desk.client.post("/here", headers={CSRF_HEADER: token}, base_url=HERE).status_code == 400


def test_no_address_takes_a_token_that_is_missing_foreign_or_of_a_former_session(app):
    desk, other = signed_in(app), signed_in(app, COMMS)
    former = desk.token_on("/account")
    desk.post("/sign-out", "/account")
    desk.sign_in()
    tokens = (None, "", "made up", former, other.token_on("/account"))
    tried = 0
    for path in addresses_of(app, "POST"):
        if path in {"/in/tipline", "/sign-out/provider"}:
            # Signed by its sender, and blind to cookies: test_webhook_endpoint.py, provider/.
            continue
        for token in tokens:
            in_header = desk.client.post(path, data=b"{}", headers=token and {CSRF_HEADER: token}, base_url=HERE)
            in_form = desk.client.post(path, data={"csrf_token": token or ""}, base_url=HERE)
            assert (in_header.status_code, in_form.status_code) == (400, 400), (path, token)
            tried += 1
    assert tried > 50
    assert desk.is_signed_in()


def test_the_cookie_with_the_token_is_no_proof_by_itself(app):
    desk = signed_in(app)
    desk.get("/account")
    assert desk.client.get_cookie(CSRF_COOKIE, "127.0.0.1") is not None
    assert desk.client.post("/sign-out", base_url=HERE).status_code == 400
    assert desk.is_signed_in()


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://127.0.0.1.evil.example", "http://localhost:1"]
)
def test_a_form_on_another_site_is_refused_even_with_a_token(app, origin):
    desk = signed_in(app)
    sent = {"csrf_token": desk.token_on("/account"), "session": "others"}
    answer = desk.client.post("/account/end-session", data=sent, headers={"Origin": origin}, base_url=HERE)
    assert answer.status_code == 403


def test_nobody_is_signed_in_as_somebody_else_by_a_form_on_another_site(app):
    victim = Pages(app)
    answer = victim.client.post(
        "/sign-in", data={"name": COMMS.user.sign_in_name, "password": PASSWORD}, base_url=HERE
    )
    assert answer.status_code == 400
    assert not victim.is_signed_in()


def test_no_answer_may_be_framed_or_guessed_at(store, app):
    desk = signed_in(app)
    addresses = [*addresses_of(app, "GET"), "/nowhere"]
    answers = [who.get(path) for path in addresses for who in (desk, Pages(app))]
    answers += [
        who.client.post(path, base_url=HERE) for path in addresses_of(app, "POST") for who in (desk, Pages(app))
    ]
    answers += [Pages(app).sign_in(password="wrong"), desk.client.post("/sign-out", base_url=HERE)]
    answers += [
        desk.client.put("/account", base_url=HERE),
        desk.client.get("/account", base_url="http://evil.example"),
    ]
    for answer in answers:
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"], answer.request.path
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"


# --- Where one is led ----------------------------------------------------------------------------------------------

BEGINNINGS = [
    *("", "/", "//", "///", "\\", "/\\", "\t/", "\n//", " /", "http:", "https:/", "javascript:", "/%2f", "/@"),
]
MIDDLES = ["evil.example", "incident", "account", "sources", "sign-out", "@evil.example", ".."]
ENDS = [
    *("", "/", "//", "/..", "/x", "?next=//evil.example", "#//evil.example", ";"),
    *("%0d%0aSet-Cookie:a=b", "\r\nX: y"),
]
NASTY = st.one_of(
    st.text(max_size=60),
    st.tuples(*map(st.sampled_from, (BEGINNINGS, MIDDLES, ENDS)), st.text(max_size=10)).map("".join),
)


@given(asked=NASTY)
@example("//evil.example")
@example("/\\evil.example")
@example("https:evil.example")
@example("/incident//evil.example")
@example("/incident/x?y\r\nLocation: https://evil.example")
def test_after_the_sign_in_one_is_on_a_page_of_ours_whatever_was_asked(asked):
    address = page_asked(asked)
    parts = urlsplit(address)
    assert (parts.scheme, parts.netloc) == ("", "")
    assert address.startswith("/")
    assert not address.startswith(("//", "/\\"))
    assert parts.path == FRONT or place_of(parts.path) is not None
    assert not set(address) & set("\r\n\t\\ \0")


@pytest.fixture
def desk(app):
    return signed_in(app)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(asked=NASTY)
def test_the_header_itself_never_leads_away(desk, asked):
    answer = desk.get("/sign-in", query_string={"next": asked})
    assert answer.status_code == 303
    place = urlsplit(answer.location)
    assert (place.netloc, answer.location[:1], answer.location[1:2] in ("/", "\\")) == ("", "/", False)
    assert "Set-Cookie:a" not in str(answer.headers)
    assert "X" not in answer.headers


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "evil.example:80", "127.0.0.1@evil.example"]
)
def test_a_foreign_host_name_is_answered_with_nothing_and_leads_nowhere(store, app, host):
    link = a_link(store)
    for path in ("/", "/sign-in?next=/sources", f"/set-up?token={link}", "/account"):
        answer = Pages(app).client.get(path, base_url=HERE, headers={"Host": host})
        assert answer.status_code in {400, 403}
        assert answer.location is None
        assert "evil" not in answer.text
        assert link not in answer.text


def test_headers_of_a_stranger_do_not_say_where_a_page_leads(store, app):
    said = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Prefix": "/evil", "X-Original-URL": "/account"}
    answer = Pages(app).client.get("/account", base_url=HERE, headers=said)
    assert answer.location == "/sign-in?next=/account"
    link = a_link(store)
    page = Pages(app).client.get(f"/set-up?token={link}", base_url=HERE, headers=said).text
    assert "evil" not in page


@pytest.mark.parametrize(
    "typed", ['"><script>alert(1)</script>', "a\r\nSet-Cookie: x=y", "{{7*7}}", "\u2028\u0000é", "x" * 3_000]
)
def test_what_is_typed_as_a_name_is_shown_as_text_and_gets_into_no_header(app, typed):
    desk = Pages(app)
    answer = desk.post("/sign-in", name=typed, password="x", next=typed)
    assert answer.status_code == 403
    assert "<script>alert" not in answer.text
    assert "7*7" not in typed or "{{7*7}}" in unescape(answer.text)
    assert not [one for one in answer.headers.getlist("Set-Cookie") if one.startswith("x=")]
    assert desk.post("/sign-in", name=typed, password="x").status_code in {403, 429}


@pytest.mark.parametrize("agent", ["", "\x7f", "x" * 10_000, "<b>Chrome/</b>", "Chrome/ Windows"])
def test_what_a_browser_calls_itself_is_never_shown(agent):
    assert set(device_of(agent).split()) <= set("A browser on an unknown system Chrome Windows".split())


def test_what_stands_in_the_address_is_not_taken_for_what_a_form_says(app):
    desk = Pages(app)
    named = {"name": DUTY.user.sign_in_name, "password": PASSWORD}
    token = desk.token_on("/sign-in")
    asked = {**named, "csrf_token": token}
    assert desk.client.post("/sign-in", query_string=asked, base_url=HERE).status_code == 400
    answer = desk.client.post("/sign-in", query_string=named, data={"csrf_token": token}, base_url=HERE)
    assert answer.status_code == 403
    # Of what is said twice the first counts, everywhere.
    twice = {"csrf_token": token, "name": [COMMS.user.sign_in_name, named["name"]], "password": PASSWORD}
    assert desk.client.post("/sign-in", data=twice, base_url=HERE).status_code == 303
    assert COMMS.name in desk.get("/account").text


# --- Guessing ------------------------------------------------------------------------------------------------------


def test_a_known_and_an_unknown_name_cost_the_same_work(app, store, monkeypatch, no_limit):
    done = []

    class Counted(passwords.PasswordHasher):
        def verify(self, kept, typed):
            done.append(kept.split("$")[3])
            return super().verify(kept, typed)

    monkeypatch.setattr(passwords, "PasswordHasher", Counted)
    store.users.record(replace(VIEWER.user, blocked=True), None, None).result()
    counted = a_server(store)
    for name in (DUTY.user.sign_in_name, "nobody", VIEWER.user.sign_in_name, "", "x" * 5_000):
        Pages(counted).post("/sign-in", name=name, password="wrong")
    # One check each, with the same cost.
    assert len(done) == 5
    assert len(set(done)) == 1


def test_a_known_and_an_unknown_name_are_answered_alike_to_the_letter(app):
    def answered(name):
        desk = Pages(app)
        answer = desk.post("/sign-in", name=name, password="wrong")
        token = desk.token_on("/sign-in")
        text = answer.text.replace(name, "NAME")
        return (
            answer.status_code,
            text.partition('name="csrf_token"')[0],
            len(text),
            sorted(answer.headers.keys()),
            len(token),
        )

    assert answered(DUTY.user.sign_in_name) == answered("x" * len(DUTY.user.sign_in_name))


def test_a_thousand_wrong_passwords_shut_out_no_known_browser_and_no_new_link(store, app, monkeypatch, no_limit):
    known = signed_in(app)
    known.post("/sign-out", "/account")
    with monkeypatch.context() as cheap:
        cheap.setattr(passwords.Passwords, "fits", lambda *_: False)
        attacker = Pages(app)
        token = attacker.token_on("/sign-in")
        sent = {"name": DUTY.user.sign_in_name, "password": "wrong", "csrf_token": token}
        got = [attacker.client.post("/sign-in", data=sent, base_url=HERE).status_code for _ in range(1_000)]
    assert got == [403] * MOST_WRONG + [429] * (1_000 - MOST_WRONG)
    assert Pages(app).sign_in().status_code == 429
    assert known.sign_in().status_code == 303
    link = a_link(store)
    new = Pages(app)
    new.post("/set-up", f"/set-up?token={link}", link=link, password=ANOTHER, again=ANOTHER)
    assert new.sign_in(password=ANOTHER).status_code == 303


@pytest.mark.parametrize("cookie", ["", "a.b", "x" * 5_000, "00.00"])
def test_a_device_cookie_that_is_made_up_gives_no_new_tries(app, no_limit, cookie):
    name = DUTY.user.sign_in_name
    for number in range(MOST_WRONG):
        desk = Pages(app)
        desk.client.set_cookie(device_cookie_name(name), cookie or f"{number}.{number}", domain="127.0.0.1")
        desk.sign_in(password="wrong")
    assert Pages(app).sign_in().status_code == 429


def test_the_device_cookie_of_one_person_gives_no_tries_at_another(app, no_limit):
    mine = signed_in(app)
    cookie = mine.client.get_cookie(device_cookie_name(DUTY.user.sign_in_name), "127.0.0.1").value
    desk = Pages(app)
    desk.client.set_cookie(device_cookie_name(COMMS.user.sign_in_name), cookie, domain="127.0.0.1")
    for _ in range(MOST_WRONG):
        desk.sign_in(COMMS, password="wrong")
    assert Pages(app).sign_in(COMMS).status_code == 429


def test_a_code_that_was_overheard_works_no_second_time(store, app):
    secret = pyotp.random_base32()
    local_person(store, secret=secret)
    code = code_of(secret)
    first, second = Pages(app), Pages(app)
    for desk in (first, second):
        desk.sign_in()
    assert first.give_code(code).status_code == 303
    assert second.give_code(code).status_code == 403
    assert not second.is_signed_in()


def test_what_says_that_a_code_is_owed_is_no_session(store, app):
    local_person(store, secret=pyotp.random_base32())
    desk = Pages(app)
    desk.sign_in()
    for path in ("/", "/account", "/_dash-layout"):
        assert desk.get(path).status_code in {303, 401}
    assert store.sessions.all_live() == []


# --- What is kept of secrets ---------------------------------------------------------------------------------------


def test_a_password_is_in_no_log_no_audit_and_no_page(store, app, caplog, no_limit):
    caplog.set_level(logging.DEBUG)
    secret = "a password of 2026 that is typed in the wrong field"
    desk = Pages(app)
    pages = [
        desk.post("/sign-in", name=DUTY.user.sign_in_name, password=secret).text,
        desk.post("/sign-in", name="nobody", password=secret).text,
    ]
    typed_as_a_name = Pages(app)
    typed_as_a_name.post("/sign-in", name=secret, password="x")
    desk.sign_in()
    link = a_link(store, COMMS)
    pages += [
        desk.account("password", now=secret, password=secret, again=secret).text,
        desk.account("second-factor", press="begin", now=secret).text,
        Pages(app).post("/set-up", f"/set-up?token={link}", link=link, password=secret, again="x").text,
    ]
    assert secret not in "".join(pages)
    assert secret not in caplog.text
    assert link not in caplog.text
    assert secret not in str(settled(store).audit.entries())
    assert secret.encode() not in b"".join(
        path.read_bytes() for path in store.engine.path.parent.rglob("*") if path.is_file()
    )


# --- Rights --------------------------------------------------------------------------------------------------------


def test_who_is_blocked_is_out_with_the_next_request_and_cannot_come_back(store, app):
    desk = signed_in(app)
    store.users.record(replace(DUTY.user, blocked=True), ADMINISTRATOR.officer, "left").result()
    assert desk.client.post("/_dash-update-component", json={}, base_url=HERE).status_code == 401
    assert not desk.is_signed_in()
    assert Pages(app).sign_in().status_code == 403


def test_a_name_of_a_header_is_no_name_of_a_person(app):
    desk = Pages(app)
    said = {"X-Remote-User": DUTY.user.sign_in_name, "Remote-User": DUTY.id, "Authorization": f"Bearer {DUTY.id}"}
    assert desk.client.get("/account", base_url=HERE, headers=said).status_code == 303


def test_behind_a_proxy_no_client_says_that_it_comes_by_https(store, app):
    public = Pages(a_public_server(store))
    public.client.environ_base |= {"REMOTE_ADDR": "10.9.9.9", "HTTP_X_FORWARDED_PROTO": "https"}
    assert public.client.get("/sign-in", base_url="https://g.example").status_code == 403
