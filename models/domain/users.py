"""Who may sign in: people with a name, a service and roles; how they sign in; and the sessions they have."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from models.domain.acts import Officer


class Role(StrEnum):
    """What somebody does in an incident. A role is no rank: each may do what its work asks for.

    The order is that in which a person's roles are tried for an act.
    """

    DUTY = "duty"
    COMMS = "comms"
    # Approves what is said to the public.
    APPROVER = "approver"
    ANALYST = "analyst"
    # Answers for the data: audit, exports with handles, who looked at what.
    INFORMATION_MANAGER = "information-manager"
    # Keeps users, sources and settings.
    ADMINISTRATOR = "administrator"
    VIEWER = "viewer"


@dataclass(frozen=True, slots=True, order=True)
class Grant:
    """That somebody holds a role for a service: in every incident that it takes part in, or in one."""

    role: Role
    service: str
    incident: str | None = None


class Way(StrEnum):
    """How somebody signs in."""

    LOCAL = "local"
    # By the service's own provider (OpenID Connect).
    PROVIDER = "provider"
    # By choosing a person, where an incident of the past or an exercise is played.
    CHOSEN = "chosen"


@dataclass(frozen=True, slots=True)
class User:
    """A person who may sign in. Changed only by a new version.

    `sign_in_name` is what a local user types; of one who comes by a provider it is "ISSUER SUBJECT", which no person
    types. `service` is the person's own; grants may be for others too. `blocked` users cannot sign in.
    """

    id: str
    way: Way
    sign_in_name: str
    name: str
    service: str
    grants: frozenset[Grant] = frozenset()
    blocked: bool = False


@dataclass(frozen=True, slots=True)
class UserVersion:
    """A user as recorded once; `by` is None where the provider or a command of the first start said so."""

    number: int
    user: User
    recorded_at: datetime
    by: Officer | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class Credential:
    """What a local user proves themself by. The latest row counts.

    `password` is an argon2id hash, `second_factor` the secret of the codes, None where not set up. `set_up` is the
    digest of a one-time link and `set_up_until` when that ends, None where no link is open. `last_code` is the number
    of the time step whose code was used last: no code works twice.
    """

    user: str
    password: str | None = None
    second_factor: str | None = None
    set_up: str | None = None
    set_up_until: datetime | None = None
    last_code: int | None = None


class Ended(StrEnum):
    """Why a session ended."""

    SIGNED_OUT = "signed-out"
    IDLE = "idle"
    TOO_OLD = "too-old"
    # By an administrator, or because the user was blocked.
    BY_OTHERS = "by-others"
    # By the person, from another session; or because the password changed.
    BY_THEMSELVES = "by-themselves"
    AT_PROVIDER = "at-provider"


@dataclass(frozen=True, slots=True)
class Session:
    """One sign-in of one browser. `id` is the digest of the token that only the browser has.

    `device` says in plain words which browser ("Chromium on Linux"). `provider_session` is the provider's own name
    for it, by which the provider ends it.
    """

    id: str
    user: str
    way: Way
    device: str
    started_at: datetime
    seen_at: datetime
    ended_at: datetime | None = None
    ended: Ended | None = None
    provider_session: str | None = None


def grants_for(user: User, services: Collection[str], incident: str | None) -> list[Grant]:
    """What a user holds for any of these services in an incident (None: beyond incidents), in the order of roles."""
    order = list(Role)
    held = [one for one in user.grants if one.service in services and one.incident in (None, incident)]
    return sorted(held, key=lambda one: (order.index(one.role), one.service, one.incident or ""))
