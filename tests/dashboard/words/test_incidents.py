"""What the list of incidents says of each."""

from datetime import timedelta

from dashboard.words import incidents as incidents_words
from models.domain.incidents import Watch
from tests.builders import NOON, an_incident


def test_an_incident_says_what_it_watches_for():
    watch = Watch(terms=tuple(f"term{k}" for k in range(8)), languages=("en",), accounts=("@a",), sources=("feeds",))
    assert incidents_words.watches(an_incident(watch=watch)) == (
        "term0, term1, term2, term3, term4, term5 and 2 more terms; in en; 1 own account; posts from the source feeds"
    )


def test_an_incident_that_watches_for_nothing_says_that_nothing_reaches_it():
    assert incidents_words.watch_line(an_incident()) == "Watches: nothing yet, so no posts reach it"


def test_an_incident_says_since_when_it_is_open_or_from_when_to_when_it_was():
    later = NOON + timedelta(hours=9)
    assert incidents_words.opened_closed(an_incident(), later) == "since 12:00"
    closed = an_incident(closed_at=NOON + timedelta(hours=8))
    assert incidents_words.opened_closed(closed, later) == "from 12:00 to 20:00"
