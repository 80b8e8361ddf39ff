"""From what a provider says of a person to what they may do here: groups, roles, and the user as recorded."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from models.domain.users import Grant, User, Way
from models.limits import LONGEST_NAME
from models.provider_settings import GroupRole
from models.text import harmless, one_line, storable

# Claims by which a person is called, the best first. The last is always there.
_NAMES = ("name", "preferred_username", "email", "sub")


class GroupsElsewhere(Exception):
    """The person is in more groups than the provider puts into a token; it says only that they are kept elsewhere."""


def groups_in(claims: Mapping[str, Any], claim: str) -> frozenset[str] | None:
    """A person's groups; None where the claims do not speak of groups at all.

    Raises GroupsElsewhere where Entra ID leaves them out because they are too many: that they have none is not said.

    >>> sorted(groups_in({"groups": ["b", "a"]}, "groups")), groups_in({}, "groups")
    (['a', 'b'], None)
    """
    said = claims.get(claim)
    if isinstance(said, str):
        return frozenset({said})
    if isinstance(said, list):
        return frozenset(one for one in said if isinstance(one, str))
    elsewhere = claims.get("_claim_names")
    if (isinstance(elsewhere, dict) and claim in elsewhere) or claims.get("hasgroups") in (True, "true"):
        raise GroupsElsewhere
    return None


def grants_of(
    groups: Collection[str], mapped: Sequence[GroupRole], known_incident: Callable[[str], bool]
) -> list[Grant]:
    """What somebody in these groups may do, as config.toml orders it; in an incident that is not there, nothing."""
    held = [one.grant for one in mapped if one.group in groups]
    return list(dict.fromkeys(one for one in held if one.incident is None or known_incident(one.incident)))


def provider_name(issuer: str, subject: str) -> str:
    """By what a user who comes by a provider is known."""
    return f"{issuer} {subject}"


def user_by(
    claims: Mapping[str, Any], issuer: str, grants: Sequence[Grant], known: User | None, new_id: Callable[[], str]
) -> User:
    """The user as a provider's claims say, with what is known of them here: their id, and whether they are blocked.

    Without a grant they stay what they were, and may do nothing.
    """
    name = _name(claims)
    if known is not None:
        service = grants[0].service if grants else known.service
        return replace(known, name=name, service=service, grants=frozenset(grants))
    return User(
        id=new_id(),
        way=Way.PROVIDER,
        sign_in_name=provider_name(issuer, claims["sub"]),
        name=name,
        service=grants[0].service,
        grants=frozenset(grants),
    )


def _name(claims: Mapping[str, Any]) -> str:
    said = (claims.get(one) for one in _NAMES)
    written = (one_line(harmless(storable(one)))[:LONGEST_NAME].strip() for one in said if isinstance(one, str))
    return next(one for one in written if one)
