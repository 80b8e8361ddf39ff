"""The checks of who may sign in: names, services, sign-in names and roles as they may be recorded."""

import re
from dataclasses import replace

from models.domain.acts import Officer
from models.domain.users import Grant, Role, User, Way, grants_for
from models.errors import Refused
from models.limits import LONGEST_LINK, LONGEST_NAME, MOST_GRANTS, too_long, too_many
from models.people.acts import MODEL
from models.people.checks import refuse, written
from models.text import compatible, folded, one_line

_SIGN_IN_NAME = re.compile(r"[\w.@+-]+")


def checked_user(user: User) -> User:
    """A user as they may be recorded. Raises Refused with every problem at once, by field."""
    name, service = one_line(written(user.name)), one_line(written(user.service))
    sign_in_name = written(user.sign_in_name)
    grants = [_tidied(grant) for grant in user.grants]
    refuse(
        {
            "name": _problem_with_name(name),
            "service": _problem_with_service(service),
            "sign_in_name": (_problem_with_provider_name if user.way is Way.PROVIDER else _problem_with_local_name)(
                sign_in_name
            ),
            "grants": too_many("roles", grants, MOST_GRANTS)
            or next((problem for grant in grants if (problem := _problem_with_grant(grant))), None),
        }
    )
    if user.way is Way.LOCAL:
        sign_in_name = compatible(sign_in_name)
    return replace(user, name=name, service=service, sign_in_name=sign_in_name, grants=frozenset(grants))


def officer_of(user: User) -> Officer:
    """A user as the log names them beyond any incident; without a role where they hold none there."""
    held = grants_for(user, {grant.service for grant in user.grants}, None)
    return Officer(user.name, held[0].role.value if held else "", user.service, user.id)


def role_called(name: object) -> Role:
    """The role of this name. Raises Refused where there is none.

    >>> role_called(" Duty ")
    <Role.DUTY: 'duty'>
    """
    typed = one_line(written(name)).lower()
    try:
        return Role(typed)
    except ValueError:
        known = ", ".join(Role)
        raise Refused({"grants": f"No role is called “{typed[:LONGEST_NAME]}”. Choose from: {known}."}) from None


def sign_in_key(typed: str) -> str:
    """What a local user is found by: the same for all ways of typing a sign-in name. "" for what can be nobody's.

    >>> sign_in_key(" J.Officer ") == sign_in_key("ｊ.officer")
    True
    """
    # Folding what is long takes time, and no name is.
    return folded(typed.strip()) if len(typed) <= 2 * LONGEST_NAME else ""


def _tidied(grant: Grant) -> Grant:
    incident = None if grant.incident is None else written(grant.incident)
    return Grant(role_called(grant.role), one_line(written(grant.service)), incident)


def _problem_with_name(name: str) -> str | None:
    if not name:
        return "Enter the person's name. The log shows it with all they do."
    if name.casefold() == MODEL:
        return "Enter a person's name. “model” is reserved for what the model decided."
    return too_long("the name", name, LONGEST_NAME)


def _problem_with_service(service: str) -> str | None:
    if not service:
        return "Enter the service that the person works for."
    return too_long("the service", service, LONGEST_NAME)


def _problem_with_local_name(typed: str) -> str | None:
    if not typed:
        return "Enter a name to sign in with, such as j.officer."
    if problem := too_long("the sign-in name", typed, LONGEST_NAME):
        return problem
    normal = compatible(typed)
    if not _SIGN_IN_NAME.fullmatch(normal):
        return "Use only letters, digits and . _ - + @ in the sign-in name, and no spaces."
    # One letter may become eighteen.
    return too_long("the sign-in name", normal, LONGEST_NAME)


def _problem_with_provider_name(typed: str) -> str | None:
    issuer, _, subject = typed.partition(" ")
    if not issuer or not subject:
        return "The provider must say who it is and who this person is. Check its settings."
    return too_long("what the provider calls this person", typed, LONGEST_LINK)


def _problem_with_grant(grant: Grant) -> str | None:
    if not grant.service:
        return f"Say for which service the person is {grant.role}."
    if grant.incident == "":
        return "Say in which incident the role holds, or leave the incident out."
    return too_long("the service of a role", grant.service, LONGEST_NAME) or too_long(
        "the incident of a role", grant.incident or "", LONGEST_NAME
    )
