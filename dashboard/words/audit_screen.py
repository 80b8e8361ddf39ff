"""Words of the screen on which an information manager reads the audit: its filters, and each entry in plain words."""

from datetime import datetime

from dashboard.words.acts import DONE
from dashboard.words.audit import EXPORT
from dashboard.words.local_time import day, exact, hour_and_minute, local
from dashboard.words.shared import counted, officer
from models.domain.acts import Officer
from models.domain.audit import AuditedAct, AuditedLook, AuditedSignIn, AuditedUserAct, AuditKind
from models.domain.users import Ended, Way

HEADING = "Audit"
WHAT_IT_IS = (
    "Who did and saw what. Every act and every look at posts is entered, and no entry is ever changed. "
    "A look at one thing is entered once in ten minutes."
)
FILTERS = "Which entries"
FROM = "From"
UNTIL = "Until"
TIME_HINT = "Such as 21 Nov 2026, 14:05, or just 14:05"
INCIDENT = "Incident"
OFFICER = "Officer"
KIND = "Kind"
WHAT = "What"
EVERY = "All"
SHOW = "Show"
SHOW_ALL = "Show all entries"
WRONG_ORDER = "“Until” must be later than “From”."
LIST = "Entries, the latest first"
HEADS = ("Entry", "When", "Who", "What", "Of", "Incident", "Reason, or words searched for")
NONE = "No entry is like that."
OLDER = "Older entries"
NEWEST = "Newest entries"
NOBODY = "nobody signed in"
ERASED = "erased"
NOT_ON_BOARD = "a rumour that is not on the board"
A_CORRECTION = "a correction"

CHECK = "Check the chain"
CHECK_TITLE = "Is it as it was entered?"
CHECK_MEANS = "Finds entries that were changed, removed, inserted or put elsewhere."
NEVER_CHECKED = "It was not checked on this screen yet."

TAKE_OUT = "Take out…"
TAKE_TITLE = "Take entries of the audit out"
TAKE_INTRO = "All entries that the filters choose. Your name, your role and the reason are entered in the audit."
FORMAT = "As"
FORMATS = {"csv": "A table for a spreadsheet (CSV)", "jsonl": "JSON Lines, for a program"}
WHY = "Why"
WHY_HINT = "Example: asked for by the data protection officer, reference 14/2026"
TAKE = "Record and download"
NOT_TAKEN = "Nothing was taken out yet"

KINDS = {
    AuditKind.ACT: "act",
    AuditKind.CONSULTATION: "look, search or export",
    AuditKind.SIGN_IN: "sign-in",
    AuditKind.USER: "people and their roles",
    AuditKind.ERASURE: "erasure",
    AuditKind.BEGINNING: "beginning of the audit",
}
_WHATS = {
    **{act.value: said.replace("this", "a rumour", 1) for act, said in DONE.items()},
    AuditedAct.OPEN_INCIDENT: "opened an incident",
    AuditedAct.CHANGE_INCIDENT: "changed an incident",
    AuditedAct.CLOSE_INCIDENT: "closed an incident",
    AuditedAct.NAME_OWNER: "named the service that an incident belongs to",
    AuditedAct.SHARE_TO_ACT: "shared an incident with a service that may act",
    AuditedAct.SHARE_TO_SEE: "shared an incident with a service that may look",
    AuditedAct.WITHDRAW_SHARE: "withdrew an incident from a service",
    AuditedAct.LOG_SIGHTING: "logged a sighting",
    AuditedAct.PIN_CAPTION: "pinned a caption",
    AuditedAct.TAKE_CAPTION_AWAY: "took a caption away",
    AuditedAct.START_CODING: "started a round of coding",
    AuditedAct.CODE: "labelled a flow",
    AuditedAct.FINISH_CODING: "finished coding",
    AuditedAct.END_CODING: "ended a round of coding",
    AuditedAct.SETTLE_CODING: "settled a difference of labels",
    AuditedAct.IMPORT: "read a file into an incident",
    AuditedAct.CANCEL_IMPORT: "cancelled the reading of a file",
    AuditedAct.PERMIT_SOURCE: "recorded a permission for a source",
    AuditedAct.START_SOURCE: "started a source",
    AuditedAct.STOP_SOURCE: "stopped a source",
    AuditedAct.DISCARD_LETTER: "discarded a dead letter",
    AuditedAct.BREAK_LOCK: "went on with what somebody else had in hand",
    AuditedSignIn.SIGNED_IN: "signed in",
    AuditedSignIn.REFUSED: "was refused at the sign-in",
    AuditedSignIn.LOCKED: "was locked out at the sign-in",
    AuditedSignIn.SIGNED_OUT: "signed out",
    AuditedSignIn.SESSION_ENDED: "a session ended",
    AuditedUserAct.ADD: "added a person",
    AuditedUserAct.CHANGE: "changed a person or their roles",
    AuditedUserAct.BLOCK: "blocked a person",
    AuditedUserAct.UNBLOCK: "unblocked a person",
    AuditedUserAct.OPEN_LINK: "opened a set-up link",
    AuditedUserAct.USE_LINK: "used a set-up link",
    AuditedUserAct.CHANGE_PASSWORD: "changed a password",
    AuditedUserAct.TURN_ON_SECOND_FACTOR: "turned a second factor on",
    AuditedUserAct.TURN_OFF_SECOND_FACTOR: "turned a second factor off",
    AuditedLook.RUMOUR: "opened the posts of a rumour",
    AuditedLook.BUBBLES: "opened the bubbles of an incident",
    AuditedLook.STORY: "opened the story of an incident",
    AuditedLook.CODING: "opened flows to label",
    AuditedLook.LETTERS: "opened dead letters of a source",
    AuditedLook.SEARCH: "searched the board",
    AuditedLook.TRY_TERMS: "tried watch terms",
    AuditedLook.AUDIT: "opened the audit",
    AuditedLook.CHECK_AUDIT: "checked the chain of the audit",
    AuditedLook.MISSED: "consultations that could not be entered",
    "reveal": "revealed the author of a post",
    "began": "the audit began; what had been recorded before is bound by this entry",
    **{EXPORT.format(format=one): f"took entries of the audit out ({one})" for one in FORMATS},
}

_OF_SIGN_INS = {
    Way.LOCAL: "by name and password",
    Way.PROVIDER: "by the service's own sign-in",
    Way.CHOSEN: "by choosing a person",
    Ended.SIGNED_OUT: "by the person",
    Ended.IDLE: "nobody used the browser",
    Ended.TOO_OLD: "it had lasted long enough",
    Ended.BY_OTHERS: "by an administrator",
    Ended.BY_THEMSELVES: "by the person, from another browser",
    Ended.AT_PROVIDER: "by the service's own sign-in",
}


def what(kind: AuditKind, said: str) -> str:
    """opened the posts of a rumour; of an export what was taken"""
    if said in _WHATS:
        return _WHATS[said]
    return f"took out: {said}" if kind is AuditKind.CONSULTATION else said


def reason(kind: AuditKind, said: str) -> str:
    """Why; of a sign-in how it was done, or why a session ended."""
    return _OF_SIGN_INS.get(said, said) if kind is AuditKind.SIGN_IN else said


def who(one: Officer | None) -> str:
    return officer(one) if one else NOBODY


def when(moment: datetime) -> str:
    """21 Nov 2026, 14:05:09"""
    minute = hour_and_minute(moment)
    # In the hour that the clocks show twice, BST or GMT stands behind.
    return f"{day(moment)}, {minute[:5]}:{local(moment):%S}{minute[5:]}"


def entered_later(moment: datetime) -> str:
    """Of an entry that was written long after it happened."""
    return f"entered {when(moment)}"


def entry_of(subject: str) -> str:
    return f"entry {subject}"


def under_way(number: int, of: int) -> str:
    return f"Checking: entries 1 to {number:,} of {of:,} follow so far."


def last_checked(at: datetime | None, by: Officer | None) -> str:
    """Checked 21 Nov 2026, 14:05 by I. Manager (information manager, Northgate Police)."""
    return f"Checked {exact(at)} by {who(by)}."


def shown(entries: int, first: int, last: int) -> str:
    """50 entries, number 1,204 to 1,155"""
    return f"{counted(entries, 'entry', 'entries')}, number {first:,}{f' to {last:,}' if entries > 1 else ''}"


def unentered(waiting: int, lost: int, since: datetime | None) -> str:
    """What a person reads where consultations could not be entered."""
    told = []
    if waiting:
        told.append(f"{counted(waiting, 'consultation')} could not be entered yet; Grapevine tries again.")
    if lost:
        told.append(f"{counted(lost, 'consultation')} could not be entered and {'is' if lost == 1 else 'are'} lost.")
    return f"The audit has gaps since {exact(since)}. {' '.join(told)} Tell the administrator: the disk may be full."
