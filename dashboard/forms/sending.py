"""What comes of a form that was sent: one callback a form, checked by the server whatever the browser shows."""

import secrets
import uuid
from typing import Any

from dash import ClientsideFunction, Dash, Input, Output, no_update
from dash.exceptions import PreventUpdate

from dashboard import ids
from dashboard.access import acting
from dashboard.browser_input import NotConfirmed, committed
from dashboard.forms import in_hand
from dashboard.forms.every_form import FORMS
from dashboard.forms.form import After, Form, Sent
from dashboard.services import Services
from models.errors import Refused


def register(app: Dash, services: Services) -> None:
    for form in FORMS:
        _register_answer(app, services, form)
        if form.offers is not None:
            _register_offers(app, services, form)


def _register_answer(app: Dash, services: Services, form: Form) -> None:
    @app.callback(
        output={
            "answer": Output(form.answer_id, "data"),
            "acted": Output(ids.ACTED, "data", allow_duplicate=True),
            "announce": Output(ids.ANNOUNCE, "children", allow_duplicate=True),
            "path": Output(ids.URL, "pathname", allow_duplicate=True),
        },
        inputs={"message": Input(form.sent_id, "data")},
        prevent_initial_call=True,
    )
    def answer(message):
        if message is None:
            raise PreventUpdate
        return answer_to(form, services, message)

    app.clientside_callback(
        ClientsideFunction("sending", "hear"), [], Input(form.answer_id, "data"), prevent_initial_call=True
    )


def _register_offers(app: Dash, services: Services, form: Form) -> None:
    @app.callback(
        Output(form.offers_id, "data"),
        Input(form.opened_id, "data"),
        prevent_initial_call=True,
    )
    def offer(opened):
        sent = form.read(opened, services.clock.now())
        offered = form.offers(services, sent.about)
        options = {
            name: [{"value": one.value, "label": one.label} for one in found] for name, found in offered.items()
        }
        return {"form": form.name, "request": sent.request, "options": options}

    app.clientside_callback(
        ClientsideFunction("forms", "offer"), [], Input(form.offers_id, "data"), prevent_initial_call=True
    )


def answer_to(form: Form, services: Services, message: Any) -> dict[str, Any]:
    """What the browser gets for what it sent: the answer to the form, and what changes beside it."""
    sent = form.read(message, services.clock.now())
    answer = {
        "form": form.name,
        "request": sent.request,
        # An answer like the one before is one all the same.
        "number": secrets.token_hex(4),
        "saved": False,
        "known": True,
    }
    nothing_beside = {"acted": no_update, "announce": no_update, "path": no_update}
    try:
        after = _saved(form, services, sent)
    except Refused as refused:
        return {"answer": {**answer, "problems": dict(refused.problems)}, **nothing_beside}
    except NotConfirmed as problem:
        # It may have been logged all the same: the browser keeps the request for another try.
        return {"answer": {**answer, "known": False, "note": str(problem)}, **nothing_beside}
    if after.again:
        answer |= {"note": after.again, "again": uuid.uuid4().hex}
    else:
        answer |= {"saved": True, "keep": after.keep}
    return {
        "answer": answer,
        "acted": no_update if after.acted is None else after.acted,
        "announce": after.announce or no_update,
        "path": after.path or no_update,
    }


def _saved(form: Form, services: Services, sent: Sent) -> After:
    officer = acting(form.may(sent), services.incident(sent.about.get("incident")))
    checked = form.checked(services, sent)
    in_hand.check(form, services, officer, sent)
    made = committed(lambda: form.save(services, officer, sent, checked))
    return form.after(services, sent, checked, made)
