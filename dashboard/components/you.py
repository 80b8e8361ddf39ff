"""Who is signed in: in the top bar, and in a dialog with their roles, their account and the way out."""

from dash import Output, dcc, html
from flask_wtf.csrf import generate_csrf

from dashboard.components import top_bar
from dashboard.paths import ACCOUNT, SIGN_OUT, rooted
from dashboard.signed_in import SignedIn
from dashboard.words import sign_in as words
from dashboard.words.acts import ROLES
from dashboard.words.shared import CLOSE
from models.domain.users import Grant, Role

DIALOG = "you-dialog"
BODY = "you-body"
# What the frame shows of whoever is signed in; the values of `shown`.
OUTPUTS = {
    "name": Output(top_bar.WHO, "children"),
    # By which the browser keeps each person's unsent texts apart.
    "user": Output(top_bar.WHO, "data-user"),
    "body": Output(BODY, "children"),
}


def dialog() -> html.Dialog:
    close = html.Button(CLOSE, type="button", className="button button-quiet", **{"data-close-dialog": ""})
    return html.Dialog(
        [
            html.Div([html.H2(words.YOU, id="you-title"), close], className="form-head"),
            html.Div(id=BODY, className="you"),
        ],
        id=DIALOG,
        className="dialog",
        **{"aria-labelledby": "you-title"},
    )


def shown(one: SignedIn) -> dict[str, object]:
    """What OUTPUTS show of whoever is signed in."""
    user, roles = one.user, list(Role)
    grants = sorted(user.grants, key=lambda grant: (grant.service, roles.index(grant.role), grant.incident or ""))
    token = dcc.Input(type="hidden", name="csrf_token", value=generate_csrf())
    leave = html.Button(words.SIGN_OUT, className="button")
    return {
        "name": user.name,
        "user": user.id,
        "body": [
            html.P([html.Strong(user.name), f", {user.service}"]),
            html.H3(words.YOUR_ROLES),
            html.Ul([html.Li(_grant(grant)) for grant in grants]) if grants else html.P(words.NO_ROLES),
            html.Div(
                [
                    html.A(words.YOUR_ACCOUNT, href=rooted(ACCOUNT)),
                    html.Form([token, leave], action=rooted(SIGN_OUT), method="post"),
                ],
                className="act-bar",
            ),
        ],
    }


def _grant(grant: Grant) -> str:
    """Duty officer, Northgate Police (in one incident)"""
    where = f" ({words.OF_ONE_INCIDENT})" if grant.incident else ""
    return f"{ROLES[grant.role]}, {grant.service}{where}"
