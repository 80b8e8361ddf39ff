"""Users and sessions of the contract tests."""

from datetime import datetime

from models.domain.acts import Officer
from models.domain.users import Grant, Role, Session, User, Way
from tests.builders import NOON

ADMINISTRATOR = Officer("A. Dmin", "administrator", "Northgate police", "admin")
ISSUER = "https://login.example.org/northgate"


def a_user(id_: str = "officer", **changes) -> User:
    fields = {
        "way": Way.LOCAL,
        "sign_in_name": f"j.{id_}",
        "name": f"J. {id_.title()}",
        "service": "Northgate police",
        "grants": frozenset({Grant(Role.DUTY, "Northgate police")}),
    }
    return User(id=id_, **{**fields, **changes})


def by_provider(subject: str) -> User:
    return a_user(subject, way=Way.PROVIDER, sign_in_name=f"{ISSUER} {subject}")


def a_session(id_: str, user: str = "officer", at: datetime = NOON, **changes) -> Session:
    fields = {"way": Way.LOCAL, "device": "Chromium on Linux", "started_at": at, "seen_at": at}
    return Session(id=id_, user=user, **{**fields, **changes})
