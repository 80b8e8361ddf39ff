"""Words for what people do to a rumour: the buttons, their keys, what each act means, and what the log says of it."""

from dashboard.words import assign
from dashboard.words.shared import claim
from models.domain.acts import Act, Decision
from models.domain.corrections import Verdict
from models.domain.users import Role

ACTS = {
    Act.TAKE: "Take",
    Act.PARK: "Park",
    Act.DISMISS: "Dismiss",
    Act.CLOSE: "Close",
    Act.REOPEN: "Reopen",
    Act.CORRECT: "Answer…",
    Act.MERGE: "Merge…",
    Act.REFUSE: "Not the same…",
    Act.SPLIT: "Split off…",
    Act.MOVE: "Move…",
    Act.ASSIGN: assign.ASSIGN,
    Act.UNDO: "Undo",
}
ACT_KEYS = {Act.TAKE: "t", Act.PARK: "p", Act.DISMISS: "d", Act.CORRECT: "c", Act.ASSIGN: "a"}
ACT_TITLES = {
    Act.TAKE: "Take this rumour",
    Act.PARK: "Park this rumour",
    Act.DISMISS: "Dismiss this rumour",
    Act.CLOSE: "Close this rumour",
    Act.REOPEN: "Reopen this rumour",
    Act.MERGE: "Merge the whole rumour into another",
    Act.REFUSE: "Not the same claim",
    Act.SPLIT: "Make the chosen flows a rumour of their own",
    Act.MOVE: "Move the chosen flows to another rumour",
    Act.ASSIGN: assign.ASSIGN_TITLE,
    Act.UNDO: "Undo",
}
ACT_MEANINGS = {
    Act.TAKE: "You become its owner. Its state changes to assessing.",
    Act.PARK: "Its state changes to watching. Nobody needs to answer it now.",
    Act.DISMISS: "It leaves the open list. It can be reopened.",
    Act.CLOSE: "It is finished and leaves the open list. It can be reopened.",
    Act.REOPEN: "It returns to the open list. Its state changes to watching.",
    Act.MERGE: (
        "Both make the same claim. This rumour leaves the board. "
        "Its corrections and its log move to the other rumour's page."
    ),
    Act.REFUSE: "The model will not suggest this pair again, nor join the two.",
    Act.SPLIT: "They make a different claim. The new rumour goes on the board at once.",
    Act.MOVE: "They make or answer the other rumour's claim. Later copies of them will follow.",
    Act.ASSIGN: assign.ASSIGN_INTRO,
    Act.UNDO: "Everything is put back as it was. Both entries stay in the log.",
}
SUGGESTED_REASONS = {
    Act.TAKE: ("Checking with the incident commander", "Asking the scene for facts", "Drafting an answer"),
    Act.PARK: ("Spreading slowly", "Waiting for facts", "An answer would draw attention to it"),
    Act.DISMISS: ("No risk to the public", "Not about this incident", "Opinion, not a claim"),
    Act.CLOSE: ("Answered and no longer spreading", "Overtaken by events"),
    Act.REOPEN: ("Spreading again", "New facts have come in", "Dismissed by mistake"),
    Act.MERGE: ("Two wordings of the same claim",),
    Act.REFUSE: ("Another place", "Another event"),
    Act.SPLIT: ("A different claim",),
    Act.MOVE: ("Belongs to the other claim",),
    Act.UNDO: ("Undone on the rumour's page",),
}
DONE = {
    Act.TAKE: "took this",
    Act.PARK: "parked this",
    Act.DISMISS: "dismissed this",
    Act.CLOSE: "closed this",
    Act.REOPEN: "reopened this",
    Act.CORRECT: "logged a correction",
    Act.MERGE: "merged this into another rumour",
    Act.REFUSE: "held this and another rumour to be different claims",
    Act.SPLIT: "split flows off",
    Act.MOVE: "moved flows to another rumour",
    Act.ASSIGN: "assigned this",
    Act.UNDO: "undid an earlier decision",
}
VERDICT_MEANINGS = {
    Verdict.FALSE: "It did not happen, or it is not so.",
    Verdict.MISLEADING: "Part of it is true, but the picture it gives is wrong.",
    Verdict.CONFIRMED: "It is true.",
    Verdict.NOT_ESTABLISHED: "Nobody in authority can say yet.",
}
ROLES = {
    Role.DUTY: "Duty officer",
    Role.COMMS: "Comms officer",
    Role.APPROVER: "Approver",
    Role.ANALYST: "Analyst",
    Role.INFORMATION_MANAGER: "Information manager",
    Role.ADMINISTRATOR: "Administrator",
    Role.VIEWER: "Viewer",
}
# The dialog that asks why.
WHY = "Why"
SUGGESTED = "Suggested reasons"
SAVE = "Save"
KEYS_HINT = "Enter to save, Esc to cancel"
NOT_LOGGED = "Not logged yet"
NO_SUCH_ACT = "This act is not available here. Close this dialog and choose again."


def did(one: Decision) -> str:
    """took this; assigned this to Comms desk"""
    return f"{DONE[one.act]} to {one.assignee.name}" if one.assignee else DONE[one.act]


def decided(one: Decision, done: str | None = None) -> str:
    """took this: checking with the reservoir operator; assigned this to Comms desk

    `done` replaces the act's words where more is known of it.
    """
    done = done or did(one)
    return f"{done}: {one.reason}" if one.reason else done


def logged(act: Act, text: str) -> str:
    """What a screen reader hears after an act."""
    return f"Logged: you {DONE[act].replace('this', 'the rumour')}. {claim(text)}"


def logged_before(reason: str) -> str:
    """Of a retry whose first try was logged with another reason."""
    return f"This was already logged, with an earlier reason: {reason}"
