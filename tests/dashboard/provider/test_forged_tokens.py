"""Tokens of a provider that forges: whatever is wrong, nobody is signed in, and it is told.

The provider is a stand-in (forger.py): no real one sends what is sent here.
"""

import pytest
from authlib.oauth2.rfc7636 import create_s256_code_challenge

from dashboard.words import provider as provider_words
from models.domain.users import Grant, Role, Way
from models.sign_in.id_tokens import TokenFault
from tests.dashboard.provider.comers import NAME, Comer, a_server_with, audited, only_refused, people_of, settings_for
from tests.dashboard.provider.forger import EC, NEW_RSA, RSA, STRANGERS, SUBJECT, WEAK_RSA, signed
from tests.dashboard.world import SERVICE


def refused_for(store, app, forger, fault: TokenFault, claims, **how) -> None:
    desk = Comer(app)
    asked = desk.goes()
    forger.gives(claims(asked["nonce"]), **how)
    answer = desk.comes_back(asked["state"])
    only_refused(
        store, desk, answer, provider_words.not_proven(NAME, fault), f"provider: token refused ({fault.value})"
    )


# --- What an honest provider sends ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("key", "alg"), [(RSA, "RS256"), (RSA, "PS256"), (EC, "ES256")])
def test_a_token_in_order_signs_somebody_in(store, desk, forger, key, alg):
    asked = desk.goes("/sources")
    forger.gives(forger.claims(asked["nonce"], sid="theirs"), key, alg)
    answer = desk.comes_back(asked["state"])
    assert (answer.status_code, answer.location) == (303, "/sources")
    assert desk.is_signed_in()
    (session,) = store.sessions.all_live()
    user = store.users.get(session.user)
    assert (session.way, session.provider_session) == (Way.PROVIDER, "theirs")
    assert (user.name, user.service, user.sign_in_name) == ("P. Rovided", SERVICE, f"{forger.issuer} {SUBJECT}")
    assert user.grants == {Grant(Role.DUTY, SERVICE)}
    assert audited(store)[-1] == ("signed-in", user.id, "provider")


def test_the_code_is_bound_to_the_browser_that_asked_by_pkce(desk, forger):
    asked = desk.goes()
    forger.gives(forger.claims(asked["nonce"]))
    desk.comes_back(asked["state"])
    (sent,) = forger.asked
    assert (asked["code_challenge_method"], asked["response_type"]) == ("S256", "code")
    assert create_s256_code_challenge(sent["code_verifier"]) == asked["code_challenge"]
    assert sent["redirect_uri"] == asked["redirect_uri"] == "http://127.0.0.1/sign-in/provider/back"
    assert sent["client_secret"] == "the client's secret"
    assert sent["code_verifier"] not in desk.cookie


def test_behind_a_proxy_and_under_a_path_everything_stays_below_the_public_address(store, forger):
    at = {"public_url": "https://g.example/grapevine", "trusted_proxies": ["127.0.0.1"]}
    settings = settings_for(forger.issuer, server=at)
    desk = Comer(a_server_with(store, settings, people_of(store, settings)), "10.0.0.9")
    assert 'href="/grapevine/sign-in/provider?next=' in desk.get("/grapevine/sign-in").text
    asked = desk.goes("/grapevine/sources")
    assert asked["redirect_uri"] == "https://g.example/grapevine/sign-in/provider/back"
    forger.gives(forger.claims(asked["nonce"]))
    assert desk.comes_back(asked["state"]).location == "/grapevine/sources"
    assert "post_logout_redirect_uri=https%3A%2F%2Fg.example%2Fgrapevine%2Fsign-in" in desk.leaves().text


def test_a_clock_that_is_a_little_off_is_forgiven(desk, forger):
    asked = desk.goes()
    now = forger.claims()["iat"]
    forger.gives(forger.claims(asked["nonce"], iat=now + 50, nbf=now + 50, exp=now - 50))
    desk.comes_back(asked["state"])
    assert desk.is_signed_in()


def test_a_key_that_the_provider_changed_to_is_found(desk, forger, ahead):
    asked = desk.goes()
    forger.gives(forger.claims(asked["nonce"]))
    desk.comes_back(asked["state"])
    desk.leaves()
    forger.keys = [NEW_RSA]
    ahead(seconds=11)
    asked = desk.goes()
    forger.gives(forger.claims(asked["nonce"]), NEW_RSA)
    desk.comes_back(asked["state"])
    assert desk.is_signed_in()


def test_groups_that_the_token_leaves_out_are_asked_for(store, desk, forger):
    asked = desk.goes()
    forger.gives(forger.claims(asked["nonce"], groups=None))
    forger.userinfo = {"sub": SUBJECT, "groups": ["analysts", "fire-viewers"]}
    desk.comes_back(asked["state"])
    (session,) = store.sessions.all_live()
    assert store.users.get(session.user).grants == {
        Grant(Role.ANALYST, SERVICE),
        Grant(Role.VIEWER, "Northgate Fire"),
    }


def test_what_is_said_of_somebody_else_is_not_taken(store, app, forger):
    forger.userinfo = {"sub": "s-2", "groups": ["analysts"]}
    refused_for(store, app, forger, TokenFault.SUBJECT, lambda nonce: forger.claims(nonce, groups=None))


# --- Forged, spoilt and borrowed tokens ----------------------------------------------------------------------------

WRONG_CLAIMS = [
    (TokenFault.AUDIENCE, {"aud": "another program"}),
    (TokenFault.AUDIENCE, {"aud": ["another program"]}),
    (TokenFault.AUDIENCE, {"aud": None}),
    (TokenFault.AUDIENCE, {"aud": ["grapevine", "another program"]}),
    (TokenFault.AUDIENCE, {"aud": ["grapevine", "another program"], "azp": "another program"}),
    (TokenFault.ISSUER, {"iss": "https://evil.example"}),
    (TokenFault.ISSUER, {"iss": None}),
    (TokenFault.EXPIRED, {"exp": -61}),
    (TokenFault.EXPIRED, {"exp": None}),
    (TokenFault.EXPIRED, {"exp": "never"}),
    (TokenFault.EXPIRED, {"exp": float("nan")}),
    (TokenFault.NOT_YET, {"nbf": 65}),
    (TokenFault.NOT_YET, {"iat": 65}),
    (TokenFault.NOT_YET, {"iat": None}),
    (TokenFault.NONCE, {"nonce": None}),
    (TokenFault.NONCE, {"nonce": ""}),
    (TokenFault.NONCE, {"nonce": "of another sign-in"}),
    (TokenFault.NONCE, {"nonce": ["a list"]}),
    (TokenFault.SUBJECT, {"sub": None}),
    (TokenFault.SUBJECT, {"sub": ""}),
    (TokenFault.SUBJECT, {"sub": "x" * 300}),
    (TokenFault.SUBJECT, {"sub": "s-1\x00"}),
    (TokenFault.SUBJECT, {"sub": " s-1"}),
    (TokenFault.CLAIMS, {"at_hash": "of another access token"}),
]


def test_a_token_that_says_something_wrong_is_refused(store, app, forger):
    now = forger.claims()["iat"]
    for fault, changes in WRONG_CLAIMS:
        changes = {name: now + one if type(one) is int else one for name, one in changes.items()}
        refused_for(store, app, forger, fault, lambda nonce, changes=changes: forger.claims(nonce, **changes))


def test_a_signature_that_is_not_the_providers_is_refused(store, app, forger):
    for fault, key, alg in (
        (TokenFault.ALGORITHM, RSA, "none"),
        (TokenFault.ALGORITHM, RSA, "HS256"),
        (TokenFault.ALGORITHM, RSA, "RS512"),
        (TokenFault.SIGNATURE, STRANGERS, "RS256"),
        (TokenFault.UNKNOWN_KEY, NEW_RSA, "RS256"),
    ):
        refused_for(store, app, forger, fault, forger.claims, key=key, alg=alg)


def test_an_unknown_key_has_the_keys_read_once_more_and_no_oftener(store, app, forger):
    for _ in range(4):
        refused_for(store, app, forger, TokenFault.UNKNOWN_KEY, forger.claims, key=NEW_RSA)
    assert forger.visits.count("/jwks") == 1


def test_a_key_that_is_too_short_counts_for_nothing(store, app, forger):
    forger.keys = [RSA, WEAK_RSA]
    refused_for(store, app, forger, TokenFault.UNKNOWN_KEY, forger.claims, key=WEAK_RSA)


def test_what_is_no_token_is_refused(store, app, forger):
    told = provider_words.not_proven(NAME, TokenFault.UNREADABLE)
    for token in ("", "x", "a.b.c", "é.é.é", "e30.e30.", {"a": "list"}, None):
        desk = Comer(app)
        asked = desk.goes()
        forger.gives(forger.claims(asked["nonce"]), id_token=token)
        answer = desk.comes_back(asked["state"])
        only_refused(store, desk, answer, told, "provider: token refused (unreadable)")


def test_a_token_whose_words_were_changed_is_refused(store, desk, forger):
    asked = desk.goes()
    forger.gives(forger.claims(asked["nonce"]))
    head, _, proof = forger.tokens["id_token"].split(".")
    other = signed(forger.claims(asked["nonce"], sub="s-2")).split(".")[1]
    forger.tokens["id_token"] = ".".join([head, other, proof])
    answer = desk.comes_back(asked["state"])
    told = provider_words.not_proven(NAME, TokenFault.SIGNATURE)
    only_refused(store, desk, answer, told, "provider: token refused (signature)")
