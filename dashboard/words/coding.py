"""Words of the coding desk: coding, settling differences, and what came of a round."""

from collections.abc import Collection
from datetime import datetime

from dashboard.views.coding import Card, RoundResult
from dashboard.words.local_time import UNKNOWN, exact
from dashboard.words.shared import STANCES, counted, people
from dashboard.words.shared import officer as who_acted
from models.domain.acts import Officer
from models.domain.posts import Kind
from models.domain.rumours import Stance
from models.measures.agreement import Agreement
from models.measures.model_error import Share, TooFew
from models.people.coding import names_apart
from models.store.coding_messages import RoundState

HEADING = "Coding desk"
INTRO = (
    "People label a sample of flows without seeing what others or the model said. "
    "An analyst settles what they differ on. The labels replace the model's, and show how good it is."
)
BACK = "Back to the review"

# --- Starting and ending a round -----------------------------------------------------------------------------------
START_TITLE = "Start a round"
START_ANOTHER = "Start another round"
START_INTRO = (
    "The flows are drawn at random from the rumours on the board, more of the stances that the model gives rarely, "
    "so that its errors can be estimated."
)
START_SIZE = "How many flows"
START_SIZE_HINT = (
    "From 10 to {}. With 200, how often the model agrees with people is known to within about 7 percentage points."
)
START_SIZE_WRONG = "Enter a number from 10 to {}."
START_CODERS = "How many people code each flow"
START_CODERS_OPTIONS = {"3": "Three", "2": "Two"}
CHOOSE_CODERS = "Choose how many people code each flow."
START_SAVE = "Draw the flows"
START_BESIDE = "An analyst starts a round."
START_NOT_SAVED = "The round is not started yet"
END_TITLE = "End coding for everybody"
END_INTRO = (
    "Nobody codes in this round any more. What two people or more agree on counts. "
    "Flows without two labels stay open."
)
END_WHY = "Why does it end now?"
END_WHY_HINT = "Example: the third coder went off shift"
END_SAVE = "End coding"
END_KEYS = "Enter to end, Esc to cancel"
END_NOT_SAVED = "Coding is not ended yet"

# --- The desk ------------------------------------------------------------------------------------------------------
CODE_HEADING = "Does this post support, deny or query the claim?"
SETTLE_HEADING = "The coders differ: does this post support, deny or query the claim?"
CLAIM = "Claim"
ANSWERED = "It answers"
ANSWERED_AWAY = "It answers a post that is not here."
POST = "The post"
SAID = "What the coders said"
SKIPPED = "skipped"
MEANINGS = {
    Stance.SUPPORT: "says that it is so",
    Stance.DENY: "says that it is not so",
    Stance.QUERY: "asks whether it is so",
    Stance.COMMENT: "none of these",
}
LABEL_KEYS = {Stance.SUPPORT: "1", Stance.DENY: "2", Stance.QUERY: "3", Stance.COMMENT: "4"}
KEYS_LABEL = "The stance of this flow"
SKIP, SKIP_KEY = "Skip", "s"
LATER = "Leave it for later"
GO_BACK, BACK_KEY = "Back", "z"
REASON = "Why (optional)"
FINISH = "Finish: my labels are final"
FINISHED_ALL = "You have been through every flow. Go back with z to change a label, or finish."
SETTLED_ALL = "Every difference is settled."
STAY_BLIND = (
    "Please open no other page of this incident before you have finished: the board, the rumours' pages, the "
    "bubbles, the story, exports and the report show what the model said."
)
# Filled in by the browser as somebody codes.
BROWSER = {
    "progress": "{done} of {all}",
    "saved": "All saved",
    "saving": "Saving …",
    "waiting": "{} not saved yet: kept in this browser and sent again",
}
INCOMPLETE = "What was sent arrived incomplete. Reload the page and try again."
NO_SUCH_STANCE = "There is no such stance. Reload the page and try again."
FULL = "This round has its coders: {}. You can code in the next one."
WAIT = "You have finished. {} of {} have: the labels are compared when all have."
PAST = "Coding is done in the present: this page shows what had come of it by then."
NOTHING_YET = "No round has been coded yet: no agreement and no error of the model is known."


def round_line(state: RoundState) -> str:
    """Round 2: 40 flows, 3 coders"""
    return f"Round {state.round.number}: {counted(state.round.flows, 'flow')}, {state.round.places} coders"


def waiting_line(waiting: int) -> str:
    differ = "1 flow waits" if waiting == 1 else f"{waiting:,} flows wait"
    return f"{differ} for an analyst who did not code it to settle what the coders differ on."


def started(flows: int) -> str:
    return f"Started: {counted(flows, 'flow')} to code."


def ended(reason: str) -> str:
    return f"Ended for everybody: {reason}"


def full(state: RoundState) -> str:
    return FULL.format(_names(state.coders))


def wait(state: RoundState) -> str:
    return WAIT.format(len(state.finished), state.round.places)


def facts(card: Card) -> str:
    """reply · 3 posts by 2 people · 20 Nov 2026, 14:05"""
    what = "official post" if card.official else (card.kind or Kind.POST).value
    return f"{what} · {counted(card.posts, 'post')} by {people(card.people)} · {moment(card.first_at)}"


def moment(at: datetime | None) -> str:
    return exact(at) if at else UNKNOWN


# --- What came of a round ------------------------------------------------------------------------------------------
RESULTS = "Round {}: what came of it"
EARLIER = "Earlier rounds"
TABLE_CAPTION = "By stance, with 95% intervals"
COLUMNS = ("stance", "people say", "of these the model finds", "agreement of people (alpha)", "flows under it")
ALL_STANCES = "all"
NOT_YET = "not known yet"
UNDEFINED = "undefined"
UNDEFINED_WHY = "Undefined: no flow has two labels, or all labels are the same."
METHOD = "How this is measured"
METHOD_SAMPLE = (
    "The sample is stratified by the model's label and by the size of the rumour (20 flows and more, or fewer); "
    "strata give flows as the square roots of their sizes. Seed {seed}, drawn from what was known on {drawn_at}."
)
METHOD_ALPHA = (
    "Alpha is Krippendorff's, nominal; by stance it is that one against the rest. 1 is full agreement, 0 what chance "
    "gives; from 0.8 labels are usually called reliable, from 0.667 good enough for tentative conclusions."
)
METHOD_MODEL = (
    "Each flow counts for as many as it stands for. A share is a combined ratio estimate (Cochran 1977), its "
    "interval Wilson's at the effective sample size. What the model said is what it said at the draw."
)


def results(result: RoundResult) -> str:
    return RESULTS.format(result.state.round.number)


def made_up(result: RoundResult) -> str:
    """40 flows of 1,480, coded by A, B and C: 30 agreed, 8 settled, 2 open."""
    state = result.state
    parts = [f"{result.agreed:,} agreed", f"{result.adjudicated:,} settled by an analyst"]
    if result.waiting:
        parts.append(f"{result.waiting:,} waiting to be settled")
    if result.open:
        parts.append(f"{result.open:,} left open for want of two labels")
    coders = _names(state.coders) or "nobody"
    return f"{state.round.flows:,} flows of {result.frame_flows:,}, coded by {coders}: {', '.join(parts)}."


def model_line(result: RoundResult) -> str:
    """On 200 coded flows the model agrees with people on 71% (64 to 77%)."""
    found = result.model
    if isinstance(found, Share):
        return f"On {counted(found.flows, 'coded flow')} the model agrees with people on {share(found)}."
    why = (
        too_few(found) if found else f"{counted(result.waiting, 'flow')} on which people differ must be settled first"
    )
    return f"How often the model agrees with people is not known yet: {why}."


def too_few(found: TooFew) -> str:
    """12 coded flows, 30 are needed"""
    of = f" to which the model says {STANCES[found.label]}" if found.label else ""
    return f"{counted(found.flows, 'coded flow')}{of}, {found.needed} are needed"


def recall(found: Share | TooFew | None) -> str:
    if found is None:
        return NOT_YET
    return share(found) if isinstance(found, Share) else f"too few: {too_few(found)}"


def share(found: Share) -> str:
    """71% (64 to 77%)"""
    return f"{_percent(found.estimate)}% ({_percent(found.low)} to {_percent(found.high)}%)"


def alpha(found: Agreement) -> str:
    return UNDEFINED if found.alpha is None else f"{found.alpha:.2f}"


def alpha_line(found: Agreement) -> str:
    """People agree at alpha 0.71, on 38 flows with two labels or more."""
    on = f"{counted(found.flows, 'flow')} with two labels or more"
    if found.alpha is None:
        return f"How far people agree is undefined, on {on}."
    return f"People agree at alpha {found.alpha:.2f}, on {on}."


def sample_method(result: RoundResult) -> str:
    made = result.state.round
    return METHOD_SAMPLE.format(seed=made.seed, drawn_at=exact(made.drawn_at))


def by(officer: Officer, at: datetime) -> str:
    return f"Started by {who_acted(officer)} on {exact(at)}."


def _names(officers: Collection[Officer]) -> str:
    return ", ".join(names_apart(officers).values())


def _percent(value: float) -> int:
    return round(100 * value)
