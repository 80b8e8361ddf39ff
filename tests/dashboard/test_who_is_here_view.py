"""Who is at each rumour, put together for the screens: seldom, and each person once with what they have in hand."""

from datetime import timedelta

import pytest

from dashboard.views.who_is_here import NOBODY, AtRumour, WhoIsHere
from models.domain.acts import Officer
from models.people.presence import GONE_AFTER, Presence, View
from models.people.soft_locks import Edited, Opening, Part, SoftLocks
from tests.builders import NOON, a_clock

JO = Officer("J. Officer", "duty", "Northgate Police", "u1")
JO_AS_ANALYST = Officer("J. Officer", "analyst", "Northgate Police", "u1")
CO = Officer("C. Omms", "comms", "Northgate Police", "u2")
DAM = Edited("flood", "dam", Part.CORRECTION)


class Seconds:
    passed = 0.0

    def __call__(self):
        return self.passed


@pytest.fixture
def seconds():
    return Seconds()


@pytest.fixture
def ended():
    return set()


@pytest.fixture
def here(seconds, ended):
    def is_live(session):
        return session not in ended

    return WhoIsHere(a_clock(), Presence(is_live), SoftLocks(is_live), seconds=seconds)


def looks(here, who=JO, rumour="dam"):
    here.presence.seen(View(f"s of {who.name}", "p"), "flood", rumour, who, here.now())


def writes(here, who=JO):
    here.locks.open(DAM, Opening(who, f"s of {who.name}", "r"), here.now(), NOON)


def test_where_nobody_is_anywhere_the_stamp_is_always_the_same(here):
    assert here.at("flood") == here.at("storm") == NOBODY
    looks(here)
    here.presence.left(View("s of J. Officer", "p"))
    assert here.at("flood") == NOBODY


def test_who_looks_and_who_writes_are_told_together_and_each_once(here):
    looks(here, JO_AS_ANALYST)
    looks(here, CO)
    writes(here)
    assert here.at("flood").at == {"dam": (AtRumour(CO), AtRumour(JO_AS_ANALYST, (Part.CORRECTION,)))}


def test_who_writes_and_looks_at_another_page_is_told_too(here):
    writes(here)
    looks(here, JO, "bridge")
    assert here.at("flood").at == {"bridge": (AtRumour(JO),), "dam": (AtRumour(JO, (Part.CORRECTION,)),)}


def test_one_is_no_other_to_oneself(here):
    looks(here, JO)
    looks(here, CO)
    assert here.at("flood").others("dam", "u1") == (AtRumour(CO),)
    assert here.at("flood").others("bridge", "u1") == ()


def test_who_comes_or_goes_is_told_at_once_and_a_sign_of_life_is_no_news(here):
    looks(here)
    first = here.at("flood")
    looks(here)
    assert here.at("flood") is first
    looks(here, CO)
    second = here.at("flood")
    assert second.stamp != first.stamp
    writes(here)
    assert here.at("flood").stamp != second.stamp


def test_what_time_alone_or_the_end_of_a_session_changes_is_looked_at_once_a_second(here, seconds, ended):
    looks(here)
    looks(here, CO)
    first = here.at("flood")
    ended.add("s of C. Omms")
    assert here.at("flood") is first
    seconds.passed += 1.0
    second = here.at("flood")
    assert second.at == {"dam": (AtRumour(JO),)}
    seconds.passed += 1.0
    assert here.at("flood") is second


def test_after_a_while_without_a_sign_nobody_is_there(here, seconds, monkeypatch):
    looks(here)
    assert here.at("flood").at
    monkeypatch.setattr(here, "now", lambda: NOON + GONE_AFTER + timedelta(days=1))
    seconds.passed += 1.0
    assert here.at("flood") == NOBODY
