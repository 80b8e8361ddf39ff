"""Words for what people do to a rumour: the buttons, their keys, what each act means, and what the log says of it."""

from dashboard.access import Role
from dashboard.words.shared import claim
from models.domain import Act, Verdict

ACTS = {
    Act.TAKE: "Take",
    Act.PARK: "Park",
    Act.DISMISS: "Dismiss",
    Act.CLOSE: "Close",
    Act.REOPEN: "Reopen",
    Act.CORRECT: "Answer…",
    Act.MERGE: "Merge…",
    Act.SPLIT: "Split off…",
    Act.MOVE: "Move…",
    Act.UNDO: "Undo",
}
ACT_KEYS = {Act.TAKE: "t", Act.PARK: "p", Act.DISMISS: "d", Act.CORRECT: "c"}
ACT_TITLES = {
    Act.TAKE: "Take this rumour",
    Act.PARK: "Park this rumour",
    Act.DISMISS: "Dismiss this rumour",
    Act.CLOSE: "Close this rumour",
    Act.REOPEN: "Reopen this rumour",
    Act.MERGE: "Merge the whole rumour into another",
    Act.SPLIT: "Make the chosen flows a rumour of their own",
    Act.MOVE: "Move the chosen flows to another rumour",
    Act.UNDO: "Undo",
}
ACT_MEANINGS = {
    Act.TAKE: "You become its owner and it is marked assessing.",
    Act.PARK: "It is marked watching: nobody need answer it now.",
    Act.DISMISS: "It leaves the open list. It can be reopened.",
    Act.CLOSE: "It leaves the open list as done with. It can be reopened.",
    Act.REOPEN: "It comes back to the open list, marked watching.",
    Act.MERGE: "Both make one claim. This one leaves the board; its corrections and log are read with the other's.",
    Act.SPLIT: "They make another claim. The new rumour is on the board at once.",
    Act.MOVE: "They make or answer the other rumour's claim. Later copies of them go there too.",
    Act.UNDO: "What was merged, split or moved is as it was before. Both stay in the log.",
}
SUGGESTED_REASONS = {
    Act.TAKE: ("Checking with the incident commander", "Asking the scene for facts", "Drafting an answer"),
    Act.PARK: ("Spreading slowly: watch it", "Waiting for facts", "Answering would draw attention to it"),
    Act.DISMISS: ("No risk to the public", "Not about this incident", "Opinion, not a claim"),
    Act.CLOSE: ("Answered and no longer spreading", "Overtaken by events"),
    Act.REOPEN: ("Spreading again", "New facts have come in", "Dismissed by mistake"),
    Act.MERGE: ("Two wordings of one claim",),
    Act.SPLIT: ("Another claim than the rest",),
    Act.MOVE: ("About the other claim",),
    Act.UNDO: ("Taken back on the rumour's page",),
}
DONE = {
    Act.TAKE: "took this",
    Act.PARK: "parked this",
    Act.DISMISS: "dismissed this",
    Act.CLOSE: "closed this",
    Act.REOPEN: "reopened this",
    Act.CORRECT: "logged a correction",
    Act.MERGE: "merged this into another rumour",
    Act.SPLIT: "split flows off",
    Act.MOVE: "moved flows to another rumour",
    Act.UNDO: "undid an earlier decision",
}
VERDICT_MEANINGS = {
    Verdict.FALSE: "What is claimed did not happen or is not so.",
    Verdict.MISLEADING: "Part of it is so, but it gives a wrong picture.",
    Verdict.CONFIRMED: "What is claimed is so.",
    Verdict.NOT_ESTABLISHED: "Nobody with authority can say yet.",
}
ROLES = {
    Role.DUTY: "Duty officer",
    Role.COMMS: "Comms officer",
    Role.ANALYST: "Analyst",
    Role.ADMINISTRATOR: "Administrator",
}
LOGGED_BEFORE = "An earlier try had been logged already, with this reason:"
CORRECTED_BEFORE = (
    "An earlier try had been logged already, with other words or times than these. "
    "To log these as well, press the button again; to leave it at that, close the form."
)


def logged(act: Act, text: str) -> str:
    """What a screen reader hears after an act."""
    return f"Logged: you {DONE[act].replace('this', 'the rumour')}. {claim(text)}"
