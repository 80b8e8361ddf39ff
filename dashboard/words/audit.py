"""What is said of the audit: that it follows, or what is wrong with it and where."""

from datetime import datetime

from dashboard.words.local_time import exact
from dashboard.words.shared import counted
from models.domain.audit import AuditEntry, AuditFault, AuditHead, FaultKind

NO_ENTRIES = "No entries yet."
WHAT_TO_DO = (
    "Copy the data folder as it is, for evidence, before anything else. Then ask who could write the database."
)
NOT_CHECKED = "The chain could not be checked. Look at the server's log, and try again."
NOT_ENTERED = "That this was checked could not be entered in the audit."
CHOOSE = "Say of which incident, or of which person, by --incident or --user."
NO_SUCH_FORMAT = "An export of the audit is csv or jsonl."
# What the entry of a look says where somebody without any role looks.
NO_ROLE = "no role"
# What the entry of an export of the audit says was taken.
EXPORT = "audit, {format}"

# Why somebody could not sign in.
WRONG_PASSWORD = "wrong password"
WRONG_ON_ACCOUNT = "wrong password, on the account page"
WRONG_CODE = "wrong code"
UNKNOWN_NAME = "unknown name"
BLOCKED = "this person is blocked"
CHANGED_MEANWHILE = "blocked, or given another password, meanwhile"
TOO_MANY_WRONG = "too many wrong ones before"
NOT_TO_BE_CHOSEN = "not one of the people to be chosen"

# The same, where they came by the service's own provider; and why a user was changed.
BY_PROVIDER = "as the provider says"
NOT_THIS_BROWSER = "provider: an answer that this browser did not wait for, or no longer"
OTHER_ISSUER = "provider: the answer names another provider"
PROVIDER_AWAY = "provider: no answer"
PROVIDER_REFUSES = "provider: {error}"
NOT_PROVEN = "provider: token refused ({fault})"
NO_MAPPED_GROUP = "provider: no group with a role"
TOO_MANY_GROUPS = "provider: too many groups to be told"
NOT_RECORDED = "provider: what it says of the person cannot be recorded"

_WHAT = {
    FaultKind.CHANGED: "changed",
    FaultKind.REMOVED: "removed",
    FaultKind.INSERTED: "inserted: nothing that Grapevine did entered {them} there",
    FaultKind.REORDERED: "put in another place",
    FaultKind.CUT_OFF: "cut off the end",
    FaultKind.FORKED: "entered after another one than stands before: an older copy of the database was gone on with",
}
_RECORDS = {
    FaultKind.RECORD_CHANGED: "is not as it was entered: it was changed",
    FaultKind.RECORD_REMOVED: "is not there: it was removed",
    FaultKind.RECORD_INSERTED: "was never entered: it was inserted",
}


def missed(number: int, since: datetime | None) -> str:
    """17 consultations since 20 Nov 2026, 21:40"""
    return f"{counted(number, 'consultation')} since {exact(since)}"


def as_known(moment: datetime) -> str:
    """What the entry of a look says of one that was into the past."""
    return f"as known at {exact(moment)}"


def follows(head: AuditHead | None) -> str:
    """1,204 entries, all follow; head 8c1f…"""
    if head is None:
        return NO_ENTRIES
    return f"{counted(head.number, 'entry', 'entries')}, all follow; head {head.link}"


def follows_so_far(number: int, head: AuditHead | None, seconds: float) -> str:
    """In 5 seconds entries 1 to 40,000 of 1,204,000 were checked, and all follow. …"""
    whole = head.number if head else 0
    return (
        f"In {max(seconds, 0):.0f} seconds entries 1 to {number:,} of {whole:,} were checked, and all follow. "
        "`grapevine audit verify` checks the rest."
    )


def found(faults: int, head: AuditHead | None) -> str:
    entries = counted(head.number if head else 0, "entry", "entries")
    return f"{entries}, and {counted(faults, 'fault')} found:"


def fault(one: AuditFault) -> str:
    """Entry 17 was changed; it now says: act, take, by J. Officer, 20 Nov 2026, 12:03."""
    if one.kind is FaultKind.NO_HEAD:
        return (
            "What is kept of the last entry beside the database is gone: "
            f"nobody knows whether any after {one.first:,} were cut off."
        )
    if one.kind in _RECORDS:
        return _record(one)
    many = one.last > one.first
    which = f"Entries {one.first:,} to {one.last:,} were" if many else f"Entry {one.first:,} was"
    said = _WHAT[one.kind].format(them="them" if many else "it")
    now = f"; it now says: {summary(one.entry)}" if one.entry is not None and not many else ""
    return f"{which} {said}{now}."


def summary(entry: AuditEntry) -> str:
    """act, take, by J. Officer, 20 Nov 2026, 12:03"""
    note = entry.note
    by = [f"by {note.officer.name}"] if note.officer else []
    return ", ".join([str(note.kind), str(note.what), *by, exact(entry.entered_at)])


def _record(one: AuditFault) -> str:
    if one.entry is None:
        return f"The {one.record} {_RECORDS[one.kind]}."
    if not one.record:
        return f"What entry {one.first:,} is about ({summary(one.entry)}) {_RECORDS[one.kind]}."
    return f"The {one.record}, entry {one.first:,} ({summary(one.entry)}), {_RECORDS[one.kind]}."
