"""What the rumour's page says of decisions and sightings."""

from datetime import timedelta

from dashboard.views.posts import Heard
from dashboard.words import rumour as rumour_words
from models.domain.acts import Act, Decision, Officer
from models.domain.rumours import State
from models.domain.sightings import HeardBy
from tests.builders import NOON


def test_a_decision_reads_as_a_line_of_the_log():
    decision = Decision(
        1, "i", "dam", Act.TAKE, State.ASSESSING, Officer("J. Officer", "duty"), "checking with the operator", NOON
    )
    assert (
        rumour_words.decision(decision, NOON + timedelta(hours=1))
        == "12:00 J. Officer (duty, asserted) took this: checking with the operator"
    )


def test_a_sighting_says_how_it_was_heard_and_by_whom():
    heard = Heard(HeardBy.TELEPHONE, Officer("J. Officer", "duty"), "a passer-by")
    assert rumour_words.heard(heard) == "Heard by telephone, taken by J. Officer (duty). Reliability: a passer-by"
