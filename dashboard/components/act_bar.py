"""The buttons for what may be done to a rumour, on its page and beside the board."""

from collections.abc import Iterator

from dash import html

from dashboard.forms import act, assign, correction
from dashboard.signed_in import is_me
from dashboard.views.board import BoardRow
from dashboard.views.ranking import SETTLED
from dashboard.words import acts as acts_words
from dashboard.words import assign as assign_words
from dashboard.words import rumour as rumour_words
from models.domain.acts import Act
from models.domain.rumours import State


def act_bar(row: BoardRow, incident: str, *extra: object) -> html.Div:
    """The buttons for what may be done in this state. `forms.js` reads the data attributes."""
    buttons = [
        html.Button(
            [word, _key(act)],
            type="button",
            className="button button-main" if place == 0 else "button",
            **{"data-act": act.value, "data-opens": form},
        )
        for place, (act, word, form) in enumerate(_offered(row))
    ]
    about = {"data-incident": incident, "data-rumour": row.id, "data-claim": row.claim}
    return html.Div(
        [*buttons, *extra], className="act-bar", role="group", **{"aria-label": rumour_words.ACTS_LABEL}, **about
    )


def _offered(row: BoardRow) -> Iterator[tuple[Act, str, str]]:
    """What may be done in this state, in which words, and the form that it opens."""
    forms = {Act.CORRECT: correction.FORM, Act.ASSIGN: assign.FORM}
    for one in _acts_for(row):
        if one is Act.ASSIGN and row.owner and is_me(row.owner.user):
            yield one, assign_words.HAND_OVER, assign.HAND_OVER.name
        else:
            yield one, acts_words.ACTS[one], forms.get(one, act.FORM).name


def _acts_for(row: BoardRow) -> tuple[Act, ...]:
    if row.state in SETTLED:
        return (Act.REOPEN,)
    if row.state is State.ANSWERED:
        return (Act.CORRECT, Act.CLOSE, Act.TAKE, Act.ASSIGN, Act.PARK)
    park = () if row.state is State.WATCHING else (Act.PARK,)
    return (Act.TAKE, Act.CORRECT, Act.ASSIGN, *park, Act.DISMISS)


def _key(one: Act) -> html.Kbd | None:
    key = acts_words.ACT_KEYS.get(one)
    return html.Kbd(key, **{"aria-hidden": "true"}) if key else None
