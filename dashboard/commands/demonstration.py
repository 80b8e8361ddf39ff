"""The people of a demo or a replay: one a role, to be chosen at the sign-in. None of them is a person's name."""

from collections.abc import Sequence

from dashboard.words.acts import ROLES
from models.domain.users import Grant, Role, User, Way
from models.store import Store


def let_people_be_chosen(store: Store, services: Sequence[str]) -> None:
    """Record one person a role for each of these services, where they are not there yet."""
    for service in services:
        for role in Role:
            user = _person(role, service)
            if store.users.get(user.id) is None:
                store.users.record(user, None, None).result()


def _person(role: Role, service: str) -> User:
    name = f"{role.value}.{service}".lower().replace(" ", "-")
    return User(name, Way.CHOSEN, name, ROLES[role], service, frozenset({Grant(role, service)}))
