"""Why something cannot be done: sentences of what every form and button may answer."""

from collections.abc import Iterable

NOT_LOGGED = "Not logged: Grapevine could not save it. Try again, or tell the administrator."
NOT_CONFIRMED = (
    "Not confirmed yet: the server is busy and may still log it. "
    "Check the decisions, or try again. Nothing is logged twice."
)
NO_SUCH_INCIDENT = "There is no such incident. Go to the board and choose the rumour again."
# Role names with their articles, by the value of the role.
ROLES = {
    "duty": "a duty officer",
    "comms": "a comms officer",
    "analyst": "an analyst",
    "administrator": "an administrator",
}


def role_cannot(role: str, able: Iterable[str]) -> str:
    """`able` are the values of the roles that may do it."""
    names = " or ".join(sorted(ROLES[one] for one in able))
    return f"The role “{role}” cannot do this. Ask {names}, or change your role at the top."
