"""Soft locks: at most one holder, no save by whoever's lock was broken until they say so again, none for ever."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from models.domain.acts import Officer
from models.people.soft_locks import EXPIRES_AFTER, Edited, Opening, Part, SoftLocks
from tests.builders import NOON

SECOND = timedelta(seconds=1)
DAM = Edited("flood", "dam", Part.CORRECTION)
SHOWN = NOON - timedelta(days=9)


def opening(person: int, form: int = 0) -> Opening:
    return Opening(Officer(f"P{person}", "duty", "", f"u{person}"), f"s{person}", f"r{person}.{form}")


A, B, C = (opening(person) for person in range(3))


@pytest.fixture
def ended():
    return set()


@pytest.fixture
def locks(ended):
    return SoftLocks(lambda session: session not in ended)


def has(locks, who, now=NOON):
    return locks.open(DAM, who, now, SHOWN)


def test_who_opens_first_holds_and_the_next_is_told_who_and_since_when(locks):
    assert has(locks, A).is_clear
    found = has(locks, B)
    assert (found.held.who, found.held.since, found.broken) == (A.who, SHOWN, None)
    assert not locks.standing(DAM, B, NOON).is_clear
    assert locks.standing(DAM, A, NOON).is_clear


def test_another_part_or_another_rumour_is_not_held(locks):
    has(locks, A)
    for other in (Edited("flood", "dam", Part.FLOWS), Edited("flood", "bridge", Part.CORRECTION)):
        assert locks.open(other, B, NOON, SHOWN).is_clear


def test_two_forms_of_one_person_hold_together(locks):
    has(locks, A)
    assert has(locks, opening(0, form=1)).is_clear
    locks.leave(DAM, A)
    assert has(locks, B).held.who == A.who
    locks.leave(DAM, opening(0, form=1))
    assert has(locks, B).is_clear


def test_a_form_that_was_not_heard_of_holds_nothing(locks):
    has(locks, A)
    later = NOON + EXPIRES_AFTER - SECOND
    assert has(locks, B, later).held
    has(locks, A, later)
    assert has(locks, B, later + EXPIRES_AFTER - SECOND).held
    assert has(locks, B, later + EXPIRES_AFTER).is_clear
    assert has(locks, A, later + EXPIRES_AFTER).held.who == B.who


def test_with_its_session_a_lock_goes(locks, ended):
    has(locks, A)
    ended.add(A.session)
    assert has(locks, B).is_clear


def test_who_goes_on_all_the_same_holds_and_the_first_is_told_by_whom_and_why(locks):
    has(locks, A)
    locks.go_on(DAM, B, "it is urgent", NOON, SHOWN)
    assert has(locks, B).is_clear
    broken = has(locks, A).broken
    assert (broken.by, broken.reason, broken.at) == (B.who, "it is urgent", SHOWN)


def test_whose_lock_was_broken_saves_only_once_they_say_so_again(locks):
    has(locks, A)
    locks.go_on(DAM, B, "it is urgent", NOON, SHOWN)
    # Also when the other has saved since.
    locks.leave(DAM, B)
    assert locks.standing(DAM, A, NOON + timedelta(hours=1)).broken
    locks.go_on(DAM, A, "mine says more", NOON, SHOWN)
    assert locks.standing(DAM, A, NOON).is_clear
    assert has(locks, B).held.who == A.who


def test_nobody_needs_a_lock_to_save_what_nobody_holds(locks):
    assert locks.standing(DAM, A, NOON).is_clear
    assert locks.held("flood", NOON) == {}


def test_what_is_in_whose_hands_is_told_by_rumour(locks):
    has(locks, A)
    locks.open(Edited("flood", "dam", Part.FLOWS), B, NOON, SHOWN)
    locks.open(Edited("storm", "wind", Part.FLOWS), C, NOON, SHOWN)
    told = {rumour: [(part, hold.who) for part, hold in parts] for rumour, parts in locks.held("flood", NOON).items()}
    assert told == {"dam": [(Part.CORRECTION, A.who), (Part.FLOWS, B.who)]}
    assert locks.held("flood", NOON + EXPIRES_AFTER) == {}


def test_however_many_forms_are_opened_only_so_many_are_kept():
    locks = SoftLocks(lambda _: True, most=3)
    for number in range(10):
        edited = Edited("flood", f"r{number}", Part.CORRECTION)
        locks.open(edited, A, NOON, SHOWN)
        locks.go_on(edited, B, "why", NOON, SHOWN)
    assert len(locks.held("flood", NOON)) == 3
    assert len(locks._broken) == 3


class ThreePeople(RuleBasedStateMachine):
    """Whatever three people do with two forms each, in whatever order and over however many sessions.

    A session that has ended never comes back: whoever signs in again goes on with the same forms in another one.
    """

    forms = st.tuples(st.integers(0, 2), st.integers(0, 1))

    def __init__(self):
        super().__init__()
        self.sessions = [0, 0, 0]
        self.locks = SoftLocks(lambda session: session in {f"s{who}.{n}" for who, n in enumerate(self.sessions)})
        self.now = NOON
        # Forms that hold, by when they were heard of last, all of one person; and the names of those whose lock was
        # broken.
        self.holding = {}
        self.broken = set()

    def opening(self, form):
        person, number = form
        one = opening(person, number)
        return replace(one, session=f"s{person}.{self.sessions[person]}")

    def holder(self):
        """Who has the dam's correction in hand, or None."""
        return next(
            (
                one.who.user
                for one, at in self.holding.items()
                if self.now - at < EXPIRES_AFTER and one == self.opening(form_of(one))
            ),
            None,
        )

    def is_with_another(self, one):
        return self.holder() not in (None, one.who.user)

    @rule(form=forms)
    def opens_or_keeps(self, form):
        one = self.opening(form)
        found = self.locks.open(DAM, one, self.now, SHOWN)
        assert bool(found.broken) == (one.request in self.broken)
        assert bool(found.held) == (self.is_with_another(one) and one.request not in self.broken)
        if found.is_clear:
            self.take(one)

    @rule(form=forms)
    def goes_on(self, form):
        one = self.opening(form)
        if self.is_with_another(one):
            self.broken |= {each.request for each in self.holding}
        self.broken.discard(one.request)
        self.locks.go_on(DAM, one, "why", self.now, SHOWN)
        self.take(one)

    @rule(form=forms)
    def saves(self, form):
        one = self.opening(form)
        may = self.locks.standing(DAM, one, self.now).is_clear
        assert may == (one.request not in self.broken and not self.is_with_another(one))
        if may:
            self.leaves(form)

    @rule(form=forms)
    def leaves(self, form):
        one = self.opening(form)
        self.locks.leave(DAM, one)
        self.holding.pop(one, None)
        self.broken.discard(one.request)

    @rule(seconds=st.integers(1, 150))
    def waits(self, seconds):
        self.now += seconds * SECOND

    @rule(person=st.integers(0, 2))
    def signs_out_and_in(self, person):
        self.sessions[person] += 1

    def take(self, one):
        kept = self.holding.items() if self.holder() == one.who.user else ()
        self.holding = {each: at for each, at in kept if self.now - at < EXPIRES_AFTER} | {one: self.now}

    @invariant()
    def nobody_holds_but_one_and_none_for_longer_than_the_time(self):
        held = self.locks.held("flood", self.now).get("dam", ())
        assert [hold.who.user for _, hold in held] == [who for who in [self.holder()] if who]


def form_of(one):
    person, number = one.request.removeprefix("r").split(".")
    return int(person), int(number)


ThreePeople.TestCase.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)
TestThreePeople = ThreePeople.TestCase
