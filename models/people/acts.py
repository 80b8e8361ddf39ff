"""What a person may do to a rumour, and what state it is in afterwards."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from models.domain import Act, Constraints, CorrectionDraft, Decision, Officer, SightingDraft, State
from models.errors import Refused

STATE_AFTER = {
    Act.TAKE: State.ASSESSING,
    Act.PARK: State.WATCHING,
    Act.DISMISS: State.DISMISSED,
    Act.CLOSE: State.CLOSED,
    Act.REOPEN: State.WATCHING,
    Act.CORRECT: State.ANSWERED,
}
# What a person may do to the flows of a rumour, and take back.
REARRANGING = frozenset({Act.MERGE, Act.SPLIT, Act.MOVE})
# Who judged, in every record, where it was no person.
MODEL = "model"
LONGEST_TEXT = 2000
LONGEST_NAME = 100
# A form filled in on a computer whose clock is a little ahead is no error.
CLOCK_LEEWAY = timedelta(minutes=2)


def checked_reason(reason: str) -> str:
    """The reason of an act, trimmed. Raises Refused where it is missing or too long."""
    reason = written(reason)
    if not reason:
        raise Refused({"reason": "Say why: the log keeps a reason for every decision."})
    if len(reason) > LONGEST_TEXT:
        raise Refused({"reason": f"Shorten the reason to {LONGEST_TEXT} characters."})
    return reason


def checked_act(act: Act) -> Act:
    """An act that a reason alone decides. Raises Refused for any other."""
    if act is Act.CORRECT:
        raise Refused({"act": "A correction is logged with its wording, on its own form."})
    if act not in STATE_AFTER:
        raise Refused({"act": "Flows are merged, split and moved on their own form."})
    return act


def checked_flows(flows: Collection[str]) -> list[str]:
    """The flows of an act, each once, in the order given. Raises Refused for none."""
    named = list(dict.fromkeys(written(flow) for flow in flows))
    if not named:
        raise Refused({"flows": "Choose at least one flow."})
    return named


def written(text: object) -> str:
    """What a person wrote, as the log can keep it: trimmed, without NUL and half characters. Raises Refused."""
    if not isinstance(text, str):
        raise Refused({"form": "The form did not come through whole. Reload the page and try again."})
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8").strip()


def checked_officer(officer: Officer) -> Officer:
    """Who acts, trimmed. Raises Refused for nobody."""
    name, role = written(officer.name)[:LONGEST_NAME], written(officer.role)[:LONGEST_NAME]
    if not name or not role:
        raise Refused({"name": "Say who you are: the log keeps a name and a role for every decision."})
    if name.casefold() == MODEL:
        raise Refused({"name": "Enter your own name: “model” marks what no person decided."})
    return Officer(name, role)


def request_name(request: str | None) -> str | None:
    """What the browser calls this request, the same for each try of it."""
    return written(request)[:LONGEST_NAME] if request is not None else None


def checked_sighting(draft: SightingDraft, *, now: datetime) -> SightingDraft:
    """A sighting as it may be kept, trimmed. Raises Refused with every problem at once, by field."""
    problems = {}
    told = {name: written(getattr(draft, name)) for name in ("text", "reliability", "place")}
    if not told["text"]:
        problems["text"] = "Enter what was heard, as near to the words as you can."
    if not told["reliability"]:
        problems["reliability"] = "Enter how reliable the source is, in your own words, or that you do not know."
    for name, value in told.items():
        if len(value) > LONGEST_TEXT:
            problems[name] = f"Shorten this to {LONGEST_TEXT} characters."
    if draft.heard_at > now + CLOCK_LEEWAY:
        problems["heard_at"] = "Enter a time that has passed."
    if problems:
        raise Refused(problems)
    return replace(draft, **told, heard_at=min(draft.heard_at, now))


def checked_draft(draft: CorrectionDraft, *, now: datetime) -> CorrectionDraft:
    """The correction as it may be logged. Raises Refused with every problem at once, by field."""
    problems = {}
    for field, what in (
        ("wording", "what was said, word for word"),
        ("channel", "where it was said"),
        ("authority", "on whose authority it was said"),
    ):
        value = written(getattr(draft, field))
        if not value:
            problems[field] = f"Enter {what}."
        elif len(value) > LONGEST_TEXT:
            problems[field] = f"Shorten this to {LONGEST_TEXT} characters."
    if draft.evidence_url and not _is_web_address(draft.evidence_url):
        problems["evidence_url"] = "Enter a link that starts with https:// or http://, or leave it empty."
    if draft.issued_at > now + CLOCK_LEEWAY:
        problems["issued_at"] = "Enter a time that has passed: a correction is logged after it was given."
    if draft.review_by is not None and draft.review_by <= draft.issued_at:
        problems["review_by"] = "Enter a time after the correction was issued."
    if problems:
        raise Refused(problems)
    return draft


def constraints_of(number: int, decisions: Sequence[Decision], pinned: Mapping[str, str]) -> Constraints:
    """What these decisions, oldest first, amount to; an undone one counts as if it had never been."""
    undone = {one.undoes for one in decisions}
    merged: dict[str, str] = {}
    apart: set[tuple[str, str]] = set()
    for one in decisions:
        if one.number in undone:
            # A rumour that was split off lives on in the one it came from.
            if one.act is Act.SPLIT:
                merged[one.into] = one.rumour
        elif one.act is Act.MERGE:
            merged[one.rumour] = one.into
            renamed = [[one.into if name == one.rumour else name for name in pair] for pair in apart]
            apart = {_pair(*pair) for pair in renamed if pair[0] != pair[1]}
        elif one.act is Act.SPLIT:
            inherited = [pair[pair[0] == one.rumour] for pair in apart if one.rumour in pair]
            apart |= {_pair(one.into, other) for other in (one.rumour, *inherited)}

    def survivor(rumour: str) -> str:
        while rumour in merged:
            rumour = merged[rumour]
        return rumour

    touched = {name for one in decisions for name in (one.rumour, one.into) if name is not None}
    return Constraints(
        number=number,
        merged={name: survivor(name) for name in merged},
        apart=frozenset(apart),
        pinned=dict(pinned),
        protected=frozenset(survivor(name) for name in touched),
    )


def _pair(one: str, other: str) -> tuple[str, str]:
    return (one, other) if one < other else (other, one)


def _is_web_address(text: str) -> bool:
    try:
        parts = urlsplit(text.strip())
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname)
