"""Where a command of this computer asks a running server: the server owns the database, the command does not.

POST /command/incident, /command/take, /command/labels, /command/mapping, /command/user or /command/audit with the
token that the server keeps in its data folder, readable by its owner only. The same answers are given without a
server, on a store that the command opened itself, by `record_asked`, `labels_asked` and `mapping_asked` here, and by
taking.py, user_api.py and auditing.py.
"""

import hmac
from typing import TYPE_CHECKING, Any

from dashboard.access import SystemAct, asserted, check
from dashboard.browser_input import NotConfirmed, committed, fields, request_name, words
from dashboard.forms.incident_fields import incident_from
from dashboard.publish.selection import newest_moment
from dashboard.publish.tickets import Download
from dashboard.views.labels import labelled_posts
from dashboard.words.export import LABELS, WHOLE_INCIDENT
from dashboard.words.shared import officer as who
from models.clock import Clock, SystemClock
from models.domain.acts import Consultation
from models.domain.incidents import Incident
from models.errors import Refused
from models.limits import LONGEST_NAME, too_long
from models.people.checks import checked_reason
from models.store import Store

if TYPE_CHECKING:
    from dash import Dash

BELOW = "/command/"


def register(app: "Dash", store: Store, clock: Clock, token: str, address: str = "") -> None:
    """Open the door of this server for whoever can read `token`. `address` is where people open the board.

    A link that is printed begins with it, and with nothing that a request says of its host.
    """
    # Imported here: a command that opened the database itself needs no web server.
    from flask import jsonify, request

    from dashboard.http.auditing import audit_asked
    from dashboard.http.downloads import streamed
    from dashboard.http.taking import take_asked
    from dashboard.http.user_api import user_asked

    def allowed() -> bool:
        shown = request.headers.get("Authorization", "").removeprefix("Bearer ")
        return hmac.compare_digest(shown.encode(), token.encode())

    def refused():
        return jsonify({"problems": {"token": "This command is not allowed to use the server."}}), 403

    @app.server.post("/command/incident")
    def answer():
        if not allowed():
            return refused()
        status, payload = record_asked(store, clock, request.get_json(silent=True))
        return jsonify(payload), status

    @app.server.post("/command/take")
    def take():
        if not allowed():
            return refused()
        status, taken = take_asked(store, clock, request.get_json(silent=True))
        return streamed(taken) if status == 200 else (jsonify(taken), status)

    @app.server.post("/command/audit")
    def audit():
        if not allowed():
            return refused()
        status, answer = audit_asked(store, request.get_json(silent=True))
        return streamed(answer) if isinstance(answer, Download) else (jsonify(answer), status)

    @app.server.post("/command/labels")
    def labels():
        if not allowed():
            return refused()
        status, payload = labels_asked(store, clock, request.get_json(silent=True))
        return jsonify(payload), status

    @app.server.post("/command/mapping")
    def mapping():
        if not allowed():
            return refused()
        status, payload = mapping_asked(store, clock, request.get_json(silent=True))
        return jsonify(payload), status

    @app.server.post("/command/user")
    def user():
        if not allowed():
            return refused()
        # Sessions and links go by true time, whatever the time on the screens.
        status, payload = user_asked(store, SystemClock(), request.get_json(silent=True), address)
        return jsonify(payload), status


def record_asked(store: Store, clock: Clock, asked: Any) -> tuple[int, dict[str, Any]]:
    """Open or change an incident as `asked` says, or only list them; the HTTP status and the answer."""
    asked = fields(asked)
    if "fields" not in asked:
        return 200, {"incidents": [payload_of(one) for one in store.incidents.all()]}
    try:
        officer = asserted(asked.get("officer"))
        check(officer, SystemAct.KEEP_INCIDENT)
        existing = None if asked.get("existing") is None else incident_named(store, asked["existing"])
        incident = incident_from(fields(asked["fields"]), existing, clock.now())
        reason, name = words(asked.get("reason")), request_name(asked)
        recorded = committed(lambda: store.incidents.record(incident, officer, reason, name))
    except Refused as refused:
        return 422, {"problems": refused.problems}
    except NotConfirmed as error:
        return 503, {"problems": {"server": str(error)}}
    return 200, {"incidents": [payload_of(recorded)]}


def labels_asked(store: Store, clock: Clock, asked: Any) -> tuple[int, dict[str, Any]]:
    """The posts that people labelled in the incident that `asked` names; the HTTP status and the answer.

    Who takes them, and why, is recorded before they are handed out.
    """
    asked = fields(asked)
    try:
        officer, reason = asserted(asked.get("officer")), checked_reason(words(asked.get("reason")))
        check(officer, SystemAct.TAKE_LABELS)
        incident = incident_named(store, words(asked.get("existing")))
        moment = newest_moment(store, clock.now())
        taken = Consultation(incident.id, LABELS, WHOLE_INCIDENT, moment, officer, reason)
        committed(lambda: store.consultations.record(taken, request_name(asked)))
    except Refused as refused:
        return 422, {"problems": refused.problems}
    except NotConfirmed as error:
        return 503, {"problems": {"server": str(error)}}
    return 200, {"posts": labelled_posts(store, incident)}


def mapping_asked(store: Store, clock: Clock, asked: Any) -> tuple[int, dict[str, Any]]:
    """How a person said that tables with the header that `asked` names are to be read; None where nobody did."""
    one = store.imports.like(words(fields(asked).get("shape")))
    if one is None or one.started_at is None:
        return 200, {"mapping": None}
    mapping = {"columns": dict(one.table.columns), "zone": one.table.zone, "file": one.file}
    return 200, {"mapping": mapping | {"by": who(one.officer), "at": one.started_at.isoformat()}}


def payload_of(incident: Incident) -> dict[str, Any]:
    """An incident as a command prints it."""
    watch = incident.watch
    return {
        "id": incident.id,
        "name": incident.name,
        "purpose": incident.purpose,
        "lawful_basis": incident.lawful_basis,
        "opened_at": incident.opened_at.isoformat(),
        "closed_at": incident.closed_at.isoformat() if incident.closed_at else None,
        "terms": list(watch.terms),
        "languages": list(watch.languages),
        "accounts": list(watch.accounts),
        "sources": list(watch.sources),
        "area": watch.area,
        "retention": incident.retention.value,
        "of_service": incident.of_service,
        "acted_on_by": list(incident.acted_on_by),
        "seen_by": list(incident.seen_by),
    }


def incident_named(store: Store, named: Any) -> Incident:
    """The incident that a command means, by its id or its name. Raises Refused where it is none, or not one."""
    name = words(named)
    if problem := too_long("the name", name, LONGEST_NAME):
        raise Refused({"incident": problem})
    found = [one for one in store.incidents.all() if name in (one.id, one.name)]
    if not found:
        raise Refused({"incident": f"No incident is called “{name}”. `grapevine incident list` lists them."})
    if len(found) > 1:
        raise Refused({"incident": "Several incidents have this name. Use an id from `grapevine incident list`."})
    return found[0]
