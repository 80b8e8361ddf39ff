"""What `grapevine audit` asks for: whether the audit follows, or its entries; with a server or without."""

from typing import Any

from dashboard.access import SystemAct, asserted, check
from dashboard.browser_input import NotConfirmed, committed, fields, words
from dashboard.http.command_api import incident_named
from dashboard.publish.audit import audit_csv, audit_json_lines
from dashboard.publish.tickets import Download
from dashboard.words import audit as audit_words
from models.domain.audit import AuditFilter, AuditKind, AuditNote
from models.errors import Refused
from models.people.checks import checked_reason
from models.store import Store

_FORMATS = {"csv": ("text/csv", audit_csv), "jsonl": ("application/jsonl", audit_json_lines)}


def audit_asked(store: Store, asked: Any) -> tuple[int, Download | dict[str, Any]]:
    """The HTTP status, and the file, what was found, or what is wrong with what is asked."""
    asked = fields(asked)
    if asked.get("verify") is True:
        return 200, _verified(store)
    try:
        return 200, _exported(store, asked)
    except Refused as refused:
        return 422, {"problems": refused.problems}
    except NotConfirmed as error:
        return 503, {"problems": {"server": str(error)}}


def _verified(store: Store) -> dict[str, Any]:
    faults = store.audit.verify()
    head = store.audit.head()
    if not faults:
        return {"follows": True, "says": [audit_words.follows(head)]}
    told = [audit_words.fault(one) for one in faults]
    return {"follows": False, "says": [audit_words.found(len(faults), head), *told, audit_words.WHAT_TO_DO]}


def _exported(store: Store, asked: Any) -> Download:
    """The entries of an incident or a person. It is entered itself, before anything is handed out."""
    officer, reason = asserted(asked.get("officer")), checked_reason(words(asked.get("reason")))
    check(officer, SystemAct.EXPORT_AUDIT)
    if asked.get("format") not in _FORMATS:
        raise Refused({"format": audit_words.NO_SUCH_FORMAT})
    who = words(asked.get("user")) or None
    incident = incident_named(store, asked["incident"]).id if asked.get("incident") else None
    if who is None and incident is None:
        raise Refused({"incident": audit_words.CHOOSE})
    what = audit_words.EXPORT.format(format=asked["format"])
    note = AuditNote(AuditKind.CONSULTATION, what, officer, incident, who, reason)
    entered = committed(lambda: store.audit.note(note))
    media_type, pieces = _FORMATS[asked["format"]]
    which = AuditFilter(incident=incident, who=who)
    return Download(f"audit.{asked['format']}", media_type, pieces(store, which, entered.number))
