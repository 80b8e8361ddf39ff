"""Guessing is slowed down, and nobody is locked out by somebody else's guesses."""

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from models.sign_in.lockout import LOCKED_FOR, MOST_WRONG, WITHIN, Lockout, device_cookie_name
from tests.builders import NOON

KEY = b"k" * 32
SECOND = timedelta(seconds=1)


def wrong(lockout, times, name="j.officer", cookie=None, at=NOON):
    return [lockout.begin(name, cookie, at) for _ in range(times)]


def test_ten_wrong_passwords_lock_browsers_that_never_signed_in_for_a_quarter_of_an_hour():
    lockout = Lockout(KEY)
    assert wrong(lockout, MOST_WRONG) == [None] * MOST_WRONG
    assert wrong(lockout, 1, at=NOON + SECOND) == [NOON + LOCKED_FOR]
    assert wrong(lockout, 1, at=NOON + LOCKED_FOR - SECOND) == [NOON + LOCKED_FOR]
    assert wrong(lockout, 1, at=NOON + LOCKED_FOR) == [None]


def test_the_lock_lasts_from_the_last_wrong_one_though_the_first_is_forgotten():
    lockout = Lockout(KEY)
    minutes = [NOON + n * timedelta(minutes=1) for n in range(MOST_WRONG)]
    assert [lockout.begin("j.officer", None, at) for at in minutes] == [None] * MOST_WRONG
    assert lockout.begin("j.officer", None, NOON + WITHIN) == minutes[-1] + LOCKED_FOR


def test_a_few_wrong_ones_are_forgotten():
    lockout = Lockout(KEY)
    wrong(lockout, MOST_WRONG - 1)
    assert wrong(lockout, MOST_WRONG, at=NOON + WITHIN) == [None] * MOST_WRONG


def test_a_browser_that_signed_in_before_is_not_locked_by_guesses_from_elsewhere():
    lockout = Lockout(KEY)
    cookie = lockout.was_right("j.officer", None)
    wrong(lockout, 1_000)
    assert lockout.begin("j.officer", cookie, NOON) is None


def test_it_may_guess_as_often_as_others_and_then_only_itself_is_locked():
    lockout = Lockout(KEY)
    cookie, other = (lockout.cookie_for("j.officer") for _ in range(2))
    assert wrong(lockout, MOST_WRONG + 1, cookie=cookie)[-1] == NOON + LOCKED_FOR
    assert lockout.begin("j.officer", other, NOON) is None
    assert lockout.begin("j.officer", None, NOON) is None


def test_a_cookie_is_good_for_its_name_however_it_is_typed_and_outlives_a_restart():
    cookie = Lockout(KEY).cookie_for("J.Officer")
    lockout = Lockout(KEY)
    wrong(lockout, MOST_WRONG)
    assert lockout.begin(" ｊ.officer", cookie, NOON) is None
    assert "officer" not in cookie.lower()
    assert device_cookie_name("J.Officer") == device_cookie_name("j.officer") != device_cookie_name("another")


def test_an_own_or_another_key_s_or_made_up_cookie_opens_no_other_name():
    lockout = Lockout(KEY)
    wrong(lockout, MOST_WRONG)
    for cookie in (
        lockout.cookie_for("attacker"),
        Lockout(b"x" * 32).cookie_for("j.officer"),
        *("", ".", "nonce", "nonce.signature", "é.é", "\ud800.\ud800", "x" * 1_000_000),
    ):
        assert lockout.begin("j.officer", cookie, NOON) is not None


def test_signing_in_does_not_forget_what_others_guessed():
    lockout = Lockout(KEY)
    wrong(lockout, MOST_WRONG - 1)
    assert lockout.begin("j.officer", None, NOON) is None
    lockout.was_right("j.officer", None)
    assert wrong(lockout, 2) == [None, NOON + LOCKED_FOR]


def test_right_passwords_are_never_counted():
    lockout = Lockout(KEY)
    for _ in range(10 * MOST_WRONG):
        assert lockout.begin("j.officer", None, NOON) is None
        lockout.was_right("j.officer", None)


def test_a_hundred_at_once_are_ten_guesses():
    lockout = Lockout(KEY)
    assert wrong(lockout, 100).count(None) == MOST_WRONG


def test_names_that_nobody_has_count_like_others_and_memory_has_a_bound():
    lockout = Lockout(KEY, most_counters=100)
    for number in range(1_000):
        lockout.begin(f"name {number}" * 1_000, None, NOON)
    assert len(lockout._counters) == 100
    assert wrong(lockout, MOST_WRONG + 1, name="nobody")[-1] is not None


@settings(max_examples=100)
@given(
    st.lists(
        st.tuples(st.sampled_from(["guesses", "mistypes", "signs in"]), st.integers(0, 300)), min_size=1, max_size=150
    )
)
def test_whatever_others_guess_only_their_own_mistakes_stop_the_officers_device(happens):
    lockout, now = Lockout(KEY), NOON
    cookie = lockout.cookie_for("j.officer")
    own, guesses = [], []
    for what, seconds in happens:
        now += seconds * SECOND
        if what == "guesses":
            if lockout.begin("j.officer", None, now) is None:
                guesses.append(now)
        else:
            until = lockout.begin("j.officer", cookie, now)
            assert (until is not None) <= (len(own) >= MOST_WRONG)
            if until is None and what == "mistypes":
                own.append(now)
            elif until is None:
                cookie, own = lockout.was_right("j.officer", cookie), []
    # Whatever the order, no quarter of an hour held more guesses than may be.
    for at in guesses:
        assert sum(at - WITHIN < one <= at for one in guesses) <= MOST_WRONG


@given(st.text(max_size=300), st.one_of(st.none(), st.text(max_size=300)))
def test_whatever_is_sent_is_no_error(name, cookie):
    lockout = Lockout(KEY)
    assert lockout.begin(name, cookie, NOON) is None
    renewed = lockout.was_right(name, cookie)
    wrong(lockout, MOST_WRONG, name=name)
    assert lockout.begin(name, renewed, NOON) is None
