"""The checks of what people send: texts, officers, requests, and what each act must say. Each raises Refused."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from models.domain.acts import Act, Assignee, Consultation, Officer
from models.domain.corrections import CorrectionDraft
from models.domain.imports import Import
from models.domain.sightings import SightingDraft
from models.domain.sources import Permission
from models.errors import Refused
from models.limits import (
    LONGEST_CAPTION,
    LONGEST_DESK,
    LONGEST_LINK,
    LONGEST_NAME,
    LONGEST_REQUEST,
    LONGEST_TEXT,
    too_long,
)
from models.people.acts import MODEL, STATE_AFTER
from models.text import one_line, storable

# The clock of the computer that a form is filled in on may be a little ahead.
CLOCK_LEEWAY = timedelta(minutes=2)
# Where the posts of a picture run ahead of the clock, captions may do so too.
PIN_LEEWAY = timedelta(days=1)
# Before this no computer kept anything.
EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)


def written(text: object) -> str:
    """What a person wrote, trimmed and storable. Raises Refused for anything but text.

    >>> written("  The dam is intact. ")
    'The dam is intact.'
    """
    if not isinstance(text, str):
        raise Refused({"form": "The form arrived incomplete. Reload the page and try again."})
    return storable(text).strip()


def refuse(problems: Mapping[str, str | None]) -> None:
    """Raises Refused where a field has a problem."""
    found = {field: problem for field, problem in problems.items() if problem is not None}
    if found:
        raise Refused(found)


def checked_officer(officer: Officer) -> Officer:
    """Who acts, with single spaces. Raises Refused with every problem at once, by field.

    >>> checked_officer(Officer("  J.   Officer ", "duty"))
    Officer(name='J. Officer', role='duty', service='', user=None)
    """
    name, role, service = (one_line(written(text)) for text in (officer.name, officer.role, officer.service))
    problems = {
        "name": too_long("your name", name, LONGEST_NAME),
        "role": too_long("the role", role, LONGEST_NAME),
        "service": too_long("the service", service, LONGEST_NAME),
    }
    if not name:
        problems["name"] = "Enter your name. The log records who decided."
    elif name.casefold() == MODEL:
        problems["name"] = "Enter your own name. “model” is reserved for what the model decided."
    if not role:
        problems["role"] = "Choose your role."
    refuse(problems)
    return Officer(name, role, service, officer.user)


def checked_request(request: str | None) -> str | None:
    """The sender's name of a request, which is the same for each try. Raises Refused where it is too long."""
    name = (written(request) or None) if request is not None else None
    # Cut short, it could equal the name of another request, and would get that one's answer.
    refuse({"request": too_long("the name of the request", name or "", LONGEST_REQUEST)})
    return name


def checked_reason(reason: str) -> str:
    """The reason of an act, trimmed. Raises Refused where it is missing or too long."""
    reason = written(reason)
    if not reason:
        raise Refused({"reason": "Enter a reason. The log keeps one for every decision."})
    if problem := too_long("the reason", reason, LONGEST_TEXT):
        raise Refused({"reason": problem})
    return reason


def checked_note(note: str) -> str:
    """What somebody adds to an act that needs no reason, trimmed. Raises Refused where it is too long."""
    note = written(note)
    refuse({"note": too_long("the note", note, LONGEST_TEXT)})
    return note


def checked_assignee(to: Assignee) -> Assignee:
    """Whom a rumour is given to, with single spaces. Raises Refused for nobody, and for a name that is too long.

    >>> checked_assignee(Assignee(" Comms   desk "))
    Assignee(name='Comms desk', service='', user=None)
    """
    name, service = one_line(written(to.name)), one_line(written(to.service))
    if not name:
        raise Refused({"to": "Choose a person or a desk."})
    if to.user is None:
        refuse({"desk": too_long("the name of the desk", name, LONGEST_DESK)})
        return Assignee(name)
    refuse({"to": too_long("the name", name, LONGEST_NAME) or too_long("the service", service, LONGEST_NAME)})
    return Assignee(name, service, to.user)


def checked_caption(text: str) -> str:
    """A caption in one line. Raises Refused where it is missing or too long."""
    caption = one_line(written(text))
    if not caption:
        raise Refused({"text": "Enter what happened at this moment."})
    refuse({"text": too_long("the caption", caption, LONGEST_CAPTION)})
    return caption


def check_pinned_to(moment: datetime, *, now: datetime) -> None:
    """Raises Refused where no picture reaches to the moment that a caption is to be pinned to."""
    if not EARLIEST <= moment <= now + PIN_LEEWAY:
        raise Refused({"text": "Choose a moment that the picture shows, and pin the caption there."})


def checked_act(act: Act) -> Act:
    """An act that a reason alone decides. Raises Refused for any other."""
    if act is Act.CORRECT:
        raise Refused({"act": "Use the correction form to log a correction."})
    if act not in STATE_AFTER:
        raise Refused({"act": "Use the rearrange form to merge, split or move flows."})
    return act


def checked_flows(flows: Collection[str]) -> list[str]:
    """The flows of an act, each once, in the order given. Raises Refused for none.

    >>> checked_flows(["f2", "f1", "f2"])
    ['f2', 'f1']
    """
    chosen = list(dict.fromkeys(written(flow) for flow in flows))
    if not chosen:
        raise Refused({"flows": "Choose at least one flow."})
    return chosen


def checked_sighting(draft: SightingDraft, *, now: datetime) -> SightingDraft:
    """A sighting as it may be kept, trimmed. Raises Refused with every problem at once, by field."""
    what = {"text": "what was heard", "reliability": "the reliability", "place": "the place"}
    typed = {field: written(getattr(draft, field)) for field in what}
    problems = {field: too_long(what[field], text, LONGEST_TEXT) for field, text in typed.items()}
    if not typed["text"]:
        problems["text"] = "Enter what was heard, as close to the exact words as you can."
    if not typed["reliability"]:
        problems["reliability"] = (
            "Enter how reliable the source is, in your own words. If you do not know, write that."
        )
    if draft.heard_at > now + CLOCK_LEEWAY:
        problems["heard_at"] = "Enter a time in the past."
    refuse(problems)
    return replace(draft, **typed, heard_at=min(draft.heard_at, now))


def checked_draft(draft: CorrectionDraft, *, now: datetime) -> CorrectionDraft:
    """The correction as it may be logged, trimmed. Raises Refused with every problem at once, by field."""
    missing = {
        "wording": "Enter what was said, word for word.",
        "channel": "Enter where it was said.",
        "authority": "Enter who authorised it.",
    }
    typed = {field: written(getattr(draft, field)) for field in missing}
    link = written(draft.evidence_url or "")
    problems = {
        field: too_long(f"the {field}", text, LONGEST_TEXT) if text else missing[field]
        for field, text in typed.items()
    }
    problems["evidence_url"] = too_long("the link", link, LONGEST_LINK)
    if link and not problems["evidence_url"] and not _is_web_address(link):
        problems["evidence_url"] = "Enter a link that starts with https:// or http://, or leave it empty."
    if draft.issued_at > now + CLOCK_LEEWAY:
        problems["issued_at"] = "Enter a time in the past. A correction is logged after it was given."
    if draft.review_by is not None and draft.review_by <= draft.issued_at:
        problems["review_by"] = "Enter a time after the correction was issued."
    refuse(problems)
    return replace(draft, **typed, evidence_url=link or None)


def checked_permission(permission: Permission) -> Permission:
    """A permission as it may be recorded, trimmed. Raises Refused."""
    reference, officer = written(permission.reference), checked_officer(permission.recorded_by)
    if not reference:
        raise Refused({"reference": "Enter the reference to the agreement."})
    refuse({"reference": too_long("the reference", reference, LONGEST_TEXT)})
    return replace(permission, reference=reference, recorded_by=officer)


def checked_consultation(consultation: Consultation) -> Consultation:
    """A consultation as it may be recorded, trimmed. Raises Refused, by field."""
    return replace(
        consultation, officer=checked_officer(consultation.officer), reason=checked_reason(consultation.reason)
    )


def checked_import(one: Import) -> Import:
    """An import as it may be recorded, trimmed. Raises Refused, by field."""
    return replace(one, officer=checked_officer(one.officer), reason=checked_reason(one.reason))


def _is_web_address(text: str) -> bool:
    """Whether a text is a whole link that a browser opens.

    >>> _is_web_address("https://www.gov.uk/flood")
    True
    >>> _is_web_address("javascript:alert(1)")
    False
    """
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname)
