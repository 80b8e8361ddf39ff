"""Words of who is here: who else looks at a rumour, who has what of it in hand, and what that means for a form."""

from collections.abc import Sequence

from dashboard.views.who_is_here import AtRumour
from dashboard.words.local_time import hour_and_minute
from dashboard.words.shared import officer
from models.people.soft_locks import Broken, Hold, Part

HERE_LABEL = "Who else is here"
# What somebody does who has it in hand.
DOES = {
    Part.CORRECTION: "is writing a correction",
    Part.FLOWS: "is merging, splitting or moving flows",
    Part.DECISION: "is deciding what to do",
}
HAS_DONE = {
    Part.CORRECTION: "has been writing a correction",
    Part.FLOWS: "has been merging, splitting or moving flows",
    Part.DECISION: "has been deciding what to do",
}
WHY = "Why you go on"
WHY_HINT = "They are shown your name and this reason. Both are kept in the audit."
GO_ON = "Go on all the same"
SAVE_ALL_THE_SAME = "Save all the same"
NO_FORM = "Nobody can have this form in hand. Reload the page and try again."
BROWSER = {"goOn": GO_ON, "saveAllTheSame": SAVE_ALL_THE_SAME}


def also_here(others: Sequence[AtRumour]) -> str:
    """Also here: C. Omms (comms officer, Northgate Police); J. Officer (duty officer, …) is writing a correction"""
    return f"Also here: {'; '.join(one_here(one) for one in others)}" if others else ""


def one_here(one: AtRumour) -> str:
    """C. Omms (comms officer, Northgate Police) is writing a correction"""
    return " ".join([officer(one.who), " and ".join(DOES[part] for part in one.parts)]).strip()


def mark(others: Sequence[AtRumour]) -> str:
    """In short, for the board's row: C. Omms here; 3 here"""
    return f"{others[0].who.name if len(others) == 1 else len(others)} here"


def mark_meaning(others: Sequence[AtRumour]) -> str:
    """Here now: C. Omms (comms officer, Northgate Police)"""
    return f"Here now: {'; '.join(one_here(one) for one in others)}"


def held(part: Part, hold: Hold) -> str:
    """C. Omms (comms officer, Northgate Police) has been writing a correction since 21:04."""
    return f"{officer(hold.who)} {HAS_DONE[part]} since {hour_and_minute(hold.since)}."


def broken(one: Broken) -> str:
    """J. Officer (duty officer, Northgate Police) went on in your place at 21:06: it is urgent. Your text is kept."""
    when, ended = hour_and_minute(one.at), "" if one.reason.endswith((".", "!", "?")) else "."
    return f"{officer(one.by)} went on in your place at {when}: {one.reason}{ended} Your text is kept."


def not_yet(standing: str) -> str:
    """What a form that is sent all the same is answered with."""
    return f"{standing} To go on all the same, enter why at the top of this form."
