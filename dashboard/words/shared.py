"""Words that all screens share: counts, the claim's prefix, states, stances and their marks, who acted."""

from models.domain import Officer, Stance, State, Verdict

DASH = "—"
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
VERDICTS = {
    Verdict.FALSE: "False",
    Verdict.MISLEADING: "Misleading",
    Verdict.CONFIRMED: "Confirmed",
    Verdict.NOT_ESTABLISHED: "Not established",
}


def counted(number: int, one: str, many: str | None = None) -> str:
    """1 post, 2 posts, 48,210 people"""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def people(number: int) -> str:
    return counted(number, "person", "people")


def claim(text: str) -> str:
    return f"Claim: {text}"


def officer(who: Officer) -> str:
    return f"{who.name} ({who.role}, asserted)"


def coded_by(person: str | None) -> str:
    return person or "model"
