"""Whatever has a name in the code has its word on the screens."""

import pytest

from dashboard.access import Role
from dashboard.views.ranking import Rank, Tab, Window
from dashboard.views.rumour import RumourTab
from dashboard.words import acts as acts_words
from dashboard.words import board as board_words
from dashboard.words import incidents as incidents_words
from dashboard.words import refusals
from dashboard.words import rumour as rumour_words
from dashboard.words import shared as shared_words
from dashboard.words import sources as sources_words
from models.domain import users
from models.domain.acts import Act, Officer
from models.domain.corrections import Verdict
from models.domain.incidents import Retention
from models.domain.posts import Kind
from models.domain.rumours import Stance, State
from models.domain.sightings import HeardBy
from models.domain.sources import HealthKind, SourcePhase
from models.measures.spread import Trend


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (shared_words.STATES, State),
        (shared_words.STANCES, Stance),
        (shared_words.VERDICTS, Verdict),
        (shared_words.ROLES, {role.value for role in users.Role}),
        (acts_words.VERDICT_MEANINGS, Verdict),
        (acts_words.ACTS, Act),
        (acts_words.DONE, Act),
        (acts_words.SUGGESTED_REASONS, set(Act) - {Act.CORRECT, Act.ASSIGN}),
        (acts_words.ACT_TITLES, set(Act) - {Act.CORRECT}),
        (acts_words.ROLES, Role),
        (refusals.ROLES, {role.value for role in Role}),
        (board_words.TABS, Tab),
        (board_words.RANKS, Rank),
        (board_words.WINDOWS, Window),
        (board_words.TRENDS, Trend),
        (board_words.ARROWS, Trend),
        (rumour_words.TABS, RumourTab),
        (rumour_words.KINDS, Kind),
        (rumour_words.HEARD_BY, HeardBy),
        (sources_words.PHASES, SourcePhase),
        (sources_words.EVENTS, HealthKind),
        (incidents_words.RETENTIONS, Retention),
        (incidents_words.RETENTION_MEANINGS, Retention),
    ],
)
def test_every_one_of_a_kind_has_its_word(words, named):
    assert set(words) == set(named)


@pytest.mark.parametrize(
    ("who", "reads"),
    [
        (Officer("J. Officer", "duty", "Northgate Police", "u17"), "J. Officer (duty officer, Northgate Police)"),
        (Officer("J. Officer", "information-manager", "", "u17"), "J. Officer (information manager)"),
        (Officer("J. Officer", "duty"), "J. Officer (duty, asserted)"),
        (Officer("J. Officer", "duty", "Northgate Police"), "J. Officer (duty, Northgate Police, asserted)"),
    ],
)
def test_an_officer_is_named_with_role_and_service_and_whether_they_were_signed_in(who, reads):
    assert shared_words.officer(who) == reads
