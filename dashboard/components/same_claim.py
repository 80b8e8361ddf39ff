"""The panel on a rumour's page that asks whether another rumour is the same claim."""

from collections.abc import Sequence

from dash import dcc, html

from dashboard.components import marks
from dashboard.forms import refuse
from dashboard.forms.form import fills
from dashboard.forms.rearrange import FORM as REARRANGE
from dashboard.paths import at, rumour_path
from dashboard.services import Moment
from dashboard.views.same_claim import MaybeSame
from dashboard.words import same_claim as words
from models.domain.acts import Act


def panel(pairs: Sequence[MaybeSame], incident: str, rumour: str, moment: Moment) -> html.Section | None:
    """Nothing where no rumour may be the same."""
    if not pairs:
        return None
    return html.Section(
        [html.H2(words.HEADING), html.Ul([_pair(one, incident, moment) for one in pairs], className="same-claims")],
        className="panel same-claim",
        **{"aria-label": words.HEADING, "data-incident": incident, "data-rumour": rumour},
    )


def _pair(one: MaybeSame, incident: str, moment: Moment) -> html.Li:
    path = at(rumour_path(incident, one.rumour), moment.as_of)
    link = dcc.Link(marks.outside_words(one.claim, "claim-text"), href=path)
    why = marks.outside_words(words.because(one, moment.now))
    return html.Li(
        [
            html.P([words.MAY_BE, link, html.Span([f" {words.BECAUSE}", why], className="quiet")]),
            html.Div([_merge(one), _refuse(one)], className="act-bar") if moment.as_of is None else None,
        ]
    )


def _merge(one: MaybeSame) -> html.Button:
    return html.Button(
        words.MERGE,
        type="button",
        className="button",
        **{
            "data-opens": REARRANGE.name,
            "data-fills": fills(act=Act.MERGE.value, into=one.rumour),
            "aria-haspopup": "dialog",
            "aria-label": words.merge_label(one.claim),
        },
    )


def _refuse(one: MaybeSame) -> html.Button:
    return html.Button(
        words.REFUSE,
        type="button",
        className="button",
        **{
            "data-opens": refuse.FORM.name,
            "data-other": one.rumour,
            "data-claim": one.claim,
            "aria-haspopup": "dialog",
            "aria-label": words.refuse_label(one.claim),
        },
    )
