"""The forms of this house. A new one is listed here: then it is wired, and the browser knows it."""

from dashboard.forms import (
    act,
    assign,
    bubbles_file,
    caption,
    coding,
    correction,
    export,
    incident,
    permission,
    rearrange,
    refuse,
    report,
    reveal,
    sighting,
    take_audit,
)
from dashboard.forms.form import Form

# Those that stand around every page; the others are drawn by the page that they belong to.
EVERYWHERE: tuple[Form, ...] = (correction.FORM, sighting.FORM, act.FORM, assign.FORM, assign.HAND_OVER, export.FORM)
FORMS: tuple[Form, ...] = (
    *EVERYWHERE,
    rearrange.FORM,
    rearrange.UNDO,
    refuse.FORM,
    reveal.FORM,
    caption.FORM,
    caption.AWAY,
    bubbles_file.FORM,
    incident.OPENING,
    incident.CHANGE,
    permission.FORM,
    report.FORM,
    coding.START,
    coding.END,
    take_audit.FORM,
)
