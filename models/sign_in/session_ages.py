"""How long a session lasts: unused, and at most."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from models.config import SignInSettings
from models.domain.users import Ended, Session


@dataclass(frozen=True, slots=True)
class SessionAges:
    """`idle` is how long nobody may have touched the browser, `at_most` how long a session may be used at all."""

    idle: timedelta = timedelta(hours=1)
    at_most: timedelta = timedelta(hours=13)

    @classmethod
    def of(cls, settings: SignInSettings) -> "SessionAges":
        """As config.toml says."""
        return cls(timedelta(minutes=settings.idle_minutes), timedelta(hours=settings.at_most_hours))


def ended_by_age(session: Session, now: datetime, ages: SessionAges) -> Ended | None:
    """Why a session has ended by itself, or None."""
    if now - session.started_at > ages.at_most:
        return Ended.TOO_OLD
    if now - session.seen_at > ages.idle:
        return Ended.IDLE
    return None
