"""A stream that drives a store by random steps, and records what the screens showed after each of them."""

import contextlib
import dataclasses
import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from dashboard.components.bubbles_data import picture_data
from dashboard.views.bubbles import read_picture, strip_marks
from dashboard.views.compare import read_compared
from dashboard.views.past import PastKeeper
from dashboard.views.rumour import read_merged_away
from dashboard.views.snapshot import SnapshotKeeper
from dashboard.views.sources import read_sources_then
from dashboard.views.story import read_story
from models.domain.acts import Act, Assignee, Officer
from models.domain.corrections import CorrectionDraft, Verdict
from models.domain.posts import Removal
from models.domain.rumours import EventKind, RumourEvent, Stance, StanceJudgement
from models.domain.sightings import HeardBy, SightingDraft
from models.domain.sources import HealthEvent, HealthKind, Permission
from models.errors import Refused
from models.store.duckdb.store import DuckDBStore
from models.store.messages import (
    Arrival,
    ArrivedPost,
    FlowStance,
    JudgedPost,
    Judgement,
    Reassignment,
    Suggestion,
    SuggestionReason,
)
from tests.builders import NOON, a_clock, a_post, an_incident

WHO = Officer("J. Officer", "duty")
RUMOURS = ("bridge", "dam", "looters", "wolves")
REVIEW_EVERY = 4
# Each wording holds a word of its own, by which it is known again wherever it is shown. No row of letters that stand
# for stances looks like one.
OWN_WORD = re.compile(r"\bz[a-p]+z\b")


class World:
    """One incident that a stream of steps is poured into, and what its screens showed after each."""

    def __init__(self, folder: Path):
        self.clock = a_clock()
        self.store = DuckDBStore(folder, self.clock)
        self.incident = self.store.incidents.open(an_incident()).result()
        self.keeper = SnapshotKeeper(self.store, self.clock)
        self.posts: list[Any] = []
        self.flows: dict[str, list[str]] = {}
        self.words_of: dict[str, set[str]] = {}
        self.erased: set[str] = set()
        self.wordings = 0
        self.shown: list[tuple[Any, Any]] = []

    def step(self, name: str, choice: "Choice") -> None:
        """Take one step, if it can be taken, and record what the screens show a moment later."""
        self.clock.advance_to(self.clock.now() + timedelta(seconds=choice.seconds))
        with contextlib.suppress(Refused):
            getattr(self, name)(choice)
        # The store's stamps run ahead of a clock that stands still.
        self.clock.advance_to(max(self.clock.now(), self.store.last_known_at()))
        self.shown.append((self.clock.now(), self.live()))
        self.clock.advance_to(self.clock.now() + timedelta(microseconds=1))

    # --- What the screens show ----------------------------------------------------------------------------------
    def live(self) -> dict[str, Any]:
        # The pages of the review take longest to read: part of the moments are enough.
        with_review = len(self.shown) % REVIEW_EVERY == 0
        board = self.keeper.latest(self.incident.id, fresh=True)
        pages = {name: self.keeper.page(self.incident.id, name) for name in board.rows}
        review = self._review(self.clock.now(), {}) if with_review else None
        return self._screens(board, pages, {}) | {"review": review}

    def then(self, past: PastKeeper, moment: Any, *, with_review: bool) -> dict[str, Any]:
        board = past.board(self.incident.id, moment)
        pages = {name: past.page(self.incident.id, name, moment) for name in board.rows}
        review = self._review(moment, {"as_of": moment}) if with_review else None
        return self._screens(board, pages, {"as_of": moment}) | {"review": review}

    def _screens(self, board: Any, pages: dict[str, Any], moment: dict[str, Any]) -> dict[str, Any]:
        store, here = self.store, self.incident.id
        return {
            "header": board.header,
            "rows": list(board.rows.items()),
            "also said": board.also_said,
            "officially said": board.officially_said,
            "alike": board.alike,
            "pages": pages,
            "merged away": {name: read_merged_away(store, here, name, **moment) for name in RUMOURS},
            "incidents": store.incidents.all(**moment),
            "versions": store.incidents.versions(here, **moment),
            "sources": read_sources_then(store, ["feeds"], board.taken_at),
        }

    def _review(self, now: datetime, moment: dict[str, Any]) -> dict[str, Any]:
        store, here = self.store, self.incident.id
        return {
            "story": read_story(store, here, now, **moment),
            "compared": dataclasses.replace(
                read_compared(store, self.incident, now, **moment), incident=self.incident
            ),
            "pictures": {name: self.picture(name, moment) for name in (None, "dam")},
            "captions": strip_marks(store, here, None, now, **moment),
        }

    def picture(self, rumour: str | None, moment: dict[str, Any]) -> dict[str, Any]:
        """What a browser draws; the name of a layout is that of how it came about."""
        drawn = picture_data(read_picture(self.store, self.incident.id, rumour, **moment)[0], None)
        return {name: value for name, value in drawn.items() if name != "layout"}

    # --- What comes in and is judged ----------------------------------------------------------------------------
    def comes(self, choice: "Choice") -> None:
        """A post comes in and is judged: a flow of its own, or one more of a flow."""
        rumour, flows = choice.rumour, self.flows.get(choice.rumour, [])
        post = a_post(self.wording(), author=f"author-{choice.number % 5}", author_followers=choice.followers)
        # Part of the posts have no time, or one of long before.
        at = self.clock.now() - timedelta(minutes=choice.number) if choice.number % 7 else None
        post = dataclasses.replace(post, created_at=at, official=choice.number % 11 == 0)
        self.words_of[post.id] = own_words(post.text)
        opens = not flows or choice.number % 3 > 0
        flow = f"flow of {post.id}" if opens else flows[choice.number % len(flows)]
        saved = self.store.posts.add(Arrival([ArrivedPost(post, {self.incident.id: "dam"})])).result()
        if saved.refused:
            return
        self.judge(post, flow, rumour, opens, choice)
        self.posts.append(post)
        if opens:
            self.flows.setdefault(rumour, []).append(flow)

    def judge(self, post: Any, flow: str, rumour: str, opens: bool, choice: "Choice") -> None:
        upto = self.store.judgement.upto(self.incident.id)
        (*_, stored) = self.store.judgement.unjudged(self.incident.id, upto, 100)
        stance = a_stance(choice) if opens and choice.number % 4 else None
        events = []
        if opens:
            detail = {"states_claim": choice.number % 5 > 0}
            events.append(RumourEvent(rumour, EventKind.TITLE, self.clock.now(), post=post.id, detail=detail))
        if choice.number % 2:
            events.append(RumourEvent(rumour, EventKind.SURFACED, self.clock.now(), detail={"rule": "several"}))
        score = {"people": choice.number, "may_go_up": choice.number % 2 == 0, "reasons": []}
        events.append(RumourEvent(rumour, EventKind.SCORE, self.clock.now(), likelihood=choice.share, detail=score))
        judged = [JudgedPost(stored, flow, stored.id, rumour, opens_flow=opens, stance=stance)]
        self.save(judged, events, upto=stored.place)

    def save(self, judged: Any = (), events: Any = (), *, upto: int | None = None, **more: Any) -> None:
        here = self.incident.id
        upto = self.store.judgement.upto(here) if upto is None else upto
        number = self.store.acts.constraints(here).number
        self.store.judgement.save(Judgement(here, upto, judged, events, number, **more)).result()

    def is_read_again(self, choice: "Choice") -> None:
        if flow := self.some_flow(choice):
            stance = FlowStance(flow, choice.rumour, a_stance(choice))
            self.store.stances.save(self.incident.id, [stance]).result()

    def is_moved_by_the_model(self, choice: "Choice") -> None:
        if flow := self.some_flow(choice):
            self.save(reassigned=[Reassignment(flow, choice.other)])

    def is_suggested(self, choice: "Choice") -> None:
        if not self.posts or choice.rumour == choice.other:
            return
        post = self.posts[choice.number % len(self.posts)].id
        why = SuggestionReason(post, (0, 1), same_link=False, other_number=True, since=NOON, people=(2, 3))
        pair = sorted((choice.rumour, choice.other))
        self.save(suggestions=[Suggestion(*pair, choice.share, why)])

    def is_edited(self, choice: "Choice") -> None:
        if self.posts:
            post = self.posts[choice.number % len(self.posts)]
            words = [self.wording() for _ in range(1 + choice.number % 2)]
            self.words_of[post.id] |= own_words(" ".join(words))
            edits = [
                dataclasses.replace(post, text=text, edited_at=self.clock.now() + timedelta(milliseconds=place))
                for place, text in enumerate(words)
            ]
            self.store.posts.add(Arrival([ArrivedPost(edit, {self.incident.id: "dam"}) for edit in edits])).result()

    def is_erased(self, choice: "Choice") -> None:
        if self.posts:
            post = self.posts[choice.number % len(self.posts)]
            # A sighting has no author.
            whole_account = post.author is not None and choice.number % 4 == 0
            about = {"author": post.author} if whole_account else {"post": post.id}
            gone = [one for one in self.posts if one is post or (whole_account and one.author == post.author)]
            self.erased |= {one.id for one in gone}
            removal = Removal("test", "deleted", self.clock.now(), **about)
            self.store.posts.add(Arrival(removals=[removal])).result()

    def a_source_goes_or_comes(self, choice: "Choice") -> None:
        kinds = (HealthKind.GAP_OPENED, HealthKind.GAP_CLOSED, HealthKind.GAP_FILLED, HealthKind.ERROR)
        began = NOON + timedelta(minutes=choice.number % 3)
        now = self.clock.now()
        ended = None if choice.number % 4 == 0 else max(now, began)
        event = HealthEvent("feeds", kinds[choice.number % 4], now, f"reason {choice.number}", began, ended)
        self.store.sources.add_health([event]).result()

    # --- What people do -----------------------------------------------------------------------------------------
    def is_decided(self, choice: "Choice") -> None:
        act = (Act.TAKE, Act.PARK, Act.DISMISS, Act.REOPEN, Act.CLOSE)[choice.number % 5]
        self.store.acts.decide(self.incident.id, choice.rumour, act, WHO, "because").result()

    def is_assigned(self, choice: "Choice") -> None:
        to = Assignee("Comms desk") if choice.number % 2 else Assignee("C. Omms", "Northgate Police", "u2")
        self.store.acts.assign(self.incident.id, choice.rumour, to, WHO, f"note {choice.number}").result()

    def is_corrected(self, choice: "Choice") -> None:
        verdict = list(Verdict)[choice.number % len(Verdict)]
        issued = self.clock.now() - timedelta(minutes=choice.number)
        draft = CorrectionDraft(choice.rumour, verdict, f"It is {verdict}.", "X", "Gold commander", None, issued)
        self.store.acts.correct(self.incident.id, draft, WHO).result()

    def is_merged(self, choice: "Choice") -> None:
        self.store.acts.merge(self.incident.id, choice.rumour, choice.other, WHO, "one claim").result()

    def is_refused(self, choice: "Choice") -> None:
        self.store.acts.refuse(self.incident.id, choice.rumour, choice.other, WHO, "two places").result()

    def is_split(self, choice: "Choice") -> None:
        if flow := self.some_flow(choice):
            self.store.acts.split(self.incident.id, choice.rumour, [flow], WHO, "another claim").result()

    def is_moved(self, choice: "Choice") -> None:
        if flow := self.some_flow(choice):
            self.store.acts.move(self.incident.id, choice.rumour, [flow], choice.other, WHO, "there").result()

    def is_undone(self, choice: "Choice") -> None:
        log = self.store.acts.decisions(self.incident.id)
        if log:
            number = log[choice.number % len(log)].number
            self.store.acts.undo(self.incident.id, number, WHO, "a mistake").result()

    def is_sighted(self, choice: "Choice") -> None:
        now = self.clock.now()
        heard = SightingDraft(self.wording(), list(HeardBy)[choice.number % len(HeardBy)], now, "a neighbour")
        post = self.store.acts.log_sighting(self.incident.id, heard, WHO).result().post
        self.words_of[post.id] = own_words(post.text)
        self.judge(post, f"flow of {post.id}", choice.rumour, True, choice)
        self.posts.append(post)

    def is_captioned(self, choice: "Choice") -> None:
        rumour = choice.rumour if choice.number % 2 else None
        self.store.annotations.pin(self.incident.id, rumour, self.clock.now(), f"note {choice.number}", WHO).result()

    def is_caption_taken_away(self, choice: "Choice") -> None:
        there = self.store.annotations.of(self.incident.id)
        if there:
            gone = there[choice.number % len(there)].id
            self.store.annotations.take_away(self.incident.id, gone, WHO).result()

    def is_watched_for_otherwise(self, choice: "Choice") -> None:
        closed = self.clock.now() if choice.number % 3 == 0 else None
        changed = dataclasses.replace(self.incident, purpose=f"purpose {choice.number}", closed_at=closed)
        self.store.incidents.record(changed, WHO, "wider").result()

    def is_permitted(self, choice: "Choice") -> None:
        self.store.sources.permit(Permission("feeds", f"letter {choice.number}", WHO, self.clock.now())).result()

    # --- Words and flows ----------------------------------------------------------------------------------------
    def wording(self) -> str:
        self.wordings += 1
        own = "".join("abcdefghijklmnop"[int(digit)] for digit in str(self.wordings))
        return f"z{own}z says that the dam above Northgate has burst"

    def some_flow(self, choice: "Choice") -> str | None:
        flows = self.flows.get(choice.rumour)
        return flows[choice.number % len(flows)] if flows else None

    def erased_words(self) -> set[str]:
        return set().union(*(self.words_of[post] for post in self.erased))


@dataclasses.dataclass(frozen=True)
class Choice:
    """What one step is about; each step takes of it what it needs."""

    rumour: str
    other: str
    number: int
    followers: int | None
    share: float
    seconds: int


def a_stance(choice: Choice) -> StanceJudgement:
    label = list(Stance)[choice.number % len(Stance)]
    return StanceJudgement(label, {one: float(one is label) for one in Stance}, "model")


def own_words(text: str) -> set[str]:
    # A title begins with a capital.
    return set(OWN_WORD.findall(text.casefold()))


def differences(shown: Any, rebuilt: Any, erased: set[str], where: str = "") -> list[str]:
    """Where two readings differ, but for text that showed words of erased posts and shows them no more."""
    if isinstance(shown, str) and rebuilt is None:
        return [] if own_words(shown) & erased else [f"{where}: {shown!r} None"]
    if isinstance(shown, str) and isinstance(rebuilt, str):
        gone, left = own_words(shown) & erased, own_words(rebuilt) & erased
        return [] if not left and (gone or shown == rebuilt) else [f"{where}: {shown!r} {rebuilt!r}"]
    if where.endswith(".shared_words") and set(shown) & erased:
        return [] if rebuilt == () else [f"{where}: {shown!r} {rebuilt!r}"]
    if dataclasses.is_dataclass(shown) and type(shown) is type(rebuilt):
        names = [one.name for one in dataclasses.fields(shown)]
        parts = [(f".{name}", getattr(shown, name), getattr(rebuilt, name)) for name in names]
    elif isinstance(shown, dict) and isinstance(rebuilt, dict) and shown.keys() == rebuilt.keys():
        parts = [(f"[{key}]", shown[key], rebuilt[key]) for key in shown]
    elif isinstance(shown, list | tuple) and type(shown) is type(rebuilt) and len(shown) == len(rebuilt):
        parts = [(f"[{place}]", *pair) for place, pair in enumerate(zip(shown, rebuilt, strict=True))]
    else:
        return [] if shown == rebuilt else [f"{where}: {shown!r} {rebuilt!r}"]
    return [line for name, one, other in parts for line in differences(one, other, erased, where + name)]
