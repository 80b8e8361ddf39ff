"""Start a round of coding; end it for everybody."""

from concurrent.futures import Future

from dashboard.access import SystemAct
from dashboard.forms.form import After, Button, Drafts, Field, Form, Kind, Option, Problems, Sent, Shape
from dashboard.services import Services
from dashboard.words import coding as words
from models.domain.acts import Officer
from models.domain.ids import stable_id
from models.measures.coding_sample import draw
from models.people.checks import checked_reason
from models.people.coding import LARGEST_SAMPLE
from models.store.coding_messages import CodingEnd, CodingRound, RoundDraft

SMALLEST_SAMPLE = 10
# Seeds fit the generator and the screen.
SEEDS = 2**32
Asked = tuple[int, int]


def check_start(services: Services, sent: Sent) -> Asked:
    """How many flows, and how many coders."""
    services.check_incident(sent.about["incident"])
    size, coders, problems = sent.texts["size"].strip(), sent.texts["coders"], Problems()
    number = int(size) if size.isascii() and size.isdigit() and len(size) < 9 else 0
    if not SMALLEST_SAMPLE <= number <= LARGEST_SAMPLE:
        problems["size"] = words.START_SIZE_WRONG.format(LARGEST_SAMPLE)
    if coders not in words.START_CODERS_OPTIONS:
        problems["coders"] = words.CHOOSE_CODERS
    problems.raise_any()
    return number, int(coders)


def save_start(services: Services, officer: Officer, sent: Sent, asked: Asked) -> Future[CodingRound]:
    incident, (size, coders) = sent.about["incident"], asked
    # What is known at the newest stamp is all there is then: the same sample can be drawn again.
    moment = services.store.last_known_at() or services.clock.now()
    seed = int(stable_id("seed", incident, moment.isoformat()), 16) % SEEDS
    sample = draw(services.store.codings.frame(incident, moment), size, seed)
    draft = RoundDraft(coders, seed, moment, sample)
    return services.store.codings.start(incident, draft, officer, request=sent.request)


def after_start(services: Services, sent: Sent, asked: Asked, made: CodingRound) -> After:
    return After(announce=words.started(made.flows), acted={"incident": made.incident, "round": made.id})


START = Form(
    name="coding-start",
    shape=Shape.PAGE,
    title="",
    intro=words.START_INTRO,
    about=("incident",),
    fields=(
        Field(
            name="size",
            kind=Kind.LINE,
            label=words.START_SIZE,
            hint=words.START_SIZE_HINT.format(LARGEST_SAMPLE),
            default="200",
            limit=None,
        ),
        Field(
            name="coders",
            kind=Kind.ONE_OF,
            label=words.START_CODERS,
            options=[Option(value, label) for value, label in words.START_CODERS_OPTIONS.items()],
            default="3",
        ),
    ),
    buttons=(Button("save", words.START_SAVE),),
    beside=words.START_BESIDE,
    not_saved=words.START_NOT_SAVED,
    may=lambda sent: SystemAct.START_CODING,
    check=check_start,
    save=save_start,
    after=after_start,
)


def check_end(services: Services, sent: Sent) -> str:
    services.check_incident(sent.about["incident"])
    return checked_reason(sent.texts["reason"])


def save_end(services: Services, officer: Officer, sent: Sent, reason: str) -> Future[CodingEnd]:
    incident, round_id = sent.about["incident"], sent.about["round"]
    return services.store.codings.end(incident, round_id, officer, reason, request=sent.request)


def after_end(services: Services, sent: Sent, reason: str, end: CodingEnd) -> After:
    acted = {"incident": sent.about["incident"], "round": end.round}
    return After(announce=words.ended(end.reason or ""), acted=acted)


END = Form(
    name="coding-end",
    shape=Shape.DIALOG,
    title=words.END_TITLE,
    intro=words.END_INTRO,
    about=("incident", "round"),
    drafts=Drafts(of=("incident", "round"), cancelled=True),
    fields=(Field(name="reason", kind=Kind.LINE, label=words.END_WHY, hint=words.END_WHY_HINT),),
    buttons=(Button("save", words.END_SAVE),),
    beside=words.END_KEYS,
    not_saved=words.END_NOT_SAVED,
    may=lambda sent: SystemAct.END_CODING,
    check=check_end,
    save=save_end,
    after=after_end,
)
