"""What the forms share that take something out of an incident: of which, as known when, and the ticket for it."""

from collections.abc import Callable
from datetime import datetime

from dashboard.forms.form import After, Sent
from dashboard.publish.tickets import Download
from dashboard.services import Services
from dashboard.signed_in import required
from dashboard.words import export as words
from dashboard.words import forms as forms_words
from models.clock import utc_time
from models.domain.acts import Consultation
from models.domain.incidents import Incident
from models.errors import Refused
from models.people.checks import written


def incident_of(services: Services, sent: Sent) -> Incident:
    """The incident that a form is about, as it was at the moment of its page. Raises Refused where there is none."""
    incident = services.incident(sent.about["incident"])
    if incident is None:
        raise Refused({"incident": forms_words.NO_SUCH_INCIDENT})
    return services.incident_then(incident, moment_in(services, sent))


def moment_in(services: Services, sent: Sent) -> datetime | None:
    """The moment of the past that the page shows, None for the present. Raises Refused for what is no moment."""
    text = sent.about["as_of"]
    try:
        return services.moment(utc_time(text)).as_of if text else None
    except ValueError:
        raise Refused({"as_of": words.NO_SUCH_MOMENT}) from None


def ticket_for(
    services: Services,
    asked: Consultation,
    made: Consultation,
    make: Callable[[], Download],
    *,
    otherwise: str = words.TAKEN_BEFORE,
) -> After:
    """A ticket for what was recorded, as long as the incident is shown to whoever has it.

    `otherwise` is said where this request had recorded something else before.
    """
    if (made.what, made.filter, made.reason) != (asked.what, asked.filter, written(asked.reason)):
        return After(again=otherwise)

    def still_shown() -> Download | None:
        return make() if services.knows(asked.incident) else None

    return After(announce=words.RECORDED, keep={"ticket": services.tickets.issue(required().session.id, still_shown)})
