"""Record the permission of a platform that allows a use only by agreement."""

from concurrent.futures import Future

from dashboard.access import SystemAct
from dashboard.forms.form import After, Button, Drafts, Field, Form, Kind, Sent, Shape
from dashboard.services import Services
from dashboard.words import forms as words
from dashboard.words import sources as sources_words
from models.domain.acts import Officer
from models.domain.sources import Permission
from models.errors import Refused
from models.people.checks import written


def check(services: Services, sent: Sent) -> str:
    """The reference. The store says what is wrong with it."""
    named = [one for one in services.sources.states() if one.name == sent.about["source"]]
    if not named or named[0].restriction is None:
        raise Refused({"source": sources_words.NO_PERMISSION_NEEDED})
    return sent.texts["reference"]


def save(services: Services, officer: Officer, sent: Sent, reference: str) -> Future[Permission]:
    permission = Permission(sent.about["source"], reference, officer, services.clock.now())
    return services.store.sources.permit(permission, sent.request)


def after(services: Services, sent: Sent, reference: str, recorded: Permission) -> After:
    if recorded.reference != written(reference):
        return After(again=f"{sources_words.PERMITTED_BEFORE} {recorded.reference}")
    result = sources_words.DONE[SystemAct.PERMIT_SOURCE]
    # The browser shows it in the source's row as well.
    return After(announce=result, keep={"source": recorded.source, "result": result})


FORM = Form(
    name="permission",
    shape=Shape.PAGE,
    title="",
    about=("source",),
    drafts=Drafts(of=("source",)),
    fields=(
        Field(name="reference", kind=Kind.LINE, label=sources_words.REFERENCE, hint=sources_words.REFERENCE_HINT),
    ),
    buttons=(Button("save", sources_words.PERMIT),),
    not_saved=words.PERMISSION_NOT_SAVED,
    may=lambda sent: SystemAct.PERMIT_SOURCE,
    check=check,
    save=save,
    after=after,
)
