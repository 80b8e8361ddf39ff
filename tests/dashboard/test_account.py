"""The account page: sessions, the password and the second factor of whoever is signed in, and of nobody else."""

from datetime import timedelta

import pyotp
import pytest

from dashboard.words import sign_in as words
from models.clock import SystemClock
from models.domain.audit import AuditFilter, AuditKind
from models.domain.users import Ended, Session, Way
from models.sign_in.lockout import MOST_WRONG
from models.sign_in.sealing import Seal
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
)
from tests.dashboard.world import COMMS, DUTY, SECRET


@pytest.fixture
def ahead(monkeypatch):
    return clock_ahead(monkeypatch)


@pytest.fixture
def app(store, ahead):
    local_person(store)
    local_person(store, COMMS)
    return a_server(store)


@pytest.fixture
def me(app):
    desk = Pages(app)
    desk.sign_in()
    return desk


def entered(store, kind=AuditKind.USER):
    return [one.note.what for one in store.audit.entries(AuditFilter(kind=kind))]


# --- Sessions ------------------------------------------------------------------------------------------------------


def test_it_lists_where_one_is_signed_in_and_marks_this_browser(app, me):
    Pages(app).sign_in()
    Pages(app).sign_in(COMMS)
    page = said(me.get("/account"))
    assert page.count("Chrome on Linux</th>") == 2
    assert page.count(words.THIS_BROWSER) == 1


def test_one_other_session_is_ended_at_once_and_is_told_why(store, app, me):
    other = Pages(app)
    other.sign_in()
    (which,) = [one.id for one in store.sessions.of(DUTY.id) if one.id in other_ids(store, me)]
    answer = me.account("end-session", session=which)
    assert answer.location == "/account"
    assert words.SESSION_GONE in said(me.get("/account"))
    assert words.ENDED[Ended.BY_THEMSELVES] in said(other.get("/account", follow_redirects=True))
    assert me.is_signed_in()


def other_ids(store, desk):
    """The live sessions whose End button stands on somebody's account page."""
    page = desk.get("/account").text
    return [one.id for one in store.sessions.all_live() if f'value="{one.id}"' in page]


def test_all_other_sessions_are_ended_but_not_those_of_others(store, app, me):
    desks = [Pages(app) for _ in range(3)]
    for desk, who in zip(desks, (DUTY, DUTY, COMMS), strict=True):
        desk.sign_in(who)
    me.account("end-session", session="others")
    assert [desk.is_signed_in() for desk in (me, *desks)] == [True, False, False, True]


def test_nobody_ends_the_session_of_another_person(store, app, me):
    other = Pages(app)
    other.sign_in(COMMS)
    (theirs,) = store.sessions.of(COMMS.id)
    me.account("end-session", session=theirs.id)
    assert other.is_signed_in()
    for nothing in ("", "guessed", "x" * 10_000):
        me.account("end-session", session=nothing)
    assert len(store.sessions.all_live()) == 2


# --- The password --------------------------------------------------------------------------------------------------


def test_a_new_password_counts_at_once_and_ends_every_other_session(store, app, me):
    other = Pages(app)
    other.sign_in()
    me.account("password", now=PASSWORD, password=ANOTHER, again=ANOTHER)
    assert words.PASSWORD_CHANGED in said(me.get("/account"))
    assert (me.is_signed_in(), other.is_signed_in()) == (True, False)
    assert Pages(app).sign_in().status_code == 403
    assert Pages(app).sign_in(password=ANOTHER).status_code == 303
    assert entered(store)[0] == "change-password"
    assert store.audit.entries(AuditFilter(kind=AuditKind.USER))[0].note.officer == DUTY.officer


@pytest.mark.parametrize(
    ("now", "password", "again", "told"),
    [
        ("wrong", ANOTHER, ANOTHER, words.CURRENT_WRONG),
        ("", ANOTHER, ANOTHER, words.CURRENT_WRONG),
        (PASSWORD, "short", "short", "Enter at least 12 characters"),
        (PASSWORD, ANOTHER, PASSWORD, words.NOT_THE_SAME),
    ],
)
def test_a_password_that_will_not_do_changes_nothing(store, me, now, password, again, told):
    before = store.users.credential(DUTY.id)
    answer = me.account("password", now=now, password=password, again=again)
    assert (answer.status_code, told in said(answer)) == (422, True)
    assert store.users.credential(DUTY.id) == before
    assert "change-password" not in entered(store)


def test_a_browser_left_open_is_no_place_to_guess_the_password_at(store, me):
    for _ in range(MOST_WRONG):
        me.account("password", now="wrong", password=ANOTHER, again=ANOTHER)
    answer = me.account("password", now=PASSWORD, password=ANOTHER, again=ANOTHER)
    assert answer.status_code == 422
    assert entered(store, AuditKind.SIGN_IN)[0] == "sign-in-locked"


def test_a_link_given_meanwhile_is_not_undone_by_a_change_of_password(store, app, me, monkeypatch):
    from dashboard.http.local_sign_in import LocalSignIn

    whole = LocalSignIn.new_hash

    def new_hash(local, *asked):
        a_link(store)
        return whole(local, *asked)

    monkeypatch.setattr(LocalSignIn, "new_hash", new_hash)
    answer = me.account("password", now=PASSWORD, password=ANOTHER, again=ANOTHER)
    assert (answer.status_code, "was changed meanwhile" in said(answer)) == (422, True)
    assert store.users.credential(DUTY.id).password is None


def test_who_was_chosen_has_no_password_here(store, app):
    page = chosen(store).get("/account")
    assert words.OF_REPLAY in said(page)
    assert 'name="password"' not in page.text


def test_who_was_chosen_can_set_none_either(store, app):
    desk = chosen(store)
    assert desk.account("password", now="", password=ANOTHER, again=ANOTHER).status_code == 422
    assert store.users.credential("chosen") is None


def chosen(store):
    from dataclasses import replace

    user = replace(COMMS.user, id="chosen", way=Way.CHOSEN, sign_in_name="chosen")
    store.users.record(user, None, None).result()
    desk = Pages(a_server(store, choosing=True))
    desk.post("/sign-in", person="chosen")
    now = SystemClock().now()
    # So that the page has a form, whose token is taken.
    store.sessions.start(Session("other", "chosen", Way.CHOSEN, "a test", now, now + timedelta())).result()
    return desk


def test_with_a_second_factor_a_stolen_password_changes_no_password(store, me, ahead):
    secret = turn_on(me)
    before = store.users.credential(DUTY.id).password
    ahead(seconds=31)
    assert me.account("password", now=PASSWORD, password=ANOTHER, again=ANOTHER).status_code == 422
    assert store.users.credential(DUTY.id).password == before
    answer = me.account("password", now=PASSWORD, code=code_of(secret), password=ANOTHER, again=ANOTHER)
    assert answer.status_code == 303
    assert store.users.credential(DUTY.id).password != before
    assert store.users.credential(DUTY.id).second_factor is not None


def test_codes_are_no_more_guessed_here_than_at_the_sign_in(store, me, ahead):
    secret = turn_on(me)
    ahead(seconds=31)
    for _ in range(MOST_WRONG):
        me.account("second-factor", press="end", now=PASSWORD, code="000000")
    assert me.account("second-factor", press="end", now=PASSWORD, code=code_of(secret)).status_code == 422
    assert entered(store, AuditKind.SIGN_IN)[0] == "sign-in-locked"


def test_one_signs_out_here_as_well(me):
    assert 'action="/sign-out"' in me.get("/account").text
    assert me.post("/sign-out", "/account").status_code == 303
    assert not me.is_signed_in()


# --- The second factor ---------------------------------------------------------------------------------------------


def key_on(page):
    return page.text.partition("<code>")[2].partition("</code>")[0]


def turn_on(me):
    """Turn the second factor on, as a person does; its secret."""
    me.account("second-factor", press="begin", now=PASSWORD)
    secret = key_on(me.get("/account"))
    assert me.account("second-factor", press="save", now=PASSWORD, code=code_of(secret)).status_code == 303
    return secret


def test_a_second_factor_is_turned_on_by_a_code_and_asked_for_from_then_on(store, app, me):
    secret = turn_on(me)
    assert words.FACTOR_TURNED_ON in said(me.get("/account"))
    assert entered(store)[0] == "turn-on-second-factor"
    other = Pages(app)
    assert other.sign_in().location == "/sign-in/code"
    assert not other.is_signed_in()
    # The code that turned it on is used already.
    assert other.give_code(code_of(secret)).status_code == 403


def test_the_secret_is_kept_sealed_and_shown_no_more(store, me):
    secret = turn_on(me)
    kept = store.users.credential(DUTY.id).second_factor
    assert secret not in kept
    assert Seal(SECRET).opened(kept, DUTY.id) == secret
    assert secret not in me.get("/account").text


@pytest.mark.parametrize(("now", "code"), [(PASSWORD, "000000"), (PASSWORD, ""), ("wrong", None)])
def test_without_the_password_and_a_right_code_it_stays_off(store, me, now, code):
    me.account("second-factor", press="begin", now=PASSWORD)
    secret = key_on(me.get("/account"))
    answer = me.account("second-factor", press="save", now=now, code=code_of(secret) if code is None else code)
    assert answer.status_code == 422
    assert store.users.credential(DUTY.id).second_factor is None


def test_it_is_not_even_begun_without_the_password(me):
    assert me.account("second-factor", press="begin", now="wrong").status_code == 422
    assert words.FACTOR_SCAN not in said(me.get("/account"))


def test_it_is_turned_off_with_the_password_and_a_new_code_only(store, app, me, ahead):
    secret = turn_on(me)
    used = code_of(secret)
    ahead(seconds=31)
    for now, code in (("wrong", code_of(secret)), (PASSWORD, ""), (PASSWORD, "000000"), (PASSWORD, used)):
        answer = me.account("second-factor", press="end", now=now, code=code)
        assert (answer.status_code, words.CURRENT_WRONG_EITHER in said(answer)) == (422, True)
    assert store.users.credential(DUTY.id).second_factor is not None
    assert me.account("second-factor", press="end", now=PASSWORD, code=code_of(secret)).status_code == 303
    assert store.users.credential(DUTY.id).second_factor is None
    assert entered(store)[0] == "turn-off-second-factor"
    assert Pages(app).sign_in().location == "/"


def test_a_second_factor_that_is_on_cannot_be_put_in_another_ones_place_without_being_turned_off(store, me, ahead):
    secret = turn_on(me)
    ahead(seconds=31)
    me.account("second-factor", press="begin", now=PASSWORD, code=code_of(secret))
    assert words.FACTOR_SCAN not in said(me.get("/account"))
    me.account("second-factor", press="save", now=PASSWORD, code=code_of(pyotp.random_base32()))
    assert Seal(SECRET).opened(store.users.credential(DUTY.id).second_factor, DUTY.id) == secret


def test_what_is_no_button_does_nothing(store, me):
    before = store.users.credential(DUTY.id)
    assert me.account("second-factor", press="format", now=PASSWORD).status_code == 303
    assert store.users.credential(DUTY.id) == before
