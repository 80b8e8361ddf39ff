"""Why something cannot be done: sentences of what every form and button may answer."""

from collections.abc import Iterable

NOT_LOGGED = "Not logged: Grapevine could not save it. Try again, or tell the administrator."
NOT_CONFIRMED = (
    "Not confirmed yet: the server is busy and may still log it. "
    "Check the decisions, or try again. Nothing is logged twice."
)
# The same, whether there is none or whether it is another service's.
NO_SUCH_INCIDENT = (
    "There is no such incident, or it is not shared with your service. Go to the board and choose the rumour again."
)
# Role names with their articles, by the value of the role.
ROLES = {
    "viewer": "a viewer",
    "duty": "a duty officer",
    "comms": "a comms officer",
    "approver": "an approver",
    "analyst": "an analyst",
    "information-manager": "an information manager",
    "administrator": "an administrator",
}
NO_ROLE = "You have no role in this incident. Ask an administrator for one."


def roles_cannot(held: Iterable[str], able: Iterable[str]) -> str:
    """`held` are the values of a person's roles, `able` those of the roles that may do it."""
    mine = " and ".join(dict.fromkeys(ROLES[one] for one in held))
    others = one_of(able)
    return f"You cannot do this as {mine}. Ask {others}." if mine else f"{NO_ROLE} This takes {others}."


def one_of(able: Iterable[str]) -> str:
    """a comms officer or a duty officer"""
    return " or ".join(sorted(ROLES[one] for one in able))
