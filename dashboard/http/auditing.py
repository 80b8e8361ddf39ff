"""What `grapevine audit` asks for: whether the audit follows, or its entries; with a server or without."""

from typing import Any

from dashboard import access
from dashboard.access import SystemAct, asserted
from dashboard.auditing.checking import check
from dashboard.browser_input import NotConfirmed, committed, fields, words
from dashboard.http.command_api import incident_named
from dashboard.publish.audit import FORMATS
from dashboard.publish.tickets import Download
from dashboard.words import audit as audit_words
from models.domain.audit import AuditFilter, AuditKind, AuditNote
from models.errors import Refused
from models.people.checks import checked_reason
from models.store import Store


def audit_asked(store: Store, asked: Any) -> tuple[int, Download | dict[str, Any]]:
    """The HTTP status, and the file, what was found, or what is wrong with what is asked."""
    asked = fields(asked)
    if asked.get("verify") is True:
        return 200, _verified(store, asked.get("seconds"))
    try:
        return 200, _exported(store, asked)
    except Refused as refused:
        return 422, {"problems": refused.problems}
    except NotConfirmed as error:
        return 503, {"problems": {"server": str(error)}}


def _verified(store: Store, seconds: Any) -> dict[str, Any]:
    """What is said of the chain; within so many `seconds`, where the question has any, of its beginning."""
    found = check(store, seconds if isinstance(seconds, int | float) else None)
    return {"follows": found.follows, "says": list(found.says)}


def _exported(store: Store, asked: Any) -> Download:
    """The entries of an incident or a person. It is entered itself, before anything is handed out."""
    officer, reason = asserted(asked.get("officer")), checked_reason(words(asked.get("reason")))
    access.check(officer, SystemAct.EXPORT_AUDIT)
    form = words(asked.get("format"))
    if form not in FORMATS:
        raise Refused({"format": audit_words.NO_SUCH_FORMAT})
    who = words(asked.get("user")) or None
    incident = incident_named(store, asked["incident"]).id if asked.get("incident") else None
    if who is None and incident is None:
        raise Refused({"incident": audit_words.CHOOSE})
    what = audit_words.EXPORT.format(format=form)
    note = AuditNote(AuditKind.CONSULTATION, what, officer, incident, who, reason)
    entered = committed(lambda: store.audit.note(note))
    media_type, pieces = FORMATS[form]
    which = AuditFilter(incident=incident, who=who)
    return Download(f"audit.{form}", media_type, pieces(store, which, entered.number))
