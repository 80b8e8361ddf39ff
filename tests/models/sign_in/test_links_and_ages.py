"""Tokens cannot be guessed or read from what is kept; sealed secrets open for their user only; sessions grow old."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.domain.users import Ended
from models.errors import StoreError
from models.sign_in.links import digest_of, new_token, set_up_path
from models.sign_in.sealing import Seal, key_for
from models.sign_in.session_ages import SessionAges, ended_by_age
from tests.builders import NOON
from tests.contracts.people import a_session

KEY = b"k" * 32
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def test_each_token_is_new_and_its_digest_does_not_show_it():
    tokens = [new_token() for _ in range(100)]
    assert len(set(tokens)) == len({digest_of(token) for token in tokens}) == 100
    assert all(len(token) >= 43 and token not in digest_of(token) for token in tokens)
    assert set_up_path(tokens[0]) == f"/set-up?token={tokens[0]}"


@given(st.text())
def test_whatever_a_browser_sends_has_a_digest(text):
    assert len(digest_of(text)) == 64


@given(st.text(st.characters(exclude_categories=["Cs"])), st.text(st.characters(exclude_categories=["Cs"])))
def test_what_is_sealed_opens_for_its_user(secret, user):
    assert Seal(KEY).opened(Seal(KEY).sealed(secret, user), user) == secret


@pytest.mark.parametrize(
    ("key", "user", "change"),
    [
        (KEY, "other", lambda sealed: sealed),
        (b"x" * 32, "officer", lambda sealed: sealed),
        (KEY, "officer", lambda sealed: sealed[:-8]),
        (KEY, "officer", lambda sealed: sealed.replace("1:", "2:")),
        (KEY, "officer", lambda sealed: ""),
        (KEY, "officer", lambda sealed: "1:é"),
        (KEY, "officer", lambda sealed: "1:"),
    ],
)
def test_what_was_changed_or_is_of_another_does_not_open(key, user, change):
    sealed = Seal(KEY).sealed("secret", "officer")
    assert "secret" not in sealed
    with pytest.raises(StoreError, match="grapevine user link"):
        Seal(key).opened(change(sealed), user)


def test_the_same_secret_never_looks_the_same():
    assert Seal(KEY).sealed("secret", "officer") != Seal(KEY).sealed("secret", "officer")
    assert key_for("one", KEY) != key_for("another", KEY)


@pytest.mark.parametrize(
    ("started", "seen", "why"),
    [
        (NOON, NOON, None),
        (NOON - 30 * MINUTE, NOON - 30 * MINUTE, None),
        (NOON - 31 * MINUTE, NOON - 31 * MINUTE, Ended.IDLE),
        (NOON - 12 * HOUR, NOON, None),
        (NOON - 13 * HOUR, NOON, Ended.TOO_OLD),
        (NOON - 13 * HOUR, NOON - HOUR, Ended.TOO_OLD),
        # The clock was put back.
        (NOON + HOUR, NOON + HOUR, None),
    ],
)
def test_a_session_ends_by_idleness_and_by_age(started, seen, why):
    session = replace(a_session("a"), started_at=started, seen_at=seen)
    assert ended_by_age(session, NOON, SessionAges(30 * MINUTE, 12 * HOUR)) is why
