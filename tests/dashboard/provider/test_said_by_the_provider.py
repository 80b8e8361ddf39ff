"""What the provider says later: that somebody signed out there, that their groups changed, that they are unknown.

The provider is a stand-in (forger.py), which can say what no real one would.
"""

import pytest

from dashboard.http.provider.people import ASKED_EVERY
from models.domain.users import Ended, Grant, Role
from tests.dashboard.provider.comers import Comer, a_server_with, audited, people_of, settings_for
from tests.dashboard.provider.forger import LOGOUT, NEW_RSA, RSA, STRANGERS, SUBJECT, signed
from tests.dashboard.world import HERE, SERVICE


@pytest.fixture
def people(store, forger, ahead):
    return people_of(store, settings_for(forger.issuer))


@pytest.fixture
def app(store, forger, people):
    return a_server_with(store, settings_for(forger.issuer), people)


@pytest.fixture
def desk(app, forger):
    """A browser of somebody who came in by the provider's session “theirs”."""
    one = Comer(app)
    one.comes_in(forger, sid="theirs")
    assert one.is_signed_in()
    return one


# --- Signed out there ----------------------------------------------------------------------------------------------


def says(app, token: str):
    """What Grapevine answers to a sign-out that the provider sends: from no browser, without any token of ours."""
    return app.server.test_client().post("/sign-out/provider", data={"logout_token": token}, base_url=HERE)


def ended(store) -> list[Ended | None]:
    (user,) = store.users.all()
    return [one.ended for one in store.sessions.of(user.id)]


@pytest.mark.parametrize(
    "whose", [{"sid": "theirs"}, {"sid": "theirs", "sub": None}, {}], ids=["both", "session", "person"]
)
def test_a_session_that_ended_there_ends_here(store, app, desk, forger, whose):
    answer = says(app, signed(forger.logout_claims(**whose), typ="logout+jwt"))
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    assert not desk.is_signed_in()
    assert ended(store) == [Ended.AT_PROVIDER]
    assert audited(store)[-1] == ("session-ended", store.users.all()[0].id, "at-provider")


def test_another_session_or_another_person_is_left_alone(store, app, desk, forger):
    for number, whose in enumerate(({"sid": "another"}, {"sub": "s-2"}, {"sid": "theirs", "sub": "s-2"})):
        assert says(app, signed(forger.logout_claims(f"n{number}", **whose))).status_code == 200
    assert desk.is_signed_in()


WRONG = {
    "another program": {"aud": "another program"},
    "another issuer": {"iss": "https://evil.example"},
    "from the future": {"iat": 65},
    "old": {"iat": -361},
    "expired": {"exp": -61},
    "without a time": {"iat": None},
    "without a number": {"jti": None},
    "without an event": {"events": None},
    "of another event": {"events": {"http://schemas.openid.net/event/other": {}}},
    "of an odd event": {"events": {LOGOUT: "yes"}},
    "an ID token": {"nonce": "one"},
    "of nobody": {"sub": None},
    "of an odd session": {"sub": None, "sid": 7},
    "of an odd person": {"sub": ["s-1"]},
}


def test_a_sign_out_that_is_not_proven_ends_nothing(store, app, desk, forger):
    now = forger.claims()["iat"]
    for what, changes in WRONG.items():
        changes = {name: now + one if name in {"iat", "exp"} and one else one for name, one in changes.items()}
        answer = says(app, signed(forger.logout_claims(**changes)))
        assert (answer.status_code, answer.json) == (400, {"error": "invalid_request"}), what
    for token in ("", "x", "a.b.c", "x" * 20_000, signed(forger.logout_claims(), alg="none")):
        assert says(app, token).status_code == 400
    for key, alg in ((STRANGERS, "RS256"), (NEW_RSA, "RS256"), (RSA, "HS256")):
        assert says(app, signed(forger.logout_claims(), key, alg)).status_code == 400
    assert desk.is_signed_in()


def test_a_sign_out_counts_once(store, app, desk, forger):
    token = signed(forger.logout_claims())
    assert says(app, token).status_code == 200
    again = Comer(app)
    again.comes_in(forger)
    assert says(app, token).status_code == 400
    assert again.is_signed_in()


def test_made_up_keys_do_not_make_grapevine_ask_for_keys(app, desk, forger):
    for number in range(5):
        says(app, signed(forger.logout_claims(f"n{number}"), NEW_RSA))
    assert forger.visits.count("/jwks") == 1


def test_while_keys_cannot_be_had_the_provider_is_asked_to_come_again(app, desk, forger, ahead):
    ahead(seconds=11)
    forger.instead["/jwks"] = (503, {}, b"")
    assert says(app, signed(forger.logout_claims(), NEW_RSA)).status_code == 503
    assert desk.is_signed_in()


def test_where_no_provider_is_named_there_is_nothing_to_say(store):
    from tests.dashboard.signing_in import a_server

    app = a_server(store)
    assert says(app, "x").status_code == 404
    assert app.server.test_client().get("/sign-in/provider", base_url=HERE).status_code == 404
    assert "Sign in with" not in app.server.test_client().get("/sign-in", base_url=HERE).text


# --- Asked again ---------------------------------------------------------------------------------------------------


@pytest.fixture
def later(people, forger, desk, ahead):
    """Let the time pass after which the provider is asked about a session, which then answers so."""

    def ask(instead=None, tokens=None, **claims) -> None:
        ahead(seconds=ASKED_EVERY.total_seconds())
        forger.gives(forger.claims(**claims))
        forger.tokens |= tokens or {}
        forger.instead["/token"] = instead
        people.renew()

    return ask


def roles(store) -> set[Role]:
    (user,) = store.users.all()
    return {grant.role for grant in user.grants}


def test_new_groups_are_new_roles_and_a_new_name_is_kept(store, desk, later, forger):
    later(groups=["analysts", "fire-viewers"], name="P. Renamed")
    (user,) = store.users.all()
    assert (user.name, user.grants) == (
        "P. Renamed",
        {Grant(Role.ANALYST, SERVICE), Grant(Role.VIEWER, "Northgate Fire")},
    )
    assert forger.asked[-1]["grant_type"] == "refresh_token"
    assert desk.is_signed_in()


def test_the_next_refresh_token_is_used_next(later, forger, desk):
    later(tokens={"refresh_token": "the second"})
    later()
    later()
    asked = [one["refresh_token"] for one in forger.asked if one["grant_type"] == "refresh_token"]
    assert asked == ["the first", "the second", "the second"]


def test_what_cannot_be_proven_or_read_changes_nothing(store, desk, later, forger):
    later(groups=["analysts"], aud="another program")
    later(groups=["analysts"], sub="s-2")
    later(groups=None, _claim_names={"groups": "src1"})
    later(name="model")
    for answer in ((503, {}, b""), (302, {"Location": "https://evil.example"}, b""), (200, {}, b"<html>")):
        later(instead=answer)
    for error in (b'{"error": "invalid_client"}', b'{"error": "temporarily_unavailable"}', b"{}"):
        later(instead=(400, {}, error))
    assert roles(store) == {Role.DUTY}
    assert desk.is_signed_in()
    later(groups=["analysts"])
    assert roles(store) == {Role.ANALYST}, "and it is asked on"


def test_a_session_that_the_provider_takes_back_ends(store, desk, later):
    later(instead=(400, {}, b'{"error": "invalid_grant"}'))
    assert not desk.is_signed_in()
    assert ended(store) == [Ended.AT_PROVIDER]


def test_without_a_new_id_token_userinfo_says_the_groups(store, desk, later, forger):
    forger.userinfo = {"sub": SUBJECT, "name": "P. Rovided", "groups": ["analysts"]}
    later(tokens={"id_token": None})
    assert roles(store) == {Role.ANALYST}


def test_a_renewal_that_says_nothing_changes_nothing(store, desk, later, forger):
    later(tokens={"id_token": None})
    assert forger.visits[-1] == "/userinfo"
    assert roles(store) == {Role.DUTY}
    assert desk.is_signed_in()


def test_a_session_that_ended_here_is_not_asked_about(store, desk, people, later, forger):
    store.sessions.end_all(store.users.all()[0].id, Ended.BY_OTHERS).result()
    before = len(forger.asked)
    later()
    assert len(forger.asked) == before


def test_a_provider_that_gives_no_refresh_token_is_asked_at_the_next_sign_in(store, app, forger, people, ahead):
    desk = Comer(app)
    asked = desk.goes()
    forger.gives(forger.claims(asked["nonce"]))
    desk.comes_back(asked["state"])
    ahead(seconds=ASKED_EVERY.total_seconds())
    people.renew()
    assert len(forger.asked) == 1
    Comer(app).comes_in(forger, groups=["analysts"])
    assert roles(store) == {Role.ANALYST}


# --- Out there as well ---------------------------------------------------------------------------------------------


def test_where_the_provider_has_no_sign_out_the_page_says_so(app, forger):
    del forger.metadata["end_session_endpoint"]
    desk = Comer(app)
    desk.comes_in(forger)
    assert desk.leaves().location == "/sign-in"
    assert "You may still be signed in at" in desk.get("/sign-in").text


def test_a_person_with_an_account_of_grapevines_own_is_not_sent_to_the_provider(store, app):
    from tests.dashboard.signing_in import local_person

    local_person(store)
    desk = Comer(app)
    desk.sign_in()
    assert desk.post("/sign-out", "/account").location == "/sign-in"
