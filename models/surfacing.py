"""When a rumour goes on the board: the rule, and the alert budget that keeps a board readable."""

from collections import deque
from datetime import datetime, timedelta

from models.domain import Likelihood
from models.tally import Tally

LEAST_PEOPLE = 3
BUDGET_WINDOW = timedelta(hours=1)


class SurfacingRule:
    """Several people, likely enough, and room in the hour's budget. Rumours made by hand are outside it."""

    def __init__(self, *, budget_per_hour: int, least_likelihood: float):
        self.budget_per_hour = budget_per_hour
        self.least_likelihood = least_likelihood
        self._surfaced: deque[datetime] = deque()

    def allows(self, tally: Tally, likelihood: Likelihood, moment: datetime) -> bool:
        while self._surfaced and moment - self._surfaced[0] >= BUDGET_WINDOW:
            self._surfaced.popleft()
        return (
            tally.people >= LEAST_PEOPLE
            and likelihood.probability >= self.least_likelihood
            and len(self._surfaced) < self.budget_per_hour
        )

    def learn(self, moment: datetime) -> None:
        """Spend one of the hour's budget."""
        self._surfaced.append(moment)

    def in_words(self, tally: Tally, likelihood: Likelihood) -> str:
        """The rule as it was met, for the record."""
        return (
            f"{tally.people} people (at least {LEAST_PEOPLE}), likelihood {likelihood.probability:.2f} "
            f"(at least {self.least_likelihood:.2f}), within {self.budget_per_hour} an hour"
        )
