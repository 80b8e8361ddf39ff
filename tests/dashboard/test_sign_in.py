"""Signing in by name and password, by code, by one-time link, and by choosing: each way, and each refusal."""

import re
from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlsplit

import pyotp
import pytest

from dashboard.http.local_sign_in import CODE_LASTS
from dashboard.words import sign_in as words
from models.domain.audit import AuditFilter, AuditKind
from models.domain.users import Ended, Way
from models.sign_in import passwords
from models.sign_in.lockout import MOST_WRONG
from tests.dashboard.signing_in import (
    ANOTHER,
    PASSWORD,
    Pages,
    a_link,
    a_server,
    clock_ahead,
    code_of,
    local_person,
    said,
    settled,
)
from tests.dashboard.world import COMMS, DUTY

SECRET_OF_CODES = pyotp.random_base32()


@pytest.fixture
def ahead(monkeypatch):
    return clock_ahead(monkeypatch)


@pytest.fixture
def app(store, ahead):
    local_person(store)
    return a_server(store)


@pytest.fixture
def desk(app):
    return Pages(app)


def audited(store):
    """What was entered on sign-ins, the oldest first: what, of whom, why."""
    found = reversed(store.audit.entries(AuditFilter(kind=AuditKind.SIGN_IN)))
    return [(one.note.what, one.note.subject, one.note.reason) for one in found]


# --- Name and password ---------------------------------------------------------------------------------------------


def test_name_and_password_let_somebody_in(store, desk):
    answer = desk.sign_in(next="/sources")
    assert (answer.status_code, answer.location) == (303, "/sources")
    assert desk.is_signed_in()
    (session,) = store.sessions.of(DUTY.id)
    assert (session.way, session.device) == (Way.LOCAL, "Chrome on Linux")
    assert audited(store) == [("signed-in", DUTY.id, "local")]


def test_the_name_may_be_typed_in_any_case_and_with_spaces_around(desk):
    desk.post("/sign-in", name=f" {DUTY.user.sign_in_name.upper()} ", password=PASSWORD)
    assert desk.is_signed_in()


def test_passwords_are_typed_unseen_and_may_be_pasted_and_filled_in(store):
    local_person(store)
    local_person(store, COMMS)
    desk = Pages(a_server(store))
    fields = re.findall(r"<input[^>]*password[^>]*>", desk.get("/sign-in").text)
    fields += re.findall(r"<input[^>]*password[^>]*>", desk.get(f"/set-up?token={a_link(store, COMMS)}").text)
    desk.sign_in()
    fields += re.findall(r"<input[^>]*password[^>]*>", desk.get("/account").text)
    assert len(fields) == 7
    for field in fields:
        assert 'type="password"' in field
        assert re.search(r'autocomplete="(?:current|new)-password"', field)
        # No limit of its own, which would cut what a password manager fills in.
        assert not re.search(r"maxlength|pattern|readonly|onpaste", field)


@pytest.mark.parametrize(
    ("name", "password", "entered"),
    [
        (DUTY.user.sign_in_name, "wrong", (DUTY.id, "wrong password")),
        (DUTY.user.sign_in_name, "", (DUTY.id, "wrong password")),
        (DUTY.user.sign_in_name, PASSWORD + "x" * 200, (DUTY.id, "wrong password")),
        ("nobody", PASSWORD, (None, "unknown name")),
        ("", "", (None, "unknown name")),
        ("x" * 10_000, "y" * 10_000, (None, "unknown name")),
    ],
)
def test_a_wrong_name_and_a_wrong_password_are_refused_alike(store, desk, name, password, entered):
    answer = desk.post("/sign-in", name=name, password=password)
    assert answer.status_code == 403
    assert words.WRONG in answer.text
    assert not desk.is_signed_in()
    assert audited(store) == [("sign-in-refused", *entered)]


def test_who_is_blocked_is_refused_with_the_same_words(store, desk):
    store.users.record(replace(DUTY.user, blocked=True), None, None).result()
    answer = desk.sign_in()
    assert (answer.status_code, words.WRONG in answer.text) == (403, True)
    assert audited(store) == [("sign-in-refused", DUTY.id, "this person is blocked")]


def test_who_has_not_set_a_password_yet_is_refused(store, desk):
    a_link(store)
    assert desk.sign_in().status_code == 403


def test_who_comes_by_a_provider_has_no_password_here(store, desk):
    user = replace(COMMS.user, way=Way.PROVIDER, sign_in_name="https://login.example.org s-1")
    store.users.record(user, None, None).result()
    assert desk.post("/sign-in", name=user.sign_in_name, password=PASSWORD).status_code == 403


def test_who_is_signed_in_already_is_sent_on(desk):
    desk.sign_in()
    assert desk.get("/sign-in?next=/sources").location == "/sources"


def test_without_any_user_the_page_says_how_to_add_the_first(store):
    assert "grapevine user add" in Pages(a_server(store)).get("/sign-in").text


def test_after_too_many_wrong_passwords_the_right_one_waits_too(store, app):
    stranger = Pages(app)
    for _ in range(MOST_WRONG):
        stranger.sign_in(password="wrong")
    answer = stranger.sign_in()
    assert answer.status_code == 429
    assert "ask an administrator for a new set-up link" in answer.text
    assert not stranger.is_signed_in()
    assert audited(store)[-1] == ("sign-in-locked", DUTY.id, "too many wrong ones before")


def test_when_all_turns_are_taken_one_is_asked_to_wait_and_no_attempt_is_counted(desk, monkeypatch):
    monkeypatch.setattr(passwords, "WAIT_SECONDS", 0.0)
    monkeypatch.setattr(passwords.threading.BoundedSemaphore, "acquire", lambda *_, **__: False)
    for _ in range(MOST_WRONG + 1):
        answer = desk.sign_in()
    assert (answer.status_code, passwords.BUSY in answer.text) == (503, True)


def test_a_hash_of_older_parameters_is_made_anew_at_the_next_sign_in(store, desk, monkeypatch):
    before = store.users.credential(DUTY.id)
    monkeypatch.setattr(passwords.Passwords, "is_outdated", lambda *_: True)
    desk.sign_in()
    after = store.users.credential(DUTY.id)
    assert after.password != before.password
    assert replace(after, password=before.password) == before
    assert passwords.Passwords().fits(after.password, PASSWORD)


def test_a_new_link_given_while_a_hash_is_made_anew_is_not_undone(store, desk, monkeypatch):
    whole = passwords.Passwords.hashed

    def hashed(self, password):
        made = whole(self, password)
        a_link(store)
        return made

    monkeypatch.setattr(passwords.Passwords, "is_outdated", lambda *_: True)
    monkeypatch.setattr(passwords.Passwords, "hashed", hashed)
    assert desk.sign_in().status_code == 403
    known = store.users.credential(DUTY.id)
    assert known.password is None
    assert known.set_up is not None


def test_a_sign_in_under_way_while_a_new_link_is_given_does_not_begin(store, desk, monkeypatch):
    whole = passwords.Passwords.fits

    def fits(self, *asked):
        right = whole(self, *asked)
        a_link(store)
        return right

    monkeypatch.setattr(passwords.Passwords, "fits", fits)
    answer = desk.sign_in()
    assert answer.location == "/sign-in"
    assert "was changed meanwhile" in said(desk.get("/sign-in"))
    assert not desk.is_signed_in()
    assert store.sessions.all_live() == []
    assert audited(store)[-1] == ("sign-in-refused", DUTY.id, "blocked, or given another password, meanwhile")


# --- The second factor ---------------------------------------------------------------------------------------------


@pytest.fixture
def with_codes(store, app):
    local_person(store, secret=SECRET_OF_CODES)
    return Pages(app)


def test_a_right_password_and_a_right_code_let_somebody_in(store, with_codes):
    answer = with_codes.sign_in(next="/sources")
    assert answer.location == "/sign-in/code"
    assert not with_codes.is_signed_in()
    assert audited(store) == []
    assert with_codes.give_code(code_of(SECRET_OF_CODES)).location == "/sources"
    assert with_codes.is_signed_in()


@pytest.mark.parametrize("code", ["", "000000x", "abcdef", "1" * 1000, "٠٠٠٠٠٠"])
def test_a_wrong_code_lets_nobody_in(store, with_codes, code):
    with_codes.sign_in()
    answer = with_codes.give_code(code)
    assert (answer.status_code, words.CODE_WRONG in answer.text) == (403, True)
    assert not with_codes.is_signed_in()
    assert audited(store) == [("sign-in-refused", DUTY.id, "wrong code")]


def test_a_code_that_was_used_works_at_no_other_browser(app, with_codes):
    code = code_of(SECRET_OF_CODES)
    with_codes.sign_in()
    assert with_codes.give_code(code).status_code == 303
    other = Pages(app)
    other.sign_in()
    assert other.give_code(code).status_code == 403
    assert not other.is_signed_in()


def test_codes_cannot_be_guessed_with_a_stolen_password(with_codes):
    tries = []
    for _ in range(MOST_WRONG + 2):
        if with_codes.sign_in().status_code == 303:
            tries.append(with_codes.give_code("000000").status_code)
    assert tries.count(403) <= MOST_WRONG
    assert with_codes.sign_in().status_code == 429


def test_without_a_password_before_it_no_code_is_asked_for(desk):
    assert desk.get("/sign-in/code").location == "/sign-in"
    assert desk.post("/sign-in/code", "/sign-in", code="000000").location == "/sign-in"


def test_a_code_that_comes_too_late_begins_anew(with_codes, ahead):
    with_codes.sign_in()
    token = with_codes.token_on("/sign-in/code")
    ahead(seconds=CODE_LASTS.total_seconds() + 1)
    sent = {"code": code_of(SECRET_OF_CODES), "csrf_token": token}
    assert with_codes.client.post("/sign-in/code", data=sent, base_url=with_codes.host).location == "/sign-in"


def test_who_is_blocked_between_password_and_code_is_not_let_in(store, with_codes):
    with_codes.sign_in()
    token = with_codes.token_on("/sign-in/code")
    store.users.record(replace(DUTY.user, blocked=True), None, None).result()
    sent = {"code": code_of(SECRET_OF_CODES), "csrf_token": token}
    with_codes.client.post("/sign-in/code", data=sent, base_url=with_codes.host)
    assert not with_codes.is_signed_in()


def test_a_password_that_was_changed_before_the_code_has_to_be_given_anew(store, with_codes):
    with_codes.sign_in()
    token = with_codes.token_on("/sign-in/code")
    known = store.users.credential(DUTY.id)
    store.users.set_credential(replace(known, password=passwords.Passwords().hashed(ANOTHER))).result()
    sent = {"code": code_of(SECRET_OF_CODES), "csrf_token": token}
    answer = with_codes.client.post("/sign-in/code", data=sent, base_url=with_codes.host)
    assert answer.location == "/sign-in"
    assert not with_codes.is_signed_in()


# --- The one-time link ---------------------------------------------------------------------------------------------


def set_up(desk, link, password=ANOTHER, again=None):
    return desk.post("/set-up", f"/set-up?token={link}", link=link, password=password, again=again or password)


def test_a_link_sets_the_password_which_then_lets_in(store, desk):
    link = a_link(store)
    page = desk.get(f"/set-up?token={link}")
    assert (page.status_code, DUTY.user.sign_in_name in page.text) == (200, True)
    answer = set_up(desk, link)
    assert answer.location == "/sign-in"
    assert words.SET_UP_DONE in desk.get("/sign-in").text
    desk.sign_in(password=ANOTHER)
    assert desk.is_signed_in()
    entered = [one.note.what for one in store.audit.entries(AuditFilter(kind=AuditKind.USER))]
    assert entered[0] == "use-set-up-link"


def test_a_link_works_once(store, desk):
    link = a_link(store)
    set_up(desk, link)
    assert desk.get(f"/set-up?token={link}").status_code == 410
    before = store.users.credential(DUTY.id)
    answer = desk.post("/set-up", "/sign-in", link=link, password=PASSWORD, again=PASSWORD)
    assert answer.status_code == 410
    assert store.users.credential(DUTY.id) == before


@pytest.mark.parametrize("link", ["", "guessed", "x" * 5_000, "é\x00"])
def test_what_is_no_link_opens_nothing(desk, link):
    assert desk.get("/set-up", query_string={"token": link}).status_code == 410


def test_a_link_that_is_too_old_or_of_somebody_blocked_is_closed(store, desk):
    assert desk.get(f"/set-up?token={a_link(store, lasts=timedelta(seconds=-1))}").status_code == 410
    link = a_link(store)
    store.users.record(replace(DUTY.user, blocked=True), None, None).result()
    assert desk.get(f"/set-up?token={link}").status_code == 410


@pytest.mark.parametrize(
    ("password", "again", "told"),
    [
        ("short", "short", "Enter at least 12 characters"),
        (ANOTHER, PASSWORD, words.NOT_THE_SAME),
        ("x" * 129, "x" * 129, "Enter at most 128 characters"),
        ("passwordpassword", "passwordpassword", None),
    ],
)
def test_a_password_that_will_not_do_leaves_the_link_open(store, desk, password, again, told):
    link = a_link(store)
    answer = set_up(desk, link, password, again)
    assert answer.status_code == 422
    assert told is None or told in answer.text
    assert password not in answer.text
    assert set_up(desk, link).status_code == 303


# --- Choosing, where a past incident is played -------------------------------------------------------------------


def test_in_a_replay_people_are_chosen_without_a_password(store):
    store.users.record(replace(DUTY.user, way=Way.CHOSEN), None, None).result()
    desk = Pages(a_server(store, choosing=True))
    assert DUTY.name in desk.get("/sign-in").text
    desk.post("/sign-in", person=DUTY.id)
    assert desk.is_signed_in()
    assert audited(store) == [("signed-in", DUTY.id, "chosen")]


def test_nobody_else_can_be_chosen(store):
    store.users.record(replace(DUTY.user, blocked=True), None, None).result()
    store.users.record(COMMS.user, None, None).result()
    desk = Pages(a_server(store, choosing=True))
    assert DUTY.name not in desk.get("/sign-in").text
    for person in (DUTY.id, "nobody", ""):
        assert desk.post("/sign-in", person=person).status_code == 422
    assert not desk.is_signed_in()
    assert {one[0] for one in audited(store)} == {"sign-in-refused"}


def test_elsewhere_nobody_can_be_chosen(desk):
    desk.post("/sign-in", person=DUTY.id)
    assert not desk.is_signed_in()


# --- Signing out, and why one is asked to sign in again ----------------------------------------------------------


def test_signing_out_ends_the_session(store, desk):
    desk.sign_in()
    assert desk.post("/sign-out", "/account").location == "/sign-in"
    assert not desk.is_signed_in()
    assert [one.ended for one in store.sessions.of(DUTY.id)] == [Ended.SIGNED_OUT]
    assert audited(store)[-1] == ("signed-out", DUTY.id, "signed-out")


@pytest.mark.parametrize("why", [Ended.BY_OTHERS, Ended.BY_THEMSELVES, Ended.AT_PROVIDER])
def test_the_sign_in_page_says_why_a_session_was_ended_once(store, desk, why):
    desk.sign_in()
    store.sessions.end_all(DUTY.id, why).result()
    back = desk.get("/incidents")
    assert urlsplit(back.location).path == "/sign-in"
    assert words.ENDED[why] in said(desk.get(back.location))
    assert words.ENDED[why] not in said(desk.get(back.location))


@pytest.mark.parametrize(("later", "why"), [({"minutes": 61}, Ended.IDLE), ({"hours": 14}, Ended.TOO_OLD)])
def test_a_session_past_its_age_ends_and_the_page_says_why(store, desk, ahead, later, why):
    desk.sign_in()
    ahead(**later)
    assert words.ENDED[why] in said(desk.get("/account", follow_redirects=True))
    assert [one.ended for one in settled(store).sessions.of(DUTY.id)] == [why]


def test_a_poll_of_an_ended_session_is_told_so_and_the_sign_in_page_still_knows_why(store, desk):
    desk.sign_in()
    store.sessions.end_all(DUTY.id, Ended.BY_OTHERS).result()
    poll = desk.client.post("/_dash-update-component", json={}, base_url=desk.host)
    assert (poll.status_code, poll.json) == (401, {"signed_in": False})
    assert words.ENDED[Ended.BY_OTHERS] in desk.get("/sign-in").text
