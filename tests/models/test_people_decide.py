"""What people decided stands, whatever the model thinks of it, however often it thinks, and across restarts."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from itertools import islice

import numpy as np
import pytest

from models.domain.acts import Act, Constraints
from models.domain.rumours import EventKind, RumourEvent
from models.errors import StoreError
from models.judgement.incident_state import IncidentState
from models.judgement.pipeline import Pipeline
from models.store.duckdb.store import DuckDBStore
from models.store.messages import JudgedPost
from tests.builders import LEARNT, NOON, OFFICER, WordsEncoder, a_clock, a_post, a_rule, an_incident, save

CLAIMS = {
    "dam": "dam above northgate burst water coming valley flooding",
    "wolves": "wolves escaped wildlife park loose hunting streets animals",
    "gas": "gas leak hospital evacuated patients smell explosion fumes",
}
ROUNDS, ROUND = 4, timedelta(minutes=15)


class Town:
    """One incident where the same claims are made again in each round; `restarts`: a new pipeline for every batch."""

    def __init__(self, store, restarts: bool = False):
        self.store = store
        self.incident = store.incidents.open(an_incident()).result()
        self._restarts = restarts
        self._pipeline: Pipeline | None = None

    def tell(self, posts) -> None:
        save(self.store, self.incident, posts)

    def judge(self, minute: int) -> None:
        """Judge what was written by `minute` after noon, and consolidate where that is due."""
        until = NOON + timedelta(minutes=minute)
        while any(islice(self._ready().batches(until), 1)):
            pass
        self._ready().advance(until)

    def round(self, number: int) -> None:
        self.tell(posts_of(number))
        self.judge(int(number * ROUND.seconds / 60) + 14)

    def rumour(self, claim: str) -> str:
        """Where most posts of a claim are."""
        found = [row.rumour for row in self.store.judgement.final_rows(self.incident.id) if f":{claim}:" in row.id]
        return max(sorted(set(found)), key=found.count)

    def rumours(self) -> dict[str, str]:
        return {row.id: row.rumour for row in self.store.judgement.final_rows(self.incident.id)}

    def flows(self, claim: str, number: int = 0) -> list[str]:
        """The flows that posts of a claim opened in a round."""
        within = f":{claim}:{number}:"
        return [row.flow for row in self.store.judgement.final_rows(self.incident.id) if within in row.id]

    def merge(self, claim: str, into: str):
        return self.store.acts.merge(
            self.incident.id, self.rumour(claim), self.rumour(into), OFFICER, "one claim"
        ).result()

    def refuse(self, claim: str, other: str):
        return self.store.acts.refuse(
            self.incident.id, self.rumour(claim), self.rumour(other), OFFICER, "two places"
        ).result()

    def split(self, claim: str, flows):
        return self.store.acts.split(self.incident.id, self.rumour(claim), flows, OFFICER, "two claims").result()

    def move(self, claim: str, flows, into: str):
        return self.store.acts.move(
            self.incident.id, self.rumour(claim), flows, self.rumour(into), OFFICER, "belongs there"
        ).result()

    def undo(self, decision):
        return self.store.acts.undo(self.incident.id, decision.number, OFFICER, "a mistake").result()

    def dismiss(self, claim: str):
        return self.store.acts.decide(self.incident.id, self.rumour(claim), Act.DISMISS, OFFICER, "a drill").result()

    def _ready(self) -> Pipeline:
        if self._pipeline is None or self._restarts:
            self._pipeline = Pipeline(self.incident.id, self.store, WordsEncoder(), LEARNT, a_rule, batch_posts=7)
        return self._pipeline


def posts_of(number: int) -> list:
    """Four posts a claim and round in its own words, each with words of its own, and an answer to the first."""
    posts = []
    for one in range(4):
        for claim, words in CLAIMS.items():
            # A number of its own, too long to contradict another: no post is a copy of another.
            text = " ".join([*np.roll(words.split(), one + number)[:6], str(1_000 + 100 * number + one)])
            name = f"test:{claim}:{number}:{one}"
            minute = number * int(ROUND.seconds / 60) + one * 3
            posts.append(a_post(text, id=name, author=name, minute=minute))
            if one == 1:
                answer = {"reply_to": f"test:{claim}:{number}:0", "author": f"{name}a", "minute": minute + 1}
                posts.append(a_post("is that really so, who says it?", id=f"{name}:answer", **answer))
    return posts


@pytest.fixture(params=[False, True], ids=["live", "restarted at every batch"])
def town(request, store):
    town = Town(store, restarts=request.param)
    town.round(0)
    assert len({town.rumour(claim) for claim in CLAIMS}) == 3
    return town


def go_on(town: Town) -> None:
    for number in range(1, ROUNDS):
        town.round(number)


def test_what_was_merged_stays_merged_and_takes_in_what_repeats_either_claim(town):
    away = town.rumour("wolves")
    town.merge("wolves", into="dam")
    go_on(town)
    where = town.rumours()
    assert away not in where.values()
    assert {rumour for post, rumour in where.items() if ":gas:" not in post} == {town.rumour("dam")}


def test_what_was_split_off_stays_off_and_both_live_on(town):
    flows = town.flows("dam")[:2]
    left, new = town.rumour("dam"), town.split("dam", flows).into
    go_on(town)
    where = {row.flow: row.rumour for row in town.store.judgement.final_rows(town.incident.id)}
    assert {where[flow] for flow in flows} == {new}
    assert new not in {where[flow] for flow in town.flows("dam")[2:]}
    assert left in where.values()


def test_a_moved_flow_stays_and_its_copies_join_it(town):
    flow = town.flows("dam")[1]
    text = next(post.text for post in posts_of(0) if post.id == "test:dam:0:1")
    into = town.rumour("gas")
    town.move("dam", [flow], "gas")
    go_on(town)
    town.tell([a_post(text, id="test:copy", minute=61)])
    town.judge(90)
    rows = {row.id: row for row in town.store.judgement.final_rows(town.incident.id)}
    assert (rows["test:copy"].flow, rows["test:copy"].rumour) == (flow, into)
    assert rows["test:dam:0:1"].rumour == into
    assert rows["test:dam:0:2"].rumour != into


def test_a_dismissed_rumour_stays_dismissed_and_takes_in_what_repeats_it(town):
    rumour = town.rumour("gas")
    decision = town.dismiss("gas")
    go_on(town)
    assert {at for post, at in town.rumours().items() if ":gas:" in post} == {rumour}
    assert town.store.acts.decisions(town.incident.id) == [decision]
    surfaced = [one.rumour for one in town.store.judgement.events(town.incident.id) if one.kind is EventKind.SURFACED]
    assert len(surfaced) == len(set(surfaced)) == len(CLAIMS)


@pytest.mark.parametrize("act", ["merge", "split", "move"])
def test_what_was_undone_is_as_if_it_had_never_been(town, act):
    before = town.rumours()
    acts: dict[str, Callable] = {
        "merge": lambda: town.merge("wolves", into="dam"),
        "split": lambda: town.split("dam", town.flows("dam")[:2]),
        "move": lambda: town.move("dam", town.flows("dam")[:1], "gas"),
    }
    decision = acts[act]()
    town.round(1)
    town.undo(decision)
    for number in range(2, ROUNDS):
        town.round(number)
    after = town.rumours()
    assert {post: after[post] for post in before} == before
    assert all(at == town.rumour(claim) for claim in CLAIMS for post, at in after.items() if f":{claim}:" in post)


def everything(town: Town) -> tuple:
    store, incident = town.store, town.incident.id
    return store.judgement.final_rows(incident), store.judgement.events(incident)


def script(town: Town) -> None:
    """One of each act, with posts and consolidations between them."""
    town.round(0)
    town.move("dam", town.flows("dam")[:1], "gas")
    town.tell([a_post(CLAIMS["dam"], id="test:dam:late:1", author="late", minute=14)])
    town.round(1)
    parted = town.split("wolves", town.flows("wolves")[1:3])
    town.round(2)
    town.merge("gas", into="dam")
    town.undo(parted)
    town.refuse("dam", "wolves")
    town.dismiss("dam")
    town.round(3)


def test_interrupted_at_every_batch_with_acts_between_everything_comes_out_the_same(store, tmp_path):
    live = Town(store)
    script(live)
    with closing(DuckDBStore(tmp_path / "restarted", a_clock())) as other:
        restarted = Town(other, restarts=True)
        script(restarted)
        assert everything(restarted) == everything(live)


@pytest.mark.parametrize("when", ["posts", "consolidation"])
def test_an_act_that_lands_while_a_batch_is_judged_has_it_judged_again(store, monkeypatch, when):
    town = Town(store)
    town.round(0)
    away, into = town.rumour("wolves"), town.rumour("dam")
    save_whole, refused = store.judgement.save, []

    def an_act_comes_first(judgement):
        meant = judgement.posts if when == "posts" else judgement.consolidated
        if meant and not refused:
            refused.append(judgement)
            store.acts.merge(town.incident.id, away, into, OFFICER, "one claim").result()
        return save_whole(judgement)

    monkeypatch.setattr(store.judgement, "save", an_act_comes_first)
    town.round(1)
    town.judge(60)
    assert refused
    rows = store.judgement.final_rows(town.incident.id)
    assert [row.id for row in rows] == [post.id for number in (0, 1) for post in posts_of(number)]
    assert {row.rumour for row in rows if ":gas:" not in row.id} == {into}
    assert [one.post.id for one in store.judgement.posts(town.incident.id, WordsEncoder.digest)] == [
        row.id for row in rows
    ]
    assert store.judgement.consolidated(town.incident.id)[0] > NOON + ROUND


def test_an_act_in_mid_judgement_and_a_full_disk_together_lose_nothing(store, monkeypatch):
    town = Town(store)
    town.round(0)
    save_whole, saves = store.judgement.save, iter(range(99))

    def now_this_now_that(judgement):
        turn = next(saves)
        if turn == 1:
            town.dismiss("gas")
        if turn == 2:
            raise StoreError("disk full")
        return save_whole(judgement)

    monkeypatch.setattr(store.judgement, "save", now_this_now_that)
    with pytest.raises(StoreError):
        town.round(1)
    town.judge(60)
    assert [row.id for row in store.judgement.final_rows(town.incident.id)] == [
        post.id for number in (0, 1) for post in posts_of(number)
    ]


def judged_by(rumour_of: Mapping[str, str], first: int = 1) -> list[JudgedPost]:
    """Flows, named by their claim and a number, and their rumours; "to dam1" is an answer to that one."""
    judged = []
    for place, (name, rumour) in enumerate(rumour_of.items(), start=first):
        answers = name.split("to ")[1] if "to " in name else None
        text = "who says so?" if answers else f"{CLAIMS[name.rstrip('0123456789')]} {place}"
        (vector,) = WordsEncoder().encode([text]) if answers is None else (None,)
        post = a_post(text, id=name, place=place, reply_to=answers)
        judged.append(JudgedPost(post, name, answers or name, rumour, opens_flow=True, vector=vector))
    return judged


def a_state(constraints: Constraints, judged: Sequence[JudgedPost], events=()) -> IncidentState:
    state = IncidentState(
        "incident", LEARNT.clusters, LEARNT.likelihood, a_rule(), constraints, lambda texts: [1.0] * len(texts)
    )
    state.recall(judged, events)
    return state


def where_moved(judged: Sequence[JudgedPost], moved: Mapping[str, str]) -> list[JudgedPost]:
    return [replace(one, rumour=moved.get(one.flow, one.rumour)) for one in judged]


def consolidated(state: IncidentState, hour: int = 1) -> dict[str, str]:
    return {one.flow: one.rumour for one in state.consolidate(NOON + timedelta(hours=hour))}


def test_answers_go_where_the_model_moves_what_they_answer_but_for_those_a_person_put_somewhere():
    pinned = Constraints(1, pinned={"first to dam3": "wolves"}, protected=frozenset({"wolves"}))
    rumour_of = {
        "wolves1": "wolves",
        "wolves2": "wolves",
        "dam1": "dam",
        "dam2": "dam",
        "dam3": "wolves",
        "first to dam3": "wolves",
        "second to dam3": "wolves",
    }
    assert consolidated(a_state(pinned, judged_by(rumour_of))) == {"dam3": "dam", "second to dam3": "dam"}


def test_what_the_model_parts_from_a_rumour_is_apart_from_what_that_was_apart_from_until_people_undo_it():
    judged = judged_by(
        {
            "dam1": "one",
            "dam2": "one",
            "dam3": "one",
            "wolves1": "one",
            "wolves2": "one",
            "wolves3": "other",
            "wolves4": "other",
        }
    )
    apart = Constraints(1, apart=frozenset({("one", "other")}), protected=frozenset({"one", "other"}))
    live = a_state(apart, judged)
    moved = consolidated(live)
    assert set(moved) == {"wolves1", "wolves2"}
    (parted,) = set(moved.values())
    assert parted not in ("one", "other")
    events = live.take_events()
    restarted = a_state(apart, where_moved(judged, moved), events)
    for state in (live, restarted):
        assert consolidated(state, 2) == consolidated(state, 3) == {}
    undone = a_state(Constraints(2, protected=apart.protected), where_moved(judged, moved), events)
    assert set(consolidated(undone).values()) == {"other"}


@pytest.mark.parametrize("on_board", [True, False])
def test_what_the_model_parts_from_a_rumour_on_the_board_stays_on_the_board(on_board):
    names = [f"{claim}{n}" for claim in ("dam", "wolves") for n in range(4)]
    surfaced = RumourEvent("mixed", EventKind.SURFACED, NOON, detail={"rule": "several"})
    state = a_state(Constraints(), judged_by(dict.fromkeys(names, "mixed")), [surfaced] if on_board else [])
    (parted,) = set(consolidated(state).values())
    up = [event for event in state.take_events() if event.kind is EventKind.SURFACED]
    assert [event.rumour for event in up] == [parted] * on_board
    assert all("split off" in event.detail["rule"] for event in up)


def test_a_name_that_ended_before_a_restart_is_not_given_again():
    judged = judged_by({"dam1": "mixed", "dam2": "mixed", "dam3": "mixed", "wolves1": "mixed"})
    live = a_state(Constraints(), judged)
    (parted,) = set(consolidated(live).values())
    joined_again = RumourEvent(parted, EventKind.MERGED, NOON, detail={"into": "mixed", "by": "model"})
    restarted = a_state(Constraints(), judged, [*live.take_events(), joined_again])
    (parted_again,) = set(consolidated(restarted).values())
    assert parted_again != parted


@pytest.mark.parametrize("seed", range(12))
def test_after_a_regrouping_a_restart_remembers_the_same_counts_and_titles(seed):
    """Also where posts come late, and where words of many flows compete to name a rumour."""
    rng = np.random.default_rng(seed)
    vocabulary = [word for words in CLAIMS.values() for word in words.split()]

    def some(count: int, first: int) -> list[JudgedPost]:
        judged = judged_by(
            {f"{rng.choice(list(CLAIMS))}{first + n}": f"rumour {rng.integers(4)}" for n in range(count)}, first
        )
        spoken = [f"{one.post.text} {' '.join(rng.choice(vocabulary, rng.integers(6)))}" for one in judged]
        late = [timedelta(minutes=int(minutes)) for minutes in rng.integers(0, 90, count)]
        return [
            replace(one, post=replace(one.post, text=text, created_at=NOON + minutes))
            for one, text, minutes in zip(judged, spoken, late, strict=True)
        ]

    def learn(state: IncidentState, judged: Sequence[JudgedPost]) -> None:
        for one in judged:
            state.learn(one)
            state.note_events(one)

    judged, more = some(16, 1), some(16, 17)
    live = a_state(Constraints(), [])
    learn(live, judged)
    moved = consolidated(live, 2)
    judged, events = where_moved(judged, moved), live.take_events()
    restarted = a_state(Constraints(), judged, events)
    for rumour in {one.rumour for one in judged}:
        assert live.tally(rumour).burst(live.now) == restarted.tally(rumour).burst(live.now)
    for state in (live, restarted):
        learn(state, more)
    again = consolidated(live, 3)
    assert again == consolidated(restarted, 3)
    assert live.take_events() == restarted.take_events()
    for rumour in {one.rumour for one in where_moved([*judged, *more], again)}:
        assert live.title_post(rumour) == restarted.title_post(rumour)
