"""When a rumour goes on the board: the rule, and the alert budget that keeps a board readable."""

from datetime import datetime, timedelta

from models.config import BoardSettings
from models.domain import Likelihood
from models.judgement.features import Tally

LEAST_PEOPLE = 3
# Rumours come in bursts: what quiet hours leave of the budget is saved, up to so many hours' worth.
HOURS_SAVED = 2


class SurfacingRule:
    """A rumour goes on the board when it has several people, is likely enough, and the alert budget has room.

    The budget is a token bucket in stream time. It starts with two hours' worth, so no hour brings more than three
    hours' worth. Rumours made by hand are outside it.

    >>> rule, noon = SurfacingRule(budget_per_hour=1, least_likelihood=0.5), datetime(2026, 11, 20, 12)
    >>> three_people, likely = Tally(posts=3, unnamed=3), Likelihood(0.8, reasons=())
    >>> rule.allows(three_people, likely, noon), rule.allows(Tally(posts=3, unnamed=2), likely, noon)
    (True, False)
    >>> rule.learn(noon)
    >>> rule.learn(noon)
    >>> rule.allows(three_people, likely, noon), rule.allows(three_people, likely, noon + timedelta(hours=1))
    (False, True)
    """

    def __init__(self, *, budget_per_hour: int, least_likelihood: float):
        self.budget_per_hour = budget_per_hour
        self.least_likelihood = least_likelihood
        self._saved = float(HOURS_SAVED * budget_per_hour)
        self._saved_at: datetime | None = None

    @classmethod
    def by(cls, board: BoardSettings) -> "SurfacingRule":
        """The rule as [board] in config.toml sets it, nothing of its budget spent."""
        return cls(budget_per_hour=board.alert_budget_per_hour, least_likelihood=board.least_likelihood)

    def allows(self, tally: Tally, likelihood: Likelihood, moment: datetime) -> bool:
        """Whether a rumour may go on the board now. Spends nothing."""
        return (
            tally.people >= LEAST_PEOPLE
            and likelihood.probability >= self.least_likelihood
            and self._savings(moment) >= 1
        )

    def learn(self, moment: datetime) -> None:
        """Spend the budget for one rumour that went on the board."""
        self._saved = self._savings(moment) - 1
        self._saved_at = max(self._saved_at or moment, moment)

    def in_words(self, tally: Tally, likelihood: Likelihood) -> str:
        """How a rumour met the rule, for the record."""
        return (
            f"{tally.people} people (at least {LEAST_PEOPLE}), likelihood {likelihood.probability:.2f} "
            f"(at least {self.least_likelihood:.2f}), within {self.budget_per_hour} an hour on average"
        )

    def _savings(self, moment: datetime) -> float:
        if self._saved_at is None:
            return self._saved
        earned = (moment - self._saved_at) / timedelta(hours=1) * self.budget_per_hour
        return min(self._saved + max(0.0, earned), float(HOURS_SAVED * self.budget_per_hour))
