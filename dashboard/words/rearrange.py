"""What the rumour page says about merging, splitting and moving flows, and about undoing it."""

from collections.abc import Sequence

from dashboard.views.rumour import Rearranged
from dashboard.words import shared as shared_words
from models.domain.acts import Act, Decision

OPEN = "Merge, split or move…"
# Beside the button that opens the form; "{}" is a number.
TICKED = {
    "none": "Tick flows to split them off or move them.",
    "one": "1 flow ticked",
    "many": "{} flows ticked",
}
UNDO = "Undo"
FLOWS_LABEL = "The flows of this rumour"


def flows(number: int) -> str:
    return shared_words.counted(number, "flow")


def choose(text: str) -> str:
    """The name of a flow's tick box, for those who do not see what stands beside it."""
    return f"Choose the flow: {text}"


def undo_label(number: int) -> str:
    """The name of the button beside a decision, for a screen reader: Undo decision 5"""
    return f"{UNDO} decision {number}"


def option(claim: str, posts: int) -> str:
    return f"{claim} · {shared_words.counted(posts, 'post')}"


def done(one: Decision, of: str, known: Sequence[Rearranged]) -> str | None:
    """What a decision in the log of the rumour `of` did, in words; None where the act alone says it."""
    about = next((each for each in known if each.number in (one.number, one.undoes)), None)
    if about is None:
        return None
    if one.act is Act.UNDO:
        return f"undid decision {about.number}, which {_did(about, of)}"
    return _did(about, of)


def _did(about: Rearranged, of: str) -> str:
    here = about.into == of
    match about.act:
        case Act.MERGE:
            return f"merged “{about.claim}” into this" if here else f"merged this into “{about.into_claim}”"
        case Act.REFUSE:
            return f"held this not to be the same claim as “{about.claim if here else about.into_claim}”"
        case Act.SPLIT:
            return (
                f"split {flows(about.flows)} off “{about.claim}” as this rumour"
                if here
                else f"split {flows(about.flows)} off as “{about.into_claim}”"
            )
        case _:
            return (
                f"moved {flows(about.flows)} here from “{about.claim}”"
                if here
                else f"moved {flows(about.flows)} to “{about.into_claim}”"
            )


def logged(act: Act, number: int, claim: str | None) -> str:
    """What a screen reader hears after an act."""
    match act:
        case Act.MERGE:
            return f"Logged: you merged the rumour into “{claim}”."
        case Act.SPLIT:
            return f"Logged: you split {flows(number)} off as a rumour of their own."
        case Act.MOVE:
            return f"Logged: you moved {flows(number)} to “{claim}”."
        case _:
            return "Logged: undone."
