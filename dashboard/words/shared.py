"""Words that several screens share: counts, the claim's prefix, states, stances and their marks, who acted."""

from dashboard.views.languages import ShownLanguage
from models.domain.acts import Officer
from models.domain.corrections import Verdict
from models.domain.rumours import Stance, State
from models.domain.users import Role
from models.text.detection import language_name

DASH = "—"
CLOSE = "Close"
EXERCISE = "EXERCISE"
TO_THE_BOARD = "Go to the board"
ADDRESS_MISTYPED = "The address may be mistyped."
CLAIM = "Claim: "
STATES = {
    State.NEW: "new",
    State.WATCHING: "watching",
    State.ASSESSING: "assessing",
    State.ANSWERED: "answered",
    State.CLOSED: "closed",
    State.DISMISSED: "dismissed",
    State.MERGED: "merged",
}
STANCES = {Stance.SUPPORT: "support", Stance.DENY: "deny", Stance.QUERY: "query", Stance.COMMENT: "comment"}
NOT_CODED = "not coded"
MARKS = {Stance.SUPPORT: "▲", Stance.DENY: "▼", Stance.QUERY: "?", Stance.COMMENT: "●", None: "○"}
# The roles of those who are signed in, by what is kept of them.
ROLES = {
    Role.DUTY.value: "duty officer",
    Role.COMMS.value: "comms officer",
    Role.APPROVER.value: "approver",
    Role.ANALYST.value: "analyst",
    Role.INFORMATION_MANAGER.value: "information manager",
    Role.ADMINISTRATOR.value: "administrator",
    Role.VIEWER.value: "viewer",
}
VERDICTS = {
    Verdict.FALSE: "False",
    Verdict.MISLEADING: "Misleading",
    Verdict.CONFIRMED: "Confirmed",
    Verdict.NOT_ESTABLISHED: "Not established",
}
# Posts in it are not marked.
LANGUAGE_OF_SCREENS = "en"


def counted(number: int, one: str, many: str | None = None) -> str:
    """1 post, 2 posts, 48,210 people"""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def people(number: int) -> str:
    return counted(number, "person", "people")


def claim(text: str) -> str:
    return f"{CLAIM}{text}"


def officer(who: Officer) -> str:
    """J. Officer (duty officer, Northgate Police); J. Officer (duty, asserted) where nobody was signed in"""
    return f"{who.name} ({role_and_service(who)}{'' if who.user else ', asserted'})"


def person(who: Officer) -> str:
    """J. Officer, Northgate Police; the name alone where nobody was signed in"""
    return f"{who.name}, {who.service}" if who.service else who.name


def role_and_service(who: Officer) -> str:
    """duty officer, Northgate Police"""
    role = ROLES.get(who.role, who.role) if who.user else who.role
    return f"{role}, {who.service}" if who.service else role


def coded_by(person: str | None) -> str:
    return person or "model"


def who_coded(person: str | None) -> str:
    """What the mark of who coded a stance says on hover."""
    return f"Coded by {person}." if person else "Coded by the model. A person's coding replaces it."


def language(one: ShownLanguage) -> str:
    """Welsh; Welsh (detected)"""
    return language_name(one.tag) + (" (detected)" if one.detected_by else "")


def language_means(one: ShownLanguage) -> str:
    """Who says in which language a post is."""
    if one.detected_by:
        return f"Its source states no language. Detected in its words by {one.detected_by}; it may be wrong."
    return "As its source states it."
