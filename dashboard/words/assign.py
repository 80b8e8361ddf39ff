"""Words of assigning a rumour and of handing it over: the two forms, the board's list of what was handed to you."""

from dashboard.words.shared import claim, officer
from models.domain.acts import Assignee, Officer

ASSIGN = "Assign…"
HAND_OVER = "Hand over…"
ASSIGN_TITLE = "Assign this rumour"
HAND_OVER_TITLE = "Hand over this rumour"
ASSIGN_INTRO = "Whom you choose answers for it from now on. Its state stays as it is."
HAND_OVER_INTRO = "It is yours now. Whom you choose answers for it from now on. Its state stays as it is."
TO = "To whom"
TO_HINT = "Those who may act in this incident, and the desks used before. Type part of a name to find it."
DESK = "Or another desk"
DESK_HINT = "Example: Comms desk"
NOTE = "Note for them"
NOTE_HINT = "What is known, what you promised, what is due"
ASSIGN_SAVE = "Assign"
HAND_OVER_SAVE = "Hand over"
NOT_ASSIGNED = "It is not assigned yet"
NOT_HANDED_OVER = "It is not handed over yet"
CHOOSE_TO = "Choose a person or a desk, or enter another desk."
CHOOSE_ONE = "Choose from the list or enter another desk, not both."
ENTER_NOTE = "Enter what they need to know. They see it on their board."
CANNOT_ACT = "This person cannot act in this incident, or no longer. Choose again."
HANDED_LABEL = "Handed to you"


def person(who: Officer) -> str:
    """C. Omms (comms officer, Northgate Police)"""
    return officer(who)


def desk(name: str) -> str:
    """Comms desk (desk)"""
    return f"{name} (desk)"


def logged(to: Assignee, text: str) -> str:
    """What a screen reader hears after it."""
    return f"Logged: the rumour is assigned to {to.name}. {claim(text)}"


def logged_before(to: Assignee) -> str:
    """Of a retry whose first try was logged with another person or another note."""
    return f"This was already logged: the rumour was assigned to {to.name}."


def handed(by: Officer, note: str) -> str:
    """handed to you by J. Officer (duty officer, Northgate Police): ring the reservoir"""
    said = f"handed to you by {officer(by)}"
    return f"{said}: {note}" if note else said


def handed_line(by: Officer, note: str) -> str:
    """The same as a line of its own."""
    said = handed(by, note)
    return said[0].upper() + said[1:]
