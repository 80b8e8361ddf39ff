"""Sign-in at a real OpenID provider: npm's oidc-provider, in a process of its own, asked over HTTP."""

import threading
from contextlib import contextmanager
from dataclasses import replace

import pytest
from werkzeug.serving import make_server

from dashboard.http.provider.people import ASKED_EVERY
from dashboard.words import provider as provider_words
from dashboard.words import sign_in as sign_in_words
from models.domain.audit import AuditFilter, AuditKind
from models.domain.users import Ended, Grant, Role, Way
from tests.dashboard.provider.comers import NAME, a_server_with, audited, people_of, settings_for
from tests.dashboard.provider.real.server import Desk, a_real_provider, free_port
from tests.dashboard.signing_in import PASSWORD, local_person, said
from tests.dashboard.world import DUTY, SERVICE
from tests.waiting import until

PERSON = "P. Rovided"


@contextmanager
def served(app, port):
    server = make_server("127.0.0.1", port, app.server.wsgi_app, threaded=True)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="module")
def grapevine():
    """Where Grapevine is: each test serves its own there."""
    return f"http://127.0.0.1:{free_port()}"


@pytest.fixture(scope="module")
def real(grapevine):
    with a_real_provider(grapevine, secret="a secret of Grapevine's") as one:
        yield one


@pytest.fixture
def provider(real):
    real.knows("s-1", PERSON, "duty-officers")
    real.knows("s-2", "A. Nother", "gardeners")
    return real


@pytest.fixture
def people(store, provider, ahead):
    return people_of(store, settings_for(provider.issuer), "a secret of Grapevine's")


@pytest.fixture
def desk(store, grapevine, provider, people):
    with served(a_server_with(store, settings_for(provider.issuer), people), int(grapevine.rpartition(":")[2])):
        yield Desk(grapevine)


def only(store):
    """The one session that is live, and its user."""
    (session,) = store.sessions.all_live()
    return session, store.users.get(session.user)


def test_a_person_signs_in_and_is_known_by_name_service_and_role(store, desk, provider):
    assert desk.signs_in(PERSON).url.path == "/sources"
    session, user = only(store)
    assert (session.way, bool(session.provider_session)) == (Way.PROVIDER, True)
    assert (user.name, user.service, user.grants) == (PERSON, SERVICE, {Grant(Role.DUTY, SERVICE)})
    assert user.sign_in_name == f"{provider.issuer} s-1"
    assert audited(store) == [("signed-in", user.id, "provider")]


def test_who_has_no_role_is_told_whom_to_ask(store, desk):
    page = desk.signs_in("A. Nother")
    assert provider_words.no_role(NAME, says_groups=True) in said(page)
    assert not desk.is_signed_in()
    assert store.users.all() == []
    assert audited(store) == [("sign-in-refused", None, "provider: no group with a role")]


def test_another_sign_in_with_nothing_new_records_nothing(store, desk, grapevine):
    desk.signs_in(PERSON)
    Desk(grapevine).signs_in(PERSON)
    (user,) = store.users.all()
    assert len(store.users.versions(user.id)) == 1
    assert len(store.sessions.all_live()) == 2


def test_who_is_blocked_here_stays_blocked(store, desk, grapevine):
    desk.signs_in(PERSON)
    _, user = only(store)
    store.users.record(replace(user, blocked=True), DUTY.officer, "left the service").result()
    assert not desk.is_signed_in()
    page = Desk(grapevine).signs_in(PERSON)
    assert provider_words.blocked() in said(page)
    assert store.sessions.all_live() == []
    assert store.users.get(user.id).blocked
    assert audited(store)[-1] == ("sign-in-refused", user.id, "this person is blocked")


# --- Signing out ---------------------------------------------------------------------------------------------------


def test_signing_out_here_signs_out_there_as_well(store, desk):
    desk.signs_in(PERSON)
    page = desk.confirms(desk.signs_out())
    assert page.url.path == "/sign-in"
    assert provider_words.LEFT in said(page)
    (user,) = store.users.all()
    assert [one.ended for one in store.sessions.of(user.id)] == [Ended.SIGNED_OUT]
    assert "A test’s provider" in desk.http.get(f"{desk.grapevine}/sign-in/provider").text, "it asks again who it is"


def test_who_signs_out_there_is_signed_out_here(store, desk, provider, grapevine):
    desk.signs_in(PERSON)
    elsewhere = Desk(grapevine)
    elsewhere.signs_in(PERSON)
    desk.confirms(desk.http.get(f"{provider.issuer}/session/end"))
    until(lambda: len(store.sessions.all_live()) == 1, "the provider says that one session ended")
    page = desk.http.get(f"{grapevine}/account")
    assert (page.url.path, sign_in_words.ENDED[Ended.AT_PROVIDER] in said(page)) == ("/sign-in", True)
    assert elsewhere.is_signed_in(), "another browser's session goes on"
    assert audited(store)[-1][2] == Ended.AT_PROVIDER.value


# --- Roles that change ---------------------------------------------------------------------------------------------


def test_a_role_that_changed_there_counts_here_without_signing_in_again(store, desk, provider, people, ahead):
    desk.signs_in(PERSON)
    provider.knows("s-1", PERSON, "analysts")
    people.renew()
    assert only(store)[1].grants == {Grant(Role.DUTY, SERVICE)}, "not asked again so soon"
    ahead(seconds=ASKED_EVERY.total_seconds())
    people.renew()
    assert only(store)[1].grants == {Grant(Role.ANALYST, SERVICE)}
    assert desk.is_signed_in()
    newest = store.audit.entries(AuditFilter(kind=AuditKind.USER))[0]
    assert (newest.note.what, newest.note.officer, newest.note.reason) == (
        "change-user",
        None,
        "as the provider says",
    )
    # A refresh token of this provider works once: the next one was kept.
    provider.knows("s-1", PERSON, "duty-officers")
    ahead(seconds=ASKED_EVERY.total_seconds())
    people.renew()
    assert only(store)[1].grants == {Grant(Role.DUTY, SERVICE)}


def test_who_has_no_role_any_more_is_signed_out(store, desk, provider, people, ahead):
    desk.signs_in(PERSON)
    provider.knows("s-1", PERSON, "gardeners")
    ahead(seconds=ASKED_EVERY.total_seconds())
    people.renew()
    assert not desk.is_signed_in()
    (user,) = store.users.all()
    assert user.grants == frozenset()


def test_whose_account_is_gone_there_is_signed_out_here(store, desk, provider, people, ahead):
    desk.signs_in(PERSON)
    provider.forgets("s-1")
    ahead(seconds=ASKED_EVERY.total_seconds())
    people.renew()
    assert not desk.is_signed_in()
    (user,) = store.users.all()
    assert [one.ended for one in store.sessions.of(user.id)] == [Ended.AT_PROVIDER]


# --- A provider that is stopped ------------------------------------------------------------------------------------


def test_while_the_provider_is_away_sessions_go_on_and_other_accounts_let_in(
    store, desk, provider, people, ahead, grapevine
):
    local_person(store)
    desk.signs_in(PERSON)
    provider.stop()
    try:
        ahead(seconds=ASKED_EVERY.total_seconds())
        people.renew()
        assert desk.is_signed_in()
        assert provider_words.away(NAME) in said(Desk(grapevine).http.get(f"{grapevine}/sign-in"))
        other = Desk(grapevine)
        assert provider_words.away(NAME) in said(other.signs_in(PERSON))
        signs_in_here(other, grapevine)
        assert other.is_signed_in()
    finally:
        provider.start()
    people.renew()
    assert provider_words.away(NAME) not in said(Desk(grapevine).http.get(f"{grapevine}/sign-in"))


def signs_in_here(desk: Desk, grapevine: str) -> None:
    page = desk.http.get(f"{grapevine}/sign-in").text
    token = page.partition('name="csrf_token" value="')[2].partition('"')[0]
    typed = {"name": DUTY.user.sign_in_name, "password": PASSWORD}
    desk.http.post(f"{grapevine}/sign-in", data={"csrf_token": token, **typed})


# --- A provider that tells groups at userinfo only, and a client without a secret ----------------------------------


def test_a_client_without_a_secret_and_groups_at_userinfo(store, ahead):
    grapevine = f"http://127.0.0.1:{free_port()}"
    with a_real_provider(grapevine, groupsInIdToken=False) as provider:
        provider.knows("s-1", PERSON, "analysts")
        settings = settings_for(provider.issuer)
        people = people_of(store, settings)
        with served(a_server_with(store, settings, people), int(grapevine.rpartition(":")[2])):
            assert Desk(grapevine).signs_in(PERSON).url.path == "/sources"
            assert only(store)[1].grants == {Grant(Role.ANALYST, SERVICE)}
            provider.knows("s-1", PERSON, "duty-officers")
            ahead(seconds=ASKED_EVERY.total_seconds())
            people.renew()
            assert only(store)[1].grants == {Grant(Role.DUTY, SERVICE)}
