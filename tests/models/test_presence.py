"""Who is here: whoever shows a rumour and was heard of lately, each person once, and nobody after that."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from models.domain.acts import Officer
from models.people.opened import Opened
from models.people.presence import GONE_AFTER, Presence, View
from tests.builders import NOON

SECOND = timedelta(seconds=1)
JO, CO = (Officer(name, "duty", "Northgate Police", user) for name, user in (("J. Officer", "u1"), ("C. Omms", "u2")))
DESK, LAPTOP = View("s1", "p1"), View("s1", "p2")
OTHER = View("s2", "p3")


def a_presence(ended=(), **more) -> Presence:
    return Presence(lambda session: session not in ended, **more)


def test_who_shows_a_rumour_is_at_that_rumour_and_at_no_other():
    presence = a_presence()
    presence.seen(DESK, "flood", "dam", JO, NOON)
    assert presence.here("flood", NOON) == {"dam": (JO,)}
    assert presence.here("storm", NOON) == {}


def test_two_pages_of_one_person_count_once():
    presence = a_presence()
    for view in (DESK, LAPTOP, View("s9", "p9")):
        presence.seen(view, "flood", "dam", JO, NOON)
    presence.seen(OTHER, "flood", "dam", CO, NOON + SECOND)
    assert presence.here("flood", NOON + SECOND) == {"dam": (JO, CO)}
    presence.left(DESK)
    assert presence.here("flood", NOON + SECOND) == {"dam": (JO, CO)}


def test_who_leaves_is_gone_at_once():
    presence = a_presence()
    presence.seen(DESK, "flood", "dam", JO, NOON)
    presence.left(DESK)
    presence.left(DESK)
    assert presence.here("flood", NOON) == {}


def test_who_was_not_heard_of_is_gone_after_a_while():
    presence = a_presence()
    presence.seen(DESK, "flood", "dam", JO, NOON)
    presence.seen(DESK, "flood", "dam", JO, NOON + 10 * SECOND)
    assert presence.here("flood", NOON + 10 * SECOND + GONE_AFTER - SECOND) == {"dam": (JO,)}
    assert presence.here("flood", NOON + 10 * SECOND + GONE_AFTER) == {}


def test_with_a_session_all_its_pages_are_gone():
    ended = set()
    presence = a_presence(ended)
    presence.seen(DESK, "flood", "dam", JO, NOON)
    presence.seen(LAPTOP, "flood", "bridge", JO, NOON)
    ended.add("s1")
    assert presence.here("flood", NOON) == {}


def test_a_page_that_goes_on_to_another_rumour_is_there_and_no_longer_here():
    presence = a_presence()
    presence.seen(DESK, "flood", "dam", JO, NOON)
    presence.seen(DESK, "flood", "bridge", JO, NOON)
    assert presence.here("flood", NOON) == {"bridge": (JO,)}


def test_a_sign_of_life_alone_is_no_change():
    presence = a_presence()
    presence.seen(DESK, "flood", "dam", JO, NOON)
    before = presence.changes
    presence.seen(DESK, "flood", "dam", JO, NOON + SECOND)
    assert presence.changes == before
    presence.left(DESK)
    assert presence.changes > before


def test_however_many_pages_ask_only_so_many_are_kept():
    presence = a_presence(most=3)
    for number in range(10):
        presence.seen(View("s1", f"p{number}"), "flood", f"r{number}", JO, NOON)
    assert list(presence.here("flood", NOON)) == ["r7", "r8", "r9"]


def test_whoever_was_not_heard_of_for_longest_is_forgotten_first():
    presence = a_presence(most=2)
    for page in ("p1", "p2", "p1", "p3"):
        presence.seen(View("s1", page), "flood", page, JO, NOON)
    assert list(presence.here("flood", NOON)) == ["p1", "p3"]


VIEWS = st.sampled_from([(View(f"s{person}", f"p{page}"), person) for person in range(3) for page in range(2)])
STEPS = st.tuples(st.sampled_from(["seen", "left", "waits"]), VIEWS, st.sampled_from("ab"), st.integers(0, 60))


@given(st.lists(STEPS, max_size=40))
def test_whoever_is_shown_was_heard_of_within_the_time_and_has_not_left(steps):
    presence, now, heard = a_presence(), NOON, {}
    for step, (view, person), rumour, seconds in steps:
        who = Officer(f"P{person}", "duty", "", f"u{person}")
        if step == "seen":
            presence.seen(view, "flood", rumour, who, now)
            heard[view] = (rumour, who, now)
        elif step == "left":
            presence.left(view)
            heard.pop(view, None)
        else:
            now += seconds * SECOND
        expected = {(rumour, who.user) for rumour, who, at in heard.values() if now - at < GONE_AFTER}
        shown = [(rumour, who.user) for rumour, people in presence.here("flood", now).items() for who in people]
        assert sorted(shown) == sorted(expected)


def test_what_was_opened_is_remembered_up_to_a_bound():
    opened = Opened(most=2)
    for number in (1, 2, 2, 3):
        opened.add("flood", number)
    assert [opened.has("flood", number) for number in (1, 2, 3)] == [False, True, True]
    assert not opened.has("storm", 3)
