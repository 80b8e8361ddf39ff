"""What stands on a rumour's page for merging, splitting and moving: tick boxes, the button, and the way back."""

from collections.abc import Sequence
from datetime import datetime

from dash import html

from dashboard.components import marks
from dashboard.components.native_input import NativeInput
from dashboard.forms import drawing
from dashboard.forms.rearrange import FORM, UNDO
from dashboard.views.rumour import Flow, Rearranged
from dashboard.words import rearrange as rearrange_words
from dashboard.words import rumour as rumour_words
from models.domain.acts import Decision

# The flows of the page, each with its tick box.
FLOWS = "rearrange-flows"
COUNT = "rearrange-count"
LINE = "rearrange-line"


def flow_chooser(rumour: str, *, choosing: bool) -> html.Div:
    """The flows of the rumour's page; `choosing`: with the button that opens the form for those that are ticked."""
    opener = html.Button(
        rearrange_words.OPEN,
        type="button",
        className="button",
        **{"data-opens": FORM.name, "aria-haspopup": "dialog"},
    )
    return html.Div(
        [
            html.Div([html.Span(id=COUNT, className="quiet", role="status"), opener], className="rearrange-bar")
            if choosing
            else None,
            html.Div(id=LINE),
            html.Div(id=FLOWS, role="group", **{"aria-label": rearrange_words.FLOWS_LABEL}),
        ],
        **{"data-flows": rumour, "data-rumour": rumour},
    )


def tick_box(flow: Flow) -> NativeInput:
    """Part of the form, wherever on the page it stands."""
    return NativeInput(
        type="checkbox",
        name="flows",
        value=flow.id,
        form=drawing.form_id(FORM),
        **{"aria-label": rearrange_words.choose(flow.text)},
    )


def undo_button(number: int) -> html.Button:
    return html.Button(
        rearrange_words.UNDO,
        type="button",
        className="button button-quiet",
        **{
            "data-opens": UNDO.name,
            "data-number": str(number),
            "aria-label": rearrange_words.undo_label(number),
        },
    )


def undoable(one: Decision, known: Sequence[Rearranged]) -> bool:
    return any(each.number == one.number and not each.undone for each in known)


def rearranged_line(
    decisions: Sequence[Decision], known: Sequence[Rearranged], rumour: str, now: datetime
) -> html.P | None:
    """What was just rearranged, with the way back, as long as nothing else was decided since."""
    latest = decisions[0] if decisions else None
    if latest is None or not undoable(latest, known):
        return None
    line = rumour_words.decision(latest, now, rearrange_words.done(latest, rumour, known))
    return html.P([marks.outside_words(line), " ", undo_button(latest.number)], className="rearranged")
