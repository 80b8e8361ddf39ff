"""What is officially said stands on the board: warnings and official posts, the newest first."""

from datetime import timedelta

import pytest

from dashboard.views.board import read_rows
from dashboard.views.officially_said import MOST_SHOWN, OfficialPost, read_officially_said
from dashboard.words import officially_said as words
from models.domain.posts import Kind
from tests.builders import NOON, a_post, an_incident, save
from tests.dashboard.world import an_app, call, judge, opened


@pytest.fixture
def incident(store):
    return store.incidents.open(an_incident()).result()


def a_warning(text, **changes):
    return a_post(text, kind="alert", official=True, **changes)


def said_in(store, incident, as_of=None):
    arrangement = store.views.history(incident.id).at(as_of)
    rows = read_rows(store, incident.id, NOON, as_of=as_of, arrangement=arrangement)
    return read_officially_said(store, incident.id, arrangement, rows, as_of=as_of)


def test_the_newest_comes_first_and_a_warning_that_was_replaced_says_so(store, incident):
    first = a_warning("Flood warning. Area: Dale.")
    later = a_warning("Cancelled: Flood warning. Area: Dale.", quote_of=first.id, minute=5)
    advice = a_post("Boil your water", official=True, minute=2)
    save(store, incident, [first, advice, later, a_post("the dam has burst")])
    said = said_in(store, incident)
    assert said.newest == (
        OfficialPost(later.text, Kind.ALERT, NOON + timedelta(minutes=5), False),
        OfficialPost(advice.text, Kind.POST, NOON + timedelta(minutes=2), False),
        OfficialPost(first.text, Kind.ALERT, NOON, True),
    )
    assert words.heading(said, NOON) == "Officially said: 2 warnings and 1 post, the newest of 12:05"


def test_what_only_a_stranger_calls_a_warning_is_none_and_an_official_repost_is_not_their_word(store, incident):
    save(store, incident, [a_post("alert!!", kind="alert"), a_post("RT @x: dam", kind="repost", official=True)])
    assert said_in(store, incident).newest == ()


def test_what_reached_another_incident_is_not_shown(store, incident):
    other = store.incidents.open(an_incident("Elsewhere")).result()
    save(store, other, [a_warning("Flood warning.")])
    assert said_in(store, incident).newest == ()


def test_the_past_shows_what_was_known_then(store, incident):
    first = a_warning("Flood warning.")
    save(store, incident, [first])
    then = store.last_known_at()
    save(store, incident, [a_warning("Update: Flood warning.", quote_of=first.id, minute=5)])
    (known,) = said_in(store, incident, then).newest
    assert (known.text, known.is_replaced) == ("Flood warning.", False)


def test_what_reached_the_incident_later_was_not_said_in_it_before(store, incident):
    warning = a_warning("Flood warning.")
    save(store, store.incidents.open(an_incident("Elsewhere")).result(), [warning])
    then = store.last_known_at()
    save(store, incident, [warning])
    assert said_in(store, incident, then).newest == ()
    assert len(said_in(store, incident).newest) == 1


def test_more_than_are_shown_are_counted(store, incident):
    save(store, incident, [a_warning(f"Flood warning {n}.", minute=n) for n in range(MOST_SHOWN + 3)])
    said = said_in(store, incident)
    assert words.heading(said, NOON) == "Officially said: 23 warnings, the newest of 12:22"
    assert words.beginning_of_newest(said) == "Flood warning 22."
    assert words.older(said) == "and 3 older"


def test_an_official_post_tells_its_reach_and_the_rumour_that_it_speaks_about(store):
    incident = opened(store)
    claim = a_post("The dam has burst")
    answer = a_post("The dam has not burst", official=True, author="council", author_followers=900, minute=1)
    copy = a_post("RT @council: The dam has not burst", kind="repost", repost_of=answer.id, minute=2)
    judge(store, incident, [answer, copy], flow="answer")
    judge(store, incident, [claim])
    (said,) = said_in(store, incident).newest
    assert (said.rumour, said.claim) == ("dam", "The dam has burst")
    assert words.reach(said.reach) == "posted 2 times by 2 people, reach 900; followers of 1 person unknown"


def test_the_board_shows_each_part_of_a_warning_in_a_paragraph(store, incident):
    save(store, incident, [a_warning("RED warning.\n\nYellow warning.")])
    shelf = call(
        an_app(store),
        "board-official.hidden",
        [("board-token.data", "any")],
        [("board-context.data", {"incident": incident.id})],
        "board-token.data",
    )
    assert shelf["board-official"]["hidden"] is False
    words = [one["props"]["children"]["props"]["children"] for one in paragraphs(shelf["board-official-list"])]
    assert words == ["RED warning.", "Yellow warning."]


def paragraphs(drawn):
    """The paragraphs in what a browser gets."""
    below = drawn.values() if isinstance(drawn, dict) else drawn if isinstance(drawn, list) else []
    own = [drawn] if isinstance(drawn, dict) and drawn.get("type") == "P" else []
    return own + [one for each in below for one in paragraphs(each)]
