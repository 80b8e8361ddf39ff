"""Tokens of a provider: which are believed. tests/dashboard/provider tries each forgery at a server as well."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

from models.sign_in.id_tokens import (
    LEEWAY,
    Logout,
    TokenFault,
    TokenRefused,
    checked_id_token,
    checked_logout_token,
    signing_keys,
)

NOW = datetime(2026, 11, 20, 21, 40, tzinfo=UTC)
SECONDS = int(NOW.timestamp())
ISSUER, CLIENT = "https://login.example", "grapevine"
KEY = ECKey.generate_key("P-256", {"kid": "one"})
KEYS = signing_keys({"keys": [KEY.as_dict(private=False)]})
HONEST = {"iss": ISSUER, "aud": CLIENT, "sub": "s-1", "iat": SECONDS, "exp": SECONDS + 300, "nonce": "of ours"}
SIGNED_OUT = {"http://schemas.openid.net/event/backchannel-logout": {}}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


def signed(claims, key=KEY, alg="ES256", **header) -> str:
    return jwt.encode({"alg": alg, "kid": key.kid, **header}, claims, key, algorithms=[alg])


def checked(token, nonce="of ours", keys=KEYS):
    return checked_id_token(token, keys, NOW, issuer=ISSUER, client_id=CLIENT, nonce=nonce)


def fault_of(check) -> TokenFault:
    with pytest.raises(TokenRefused) as refused:
        check()
    return refused.value.fault


def test_an_honest_token_is_believed():
    assert checked(signed(HONEST))["sub"] == "s-1"


def test_headers_that_providers_add_are_no_hindrance():
    assert checked(signed(HONEST, x5t="a thumbprint", typ="JWT"))


@pytest.mark.parametrize("claim", ["iss", "aud", "sub", "iat", "exp", "nonce"])
def test_a_token_that_leaves_something_out_is_refused(claim):
    fault_of(lambda: checked(signed({name: one for name, one in HONEST.items() if name != claim})))


@given(st.integers(-10_000, 10_000), st.integers(-10_000, 10_000), st.integers(-10_000, 10_000))
def test_times_are_right_to_the_second_with_a_minute_of_grace(iat, exp, nbf):
    token = signed(HONEST | {"iat": SECONDS + iat, "exp": SECONDS + exp, "nbf": SECONDS + nbf})
    grace = int(LEEWAY.total_seconds())
    if iat <= grace and nbf <= grace and exp > -grace:
        assert checked(token)
    else:
        assert fault_of(lambda: checked(token)) in {TokenFault.EXPIRED, TokenFault.NOT_YET}


@given(st.sampled_from(sorted(HONEST)), JSON)
def test_whatever_stands_in_a_claim_it_is_right_or_refused(claim, said):
    try:
        found = checked(signed(HONEST | {claim: said}))
    except TokenRefused:
        return
    assert found[claim] == HONEST[claim] or claim in {"iat", "exp", "sub"} or CLIENT in found[claim]
    assert isinstance(found["sub"], str)


@given(st.text(max_size=200) | st.binary(max_size=60).map(lambda one: one.decode("latin1")))
def test_whatever_comes_in_place_of_a_token_is_refused(token):
    fault_of(lambda: checked(token))


@given(st.data())
def test_a_token_with_any_letter_changed_is_refused(data):
    token = signed(HONEST)
    at = data.draw(st.integers(0, len(token) - 1))
    other = data.draw(st.sampled_from("ABCxyz019-_.").filter(lambda one: one != token[at]))
    changed = token[:at] + other + token[at + 1 :]
    try:
        found = checked(changed)
    except TokenRefused:
        return
    # The last letter of a part holds bits that stand for nothing.
    assert found == HONEST


def test_a_renewed_token_needs_no_nonce():
    without = {name: one for name, one in HONEST.items() if name != "nonce"}
    assert checked(signed(without), nonce=None)
    assert fault_of(lambda: checked(signed(without))) is TokenFault.NONCE


@given(JSON)
def test_whatever_is_published_as_keys_is_read_or_passed_over(published):
    for one in (published, {"keys": published}, {"keys": [published, KEY.as_dict(private=False)]}):
        signing_keys(one)
    assert len(list(signing_keys({"keys": [published, KEY.as_dict(private=False)]}))) >= 1


def test_keys_that_are_not_for_signing_are_passed_over():
    short = RSAKey.generate_key(2048, {"kid": "rsa"}).as_dict(private=False)
    listed = [
        {**KEY.as_dict(private=False), "use": "enc"},
        {**short, "n": short["n"][:171]},
        {"kty": "oct", "k": "c2VjcmV0", "kid": "shared"},
        {"kty": "EC", "crv": "P-256", "x": "!", "y": "!"},
        {"kty": "AKP"},
    ]
    assert list(signing_keys({"keys": listed})) == []


def ended(**changes) -> Logout:
    said = {"iss": ISSUER, "aud": CLIENT, "iat": SECONDS, "jti": "one", "events": SIGNED_OUT, "sid": "theirs"}
    said |= changes
    token = signed({name: one for name, one in said.items() if one is not None})
    return checked_logout_token(token, KEYS, NOW, issuer=ISSUER, client_id=CLIENT)


def test_a_sign_out_says_whose_session_ended():
    assert ended() == Logout("one", None, "theirs")
    assert ended(sid=None, sub="s-1") == Logout("one", "s-1", None)


@given(st.sampled_from(["iss", "aud", "iat", "jti", "events", "sid", "sub", "nonce", "exp"]), JSON)
def test_whatever_a_sign_out_says_it_is_right_or_refused(claim, said):
    try:
        found = ended(**{claim: said})
    except TokenRefused:
        return
    assert isinstance(found.token, str)
    assert found.provider_session is None or isinstance(found.provider_session, str)
    assert (found.subject, found.provider_session) != (None, None)


def test_an_id_token_signs_nobody_out():
    token = signed(HONEST | {"events": SIGNED_OUT, "jti": "one"})
    assert (
        fault_of(lambda: checked_logout_token(token, KEYS, NOW, issuer=ISSUER, client_id=CLIENT)) is TokenFault.CLAIMS
    )


def test_an_old_sign_out_is_refused():
    ended(iat=SECONDS - 5 * 60)
    assert fault_of(lambda: ended(iat=SECONDS - int(timedelta(minutes=6, seconds=1).total_seconds())))
