"""The tick box by which somebody lets partners read what they write; it is seen where an incident has partners."""

from dashboard.forms.form import Field, Kind, Option, Sent
from dashboard.words import services as words

SHARED = "shared"


def share_note(label: str) -> Field:
    """`label` says which words it is about. `assets/forms.css` shows the field where `top_bar` marks a share."""
    option = Option(SHARED, words.SHARE_NOTE, words.SHARE_NOTE_HINT)
    return Field(name=SHARED, kind=Kind.ANY_OF, label=label, options=[option])


SHARE_NOTE = share_note(words.NOTE)


def is_shared(sent: Sent) -> bool:
    return SHARED in sent.chosen[SHARED]
