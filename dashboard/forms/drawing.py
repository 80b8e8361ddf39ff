"""A form on the screen, drawn from its description. `assets/forms.js` finds its parts by their data attributes.

The fields are the browser's own: what is typed into them is there at once, however busy the server or the page is.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from dash import dcc, html

from dashboard.components.native_input import NativeInput
from dashboard.forms.form import Button, Field, Form, Heading, Kind, Option, Shape
from dashboard.words import forms as words
from dashboard.words import who_is_here as here_words
from dashboard.words.shared import CLAIM, CLOSE


def stores(form: Form) -> list[dcc.Store]:
    """What a form is sent through; they stand on every page, whether the form does or not."""
    names = [form.sent_id, form.answer_id, *([form.opened_id, form.offers_id] if form.offers else [])]
    return [dcc.Store(id=name) for name in names]


def draw(
    form: Form,
    *,
    about: Mapping[str, str] | None = None,
    initial: Mapping[str, Any] | None = None,
    options: Mapping[str, Sequence[Option]] | None = None,
    without: Collection[str] = (),
    beneath: Mapping[str, Any] | None = None,
) -> html.Div | html.Section | html.Dialog:
    """The form with all its parts.

    A form of shape PAGE is open as soon as it is drawn: `about` says what it is about, and `initial` what its fields
    hold. `options` are those that are not known before. `without` names buttons to leave out.
    `beneath` holds what stands under a field, by its name.
    """
    marks = {"data-form": form.name, **{f"data-{name}": value for name, value in (about or {}).items()}}
    if initial is not None:
        marks["data-initial"] = json.dumps(initial)
    parts = [
        *_head(form),
        _in_hand(form) if form.edits else None,
        html.Form(_parts(form, options or {}, without, beneath or {}), id=form_id(form), noValidate=True),
    ]
    match form.shape:
        case Shape.DIALOG:
            return html.Dialog(parts, id=form.name, className="dialog", **marks, **{"aria-labelledby": _title(form)})
        case Shape.DRAWER:
            named = {"aria-labelledby": _title(form)}
            return html.Section(parts, id=form.name, className="drawer", role="dialog", hidden=True, **marks, **named)
        case _:
            return html.Div(parts, id=form.name, className="form", **marks)


def form_id(form: Form) -> str:
    """The id of the element that fields belong to, for those that stand elsewhere on the page."""
    return f"{form.name}-form"


def _title(form: Form) -> str:
    return f"{form.name}-title"


def _head(form: Form) -> list:
    if form.shape not in (Shape.DIALOG, Shape.DRAWER):
        return []
    close = html.Button(CLOSE, type="button", className="button button-quiet", title=words.ESC, **{"data-close": ""})
    return [html.Div([html.H2(form.title, id=_title(form), **{"data-title": ""}), close], className="form-head")]


def _in_hand(form: Form) -> html.Div:
    """Who else has in hand what the form changes, and the way to go on all the same; `assets/in_hand.js` shows it."""
    named = f"{form.name}-in-hand"
    reason = NativeInput(
        id=named,
        type="text",
        autoComplete="off",
        **{"aria-describedby": f"{named}-hint {named}-problem", "data-in-hand-why": ""},
    )
    why = [
        html.Label(here_words.WHY, htmlFor=named),
        html.P(here_words.WHY_HINT, id=f"{named}-hint", className="hint"),
        reason,
        html.P(id=f"{named}-problem", className="field-problem", **{"data-in-hand-problem": ""}),
    ]
    return html.Div(
        [
            html.P(role="status", className="in-hand-says", **{"data-in-hand-says": ""}),
            html.Div(
                [
                    html.Div(why, className="field"),
                    html.Button(here_words.GO_ON, type="button", className="button", **{"data-in-hand-go": ""}),
                ],
                hidden=True,
                **{"data-in-hand-ask": ""},
            ),
        ],
        className="in-hand",
        **{"data-in-hand": ""},
    )


def _parts(
    form: Form, options: Mapping[str, Sequence[Option]], without: Collection[str], beneath: Mapping[str, Any]
) -> list:
    summary = html.Div(className="error-summary", tabIndex="-1", role="alert", **{"data-summary": ""})
    note = html.P(className="problem", role="alert", **{"data-note": ""})
    if form.shape is Shape.BUTTON:
        return [summary, note]
    buttons = [one for one in form.buttons if one.press not in without]
    return [
        _claim() if "claim" in form.about else None,
        html.P(form.intro, className="quiet", **{"data-intro": ""}),
        html.Div(className="suggestions", role="group", **{"data-suggestions": "", "aria-label": form.suggested})
        if form.suggested
        else None,
        html.P(className="put-back", role="status", **{"data-put-back": ""}),
        summary,
        *(
            part
            for one in form.fields
            if not getattr(one, "elsewhere", False)
            for part in (_field(form, one, options), beneath.get(getattr(one, "name", "")))
            if part is not None
        ),
        note,
        html.Div(
            [
                *(_button(one, main=place == 0) for place, one in enumerate(buttons)),
                html.Span(form.beside, className="quiet"),
            ],
            className="act-bar",
        ),
    ]


def _claim() -> html.P:
    claim = html.Bdi(className="claim-text", dir="auto", **{"data-claim-shown": ""})
    return html.P([html.Span(CLAIM, className="claim-word"), claim], className="dialog-claim")


def _button(one: Button, *, main: bool) -> html.Button:
    return html.Button(
        one.label,
        type="submit",
        value=one.press,
        title=one.hint or None,
        className="button button-main" if main else "button",
    )


def _field(form: Form, one: Field | Heading, options: Mapping[str, Sequence[Option]]) -> html.Div | html.Fieldset:
    if isinstance(one, Heading):
        return html.Div([html.H2(one.text), html.P(one.intro, className="quiet") if one.intro else None])
    named = f"{form.name}-{one.name}"
    hint = one.hint or (words.TIME_HINTS[one.toward] if one.kind is Kind.TIME else "")
    told = html.P(hint, id=f"{named}-hint", className="hint") if hint else None
    problem = html.P(id=f"{named}-problem", className="field-problem", **{"data-problem": one.name})
    described = {"aria-describedby": " ".join([f"{named}-hint"] * bool(hint) + [f"{named}-problem"])}
    if one.kind in (Kind.LINE, Kind.TIME, Kind.TEXT):
        label = html.Label(_label(one), htmlFor=named)
        return html.Div([label, told, _text_box(one, named, described), problem], className="field")
    offered = options.get(one.name, one.options)
    boxes = html.Div(
        [_choice(one, option, f"{named}-{place}") for place, option in enumerate(offered)],
        className="choices",
        **{"data-options": one.name},
    )
    if not offered and one.kind is Kind.ANY_OF:
        boxes = html.P(one.without_options, className="quiet")
    parts = [html.Legend(_label(one)), told, *_filtered(one, boxes), problem]
    return html.Fieldset(parts, id=named, className="field", **described)


def _label(one: Field) -> list:
    return [one.label, html.Span(f" ({words.OPTIONAL})", className="quiet") if one.optional else None]


def _text_box(one: Field, named: str, described: Mapping[str, str]) -> html.Textarea | NativeInput:
    if one.kind is Kind.TEXT:
        return html.Textarea(
            id=named, name=one.name, rows=one.rows, spellCheck="true" if one.spellcheck else "false", **described
        )
    return NativeInput(id=named, type="text", name=one.name, autoComplete=one.autocomplete, **described)


def _filtered(one: Field, boxes: html.Div | html.P) -> list:
    """The options; of a field of kind SEARCH under the box that filters them."""
    if one.kind is not Kind.SEARCH:
        return [boxes]
    search = NativeInput(type="search", autoComplete="off", **{"aria-label": words.FIND, "data-filters": one.name})
    return [search, boxes, html.P(words.NOTHING_FOUND, className="hint", hidden=True)]


def _choice(one: Field, option: Option, named: str) -> html.Label:
    """One radio button or tick box; its hint describes it, but is no part of its name."""
    label, hint = f"{named}-label", f"{named}-hint"
    box = NativeInput(
        type="checkbox" if one.kind is Kind.ANY_OF else "radio",
        name=one.name,
        value=option.value,
        **{"aria-labelledby": label, **({"aria-describedby": hint} if option.hint else {})},
    )
    told = html.Span(option.hint, id=hint, className="hint") if option.hint else None
    return html.Label([box, html.Span([html.Span(option.label, id=label), told])], className="choice")
