"""What `grapevine export` and `grapevine report` ask for: checked, recorded and made, with a server or without."""

from datetime import datetime
from typing import Any

from dashboard.access import SystemAct, asserted, check
from dashboard.browser_input import NotConfirmed, committed, fields, moment, one_of, request_name, words
from dashboard.http.command_api import incident_named
from dashboard.publish.export import check_rumour, consultation, export
from dashboard.publish.pdf import require_pdf
from dashboard.publish.report import report_consultation, report_file
from dashboard.publish.selection import Format, Mask, Selection, act_for, newest_moment
from dashboard.publish.tickets import Download
from dashboard.views.report import Section
from dashboard.words import export as export_words
from models.clock import Clock
from models.domain.acts import Officer
from models.domain.incidents import Incident
from models.errors import Refused
from models.people.checks import EARLIEST, checked_reason
from models.store import Store


def take_asked(store: Store, clock: Clock, asked: Any) -> tuple[int, Download | dict[str, Any]]:
    """The HTTP status, and the file or what is wrong. It is recorded before it is handed out."""
    asked = fields(asked)
    try:
        officer, reason = asserted(asked.get("officer")), checked_reason(words(asked.get("reason")))
        incident = incident_named(store, asked.get("incident"))
        taken = (_report if asked.get("report") else _export)(store, clock, incident, asked, officer, reason)
    except Refused as refused:
        return 422, {"problems": refused.problems}
    except NotConfirmed as error:
        return 503, {"problems": {"server": str(error)}}
    return 200, taken


def _export(store: Store, clock: Clock, incident: Incident, asked: Any, officer: Officer, reason: str) -> Download:
    format = one_of(Format, asked.get("format"))
    if format is None:
        raise Refused({"format": export_words.NO_SUCH_FORMAT})
    unmasked = asked.get("unmasked") is True
    check(officer, act_for(format, unmasked=unmasked))
    as_of = _as_of(store, clock, asked)
    selection = Selection(
        _then(store, incident, as_of),
        as_of,
        rumour=words(asked.get("rumour")) or None,
        mask=None if unmasked and not format.is_picture else Mask(),
    )
    check_rumour(store, selection)
    made = consultation(selection, format, officer, reason)
    committed(lambda: store.consultations.record(made, request_name(asked)))
    return export(store, selection, format, officer, reason, clock.now())


def _report(store: Store, clock: Clock, incident: Incident, asked: Any, officer: Officer, reason: str) -> Download:
    kind = "pdf" if asked.get("format") == "pdf" else "html"
    check(officer, SystemAct.REPORT)
    if kind == "pdf":
        require_pdf()
    as_of = _as_of(store, clock, asked)
    selection = Selection(_then(store, incident, as_of), as_of)
    made = report_consultation(selection, kind, list(Section), officer, reason)
    committed(lambda: store.consultations.record(made, request_name(asked)))
    return report_file(store, selection, kind, list(Section), officer, reason, clock.now())


def _then(store: Store, incident: Incident, as_of: datetime) -> Incident:
    """The incident as it was known at a moment; as it is, where nothing was known of it yet."""
    return next((one for one in store.incidents.all(as_of=as_of) if one.id == incident.id), incident)


def _as_of(store: Store, clock: Clock, asked: Any) -> datetime:
    """The moment that was asked for, which may not be to come; else that of all that is known."""
    now = newest_moment(store, clock.now())
    given = words(asked.get("as_of"))
    if not given:
        return now
    found = moment(given)
    if found is None or found < EARLIEST:
        raise Refused({"as_of": export_words.NO_TIME})
    return min(found, now)
