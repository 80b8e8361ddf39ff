"""Passwords are hashed slowly, checked in the same time for all, and refused where they are easily guessed."""

import threading
import time
from contextlib import suppress
from statistics import median

import pytest
from argon2 import PasswordHasher
from hypothesis import given, settings
from hypothesis import strategies as st

from models.errors import Refused
from models.sign_in.passwords import LONGEST, SHORTEST, Passwords, check_new_password

GOOD = "lantern orbit mustard velvet"
ABOUT = ("Jo Farnborough", "jo.farnborough", "Northgate Fire Service")


@pytest.fixture(scope="module")
def passwords():
    return Passwords()


@pytest.fixture(scope="module")
def kept(passwords):
    return passwords.hashed(GOOD)


def test_a_password_fits_its_own_hash_and_no_other(passwords, kept):
    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert GOOD not in kept
    assert passwords.fits(kept, GOOD)
    assert not passwords.fits(kept, GOOD + " ")
    assert passwords.hashed(GOOD) != kept


@pytest.mark.parametrize("typed", ["", GOOD, "x" * 1_000_000, "\ud800\x00"])
def test_nothing_fits_where_there_is_no_password_or_no_hash(passwords, typed):
    assert not passwords.fits(None, typed)
    assert not passwords.fits("no hash", typed)


def test_a_password_fits_however_the_keyboard_writes_its_letters(passwords):
    composed, apart = "Zürich über alles klar", "Zu\u0308rich u\u0308ber alles klar"
    assert passwords.fits(passwords.hashed(composed), apart)


def test_of_a_text_that_is_too_long_no_beginning_fits(passwords):
    longest = "x" * LONGEST
    kept = passwords.hashed(longest)
    assert passwords.fits(kept, longest)
    assert not passwords.fits(kept, longest + "x")


@settings(max_examples=15, deadline=None)
@given(st.text(max_size=200))
def test_whatever_is_typed_is_checked_without_an_error(passwords, kept, typed):
    assert passwords.fits(kept, typed) == (typed == GOOD)


def test_a_name_that_nobody_has_takes_as_long_as_one_that_somebody_has(passwords, kept):
    def processor_seconds(hash_):
        begun = time.process_time()
        passwords.fits(hash_, "a wrong password")
        return time.process_time() - begun

    known, unknown = (median(processor_seconds(one) for _ in range(9)) for one in (kept, None))
    assert known / 1.5 < unknown < known * 1.5


def test_a_hash_of_other_parameters_is_outdated_and_still_fits(passwords, kept):
    old = PasswordHasher(1, 1_024, 1).hash(GOOD)
    assert passwords.fits(old, GOOD)
    assert passwords.is_outdated(old)
    assert not passwords.is_outdated(kept)


def test_no_more_are_hashed_at_once_than_may_be_and_who_waits_too_long_is_told(monkeypatch):
    passwords = Passwords(at_once=1, wait_seconds=0.05)
    begun, go_on = threading.Event(), threading.Event()

    class Slow:
        def hash(self, _):
            begun.set()
            go_on.wait(10)
            return "hash"

    monkeypatch.setattr(passwords, "_hasher", Slow())
    first = threading.Thread(target=passwords.hashed, args=(GOOD,))
    first.start()
    begun.wait(10)
    with pytest.raises(Refused, match="try again"):
        passwords.hashed(GOOD)
    with pytest.raises(Refused, match="try again"):
        passwords.fits(None, GOOD)
    go_on.set()
    first.join()
    assert passwords.hashed(GOOD) == "hash"


@pytest.mark.parametrize(
    "good", [GOOD, "x7#Kq9vLm2$R", "четыре разных слова подряд", "correct-horse-battery-stapler" * 4]
)
def test_long_and_unexpected_passwords_are_taken_without_rules_of_composition(good):
    check_new_password(good, ABOUT)


@pytest.mark.parametrize(
    ("weak", "says"),
    [
        ("x7#Kq9vLm2$", f"at least {SHORTEST}"),
        ("", f"at least {SHORTEST}"),
        (GOOD + "x" * LONGEST, f"at most {LONGEST}"),
        ("password1234", "easily guessed"),
        ("aaaaaaaaaaaaaaaa", "easily guessed"),
        ("qwertyuiop123", "easily guessed"),
        ("jofarnborough", "easily guessed"),
        ("Farnborough1", "easily guessed"),
        ("grapevine2026", "easily guessed"),
        ("northgatefire", "easily guessed"),
    ],
)
def test_a_password_that_is_short_long_or_easily_guessed_is_refused_in_words(weak, says):
    with pytest.raises(Refused) as refused:
        check_new_password(weak, ABOUT)
    assert says in refused.value.problems["password"]


@settings(max_examples=30, deadline=None)
@given(st.text(max_size=140))
def test_whatever_is_chosen_is_taken_or_refused_within_a_moment(chosen):
    begun = time.process_time()
    with suppress(Refused):
        check_new_password(chosen, ABOUT)
    assert time.process_time() - begun < 2
