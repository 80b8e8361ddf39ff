"""When a rumour goes on the board: who may, who comes first, and the alert budget that keeps a board readable.

Each minute of stream time the most urgent of those that may go up do, as far as the budget has room. Nobody is
forgotten: who finds no room waits for it, until nothing new has been posted for hours. Likelihood ranks and does not
hide: what many people say goes up too, as long as that leaves room for what is likely.

The budget's reserve and the form of `urgency` were chosen on nine incidents (four of PHEME, prince-toronto, both
written ones, the exercise, a quiet day), grouped as version 0.3.0 did: with each left out in turn, the others choose
the same, but for the exercise. What is fast, large and talked over was set afterwards, by looking at what chatter
reached the board of the written incidents, the exercise and the quiet day.
"""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from models.config import BoardSettings
from models.judgement.features import FAST_POSTS, Tally

LEAST_PEOPLE = 3
# Rumours come in bursts: what quiet hours leave of the budget is saved, up to so many hours' worth.
HOURS_SAVED = 2
# A group that nothing was added to for so long waits no more: it is only also being said.
FADES_AFTER = timedelta(hours=3)
# What people do overrules likelihood only where they copy or answer each other: chatter that merely sounds alike has
# as many texts as people. It keeps off 9 of 11 large groups of a quiet day, 5 of 36 of the two written incidents.
LEAST_PEOPLE_A_TEXT = 1.4
# No likelihood counts for more than that of one in five hundred.
LEAST_ODDS = 0.002


class Wait(StrEnum):
    """Why a group of several people is not on the board."""

    ROOM = "room"
    UNLIKELY = "unlikely"
    FADED = "faded"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A rumour that may go on the board as soon as there is room, as it is at a moment of stream time."""

    rumour: str
    tally: Tally
    likelihood: float
    moment: datetime

    @property
    def urgency(self) -> float:
        """What ranks candidates: the log-odds of the likelihood, and what people do.

        That is people, posts of the last ten minutes, the share of posts that ask whether it is true, and how long
        nobody has looked at it.
        """
        chance = min(max(self.likelihood, LEAST_ODDS), 1 - LEAST_ODDS)
        minutes = (self.moment - self.tally.first_at) / timedelta(minutes=1)
        return (
            math.log(chance / (1 - chance))
            + math.log(self.tally.people)
            + 0.5 * math.log1p(self.tally.recent(self.moment))
            + 2.0 * self.tally.asking
            + 0.2 * math.log1p(max(0.0, minutes))
        )


class SurfacingRule:
    """Who may go on the board, and whether there is room.

    A group of three people and more may go up where it is likely enough; also where it has grown fast or is large,
    and its people copy or answer each other. The budget is a token bucket in stream time. It starts with two hours'
    worth; an hour's worth is kept for what is likely. What is both likely and large borrows up to an hour's worth of
    what is to come, so no hour brings more than four hours' worth. Rumours made by hand are outside it.

    >>> noon = datetime(2026, 11, 20, 12)
    >>> rule = SurfacingRule(budget_per_hour=1, least_likelihood=0.5, large_group=40)
    >>> three, many = Tally(posts=3, unnamed=3), Tally(posts=60, unnamed=49)
    >>> rule.may_go_up(three, 0.8, texts=3), rule.may_go_up(three, 0.3, texts=3)
    (True, False)
    >>> rule.may_go_up(many, 0.3, texts=9)
    True
    >>> rule.spend(noon)
    >>> rule.spend(noon)
    >>> rule.has_room(three, 0.8, noon), rule.has_room(three, 0.8, noon + timedelta(hours=1))
    (False, True)
    >>> rule.has_room(many, 0.8, noon), rule.has_room(many, 0.3, noon)
    (True, False)
    """

    def __init__(self, *, budget_per_hour: int, least_likelihood: float, large_group: int):
        self.budget_per_hour = budget_per_hour
        self.least_likelihood = least_likelihood
        self.large_group = large_group
        self._saved = float(HOURS_SAVED * budget_per_hour)
        self._saved_at: datetime | None = None

    @classmethod
    def by(cls, board: BoardSettings) -> "SurfacingRule":
        """The rule as [board] in config.toml sets it, nothing of its budget spent."""
        return cls(
            budget_per_hour=board.alert_budget_per_hour,
            least_likelihood=board.least_likelihood,
            large_group=board.large_group,
        )

    def may_go_up(self, tally: Tally, likelihood: float, texts: int) -> bool:
        """Whether a group may go on the board where there is room; so many distinct texts in it make a claim."""
        if texts == 0 or tally.people < LEAST_PEOPLE:
            return False
        is_passed_on = tally.people >= LEAST_PEOPLE_A_TEXT * texts
        is_large = tally.grew_fast or tally.people >= self.large_group
        return likelihood >= self.least_likelihood or (is_large and is_passed_on)

    def has_room(self, tally: Tally, likelihood: float, moment: datetime) -> bool:
        """Whether the budget allows a rumour of these counts and this likelihood."""
        if likelihood < self.least_likelihood:
            return self._savings(moment) >= self.budget_per_hour
        borrowed = self.budget_per_hour if tally.people >= self.large_group else 0
        return self._savings(moment) >= 1 - borrowed

    def spend(self, moment: datetime) -> None:
        """Take one rumour that went on the board from the budget."""
        self._saved = self._savings(moment) - 1
        self._saved_at = max(self._saved_at or moment, moment)

    @property
    def last_spent(self) -> datetime | None:
        """The latest moment at which a rumour was taken from the budget."""
        return self._saved_at

    def in_words(self, candidate: Candidate) -> str:
        """How a rumour met the rule, for the record."""
        people, likelihood = candidate.tally.people, candidate.likelihood
        if likelihood >= self.least_likelihood:
            met = (
                f"{people} people (at least {LEAST_PEOPLE}), likelihood {likelihood:.2f} "
                f"(at least {self.least_likelihood:.2f})"
            )
        elif candidate.tally.grew_fast:
            met = f"{people} people say this, {FAST_POSTS} and more within an hour; likelihood {likelihood:.2f}"
        else:
            met = f"{people} people say this (at least {self.large_group}); likelihood {likelihood:.2f}"
        return f"{met}, within {self.budget_per_hour} an hour on average"

    def _savings(self, moment: datetime) -> float:
        if self._saved_at is None:
            return self._saved
        earned = (moment - self._saved_at) / timedelta(hours=1) * self.budget_per_hour
        return min(self._saved + max(0.0, earned), float(HOURS_SAVED * self.budget_per_hour))


def has_faded(last_at: datetime | None, moment: datetime) -> bool:
    """Whether the newest post of a group is so old that it waits no more. A time that is not known is not old."""
    return last_at is not None and moment - last_at > FADES_AFTER


def why_off_board(*, may_go_up: bool, last_at: datetime | None, moment: datetime) -> Wait:
    """Why a group of several people is not on the board at a moment."""
    if not may_go_up:
        return Wait.UNLIKELY
    return Wait.FADED if has_faded(last_at, moment) else Wait.ROOM
