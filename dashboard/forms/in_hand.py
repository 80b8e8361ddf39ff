"""Whether somebody else has in hand what a form changes: asked while it is open, and before it is saved."""

from dashboard.access import acting
from dashboard.browser_input import committed
from dashboard.forms.form import Form, Sent
from dashboard.services import Services
from dashboard.signed_in import required
from dashboard.words import who_is_here as words
from models.domain.acts import Officer
from models.domain.audit import AuditedAct, AuditKind, AuditNote
from models.errors import Refused
from models.people.checks import checked_reason, checked_request
from models.people.soft_locks import Edited, Opening, Standing

# The field of a refusal to save: the browser shows the way to go on beside it.
FIELD = "in-hand"


def keep(form: Form, services: Services, sent: Sent) -> Standing:
    """A form is open: it has in hand what nobody else has. Raises Refused for whoever may not send it."""
    edited, opening = _edited(form, services, sent), _opening(_holder(form, services, sent), sent)
    here = services.who_is_here
    return here.locks.open(edited, opening, here.now(), services.clock.now())


def leave(form: Form, services: Services, sent: Sent) -> None:
    """A form was closed, or saved, or its page left; its rumour may have gone from the board meanwhile."""
    edited = Edited(sent.about["incident"], sent.about["rumour"], form.edits.part)
    services.who_is_here.locks.leave(edited, _opening(_holder(form, services, sent), sent))


def go_on(form: Form, services: Services, sent: Sent, reason: str) -> None:
    """Go on, whoever else has it in hand: it is entered in the audit, and then they are told.

    Raises Refused without a reason.
    """
    officer = _holder(form, services, sent)
    edited, opening, here = _edited(form, services, sent), _opening(officer, sent), services.who_is_here
    reason = checked_reason(reason)
    if here.locks.standing(edited, opening, here.now()).is_clear:
        here.locks.open(edited, opening, here.now(), services.clock.now())
        return
    note = AuditNote(AuditKind.ACT, AuditedAct.BREAK_LOCK, officer, edited.incident, edited.rumour, reason)
    committed(lambda: services.store.audit.note(note))
    here.locks.go_on(edited, opening, reason, here.now(), services.clock.now())


def check(form: Form, services: Services, officer: Officer, sent: Sent) -> None:
    """Raises Refused where another has it in hand, or went on in the place of whoever sends the form.

    It is a courtesy: what two people save at the same moment is safe without it, and whether the rumour is on the
    board is for the store to say, which answers a second try as the first.
    """
    if form.edits is not None:
        here = services.who_is_here
        edited = Edited(sent.about["incident"], sent.about["rumour"], form.edits.part)
        standing = here.locks.standing(edited, _opening(officer, sent), here.now())
        if not standing.is_clear:
            raise Refused({FIELD: words.not_yet(says(form, standing))})


def says(form: Form, standing: Standing) -> str:
    """Who has it in hand, or who went on; nothing where nobody does."""
    if standing.broken is not None:
        return words.broken(standing.broken)
    return words.held(form.edits.part, standing.held) if standing.held else ""


def _holder(form: Form, services: Services, sent: Sent) -> Officer:
    return acting(form.edits.act, services.incident(sent.about["incident"]))


def _edited(form: Form, services: Services, sent: Sent) -> Edited:
    """What the form changes. Raises Refused where that is no rumour on a board that whoever asks may see."""
    incident, rumour = sent.about["incident"], sent.about["rumour"]
    services.check_incident(incident)
    if rumour not in services.keeper.latest(incident).rows:
        raise Refused({"rumour": words.NO_FORM})
    return Edited(incident, rumour, form.edits.part)


def _opening(officer: Officer, sent: Sent) -> Opening:
    return Opening(officer, required().session.id, checked_request(sent.request) or "")
