"""Same claim?: the pipeline suggests at each consolidation, people decide, and a restart changes nothing."""

from contextlib import closing
from datetime import timedelta
from itertools import islice

import pytest

from models.judgement import incident_state
from models.judgement.cluster import Nearest, OnlineClusterer, Regrouping
from models.judgement.pipeline import Pipeline
from models.store.duckdb.store import DuckDBStore
from tests.builders import LEARNT, NOON, OFFICER, WordsEncoder, a_clock, a_post, a_rule, an_incident, save, suggested

# Two wordings of one claim, and another claim.
CLAIMS = {
    "burst": "dam above northgate burst water coming",
    "broke": "northgate dam broke water everywhere above",
    "wolves": "wolves escaped wildlife park loose hunting",
}
ROUND = timedelta(minutes=15)


class Valley:
    """One incident where each claim is made by four people a round; `restarts`: a new pipeline for every batch."""

    def __init__(self, store, restarts: bool = False):
        self.store = store
        self.incident = store.incidents.open(an_incident()).result()
        self.rounds = 0
        self._restarts = restarts
        self._pipeline: Pipeline | None = None

    def round(self) -> None:
        """Another round of posts, judged and consolidated."""
        begun = int(self.rounds * ROUND.seconds / 60)
        posts = [
            a_post(
                f"{words} {1_000 + 100 * self.rounds + person}",
                id=f"{claim}:{self.rounds}:{person}",
                author=f"{claim} {person}",
                minute=begun + person,
            )
            for person in range(4)
            for claim, words in CLAIMS.items()
        ]
        save(self.store, self.incident, posts)
        self.rounds += 1
        until = NOON + self.rounds * ROUND
        while any(islice(self._ready().batches(until), 1)):
            pass
        self._ready().advance(until)

    def rumour(self, claim: str) -> str:
        """Where the first post of a claim is."""
        rows = self.store.judgement.final_rows(self.incident.id)
        return next(row.rumour for row in rows if row.id == f"{claim}:0:0")

    def flows(self, claim: str) -> list[str]:
        rows = self.store.judgement.final_rows(self.incident.id)
        return [row.flow for row in rows if row.id.startswith(f"{claim}:")]

    def pairs(self) -> list[set[str]]:
        return [{row["rumour"], row["other"]} for row in suggested(self.store, self.incident.id)]

    def merge(self, claim: str, into: str):
        return self._act("merge", self.rumour(claim), self.rumour(into))

    def refuse(self, claim: str, other: str):
        return self._act("refuse", self.rumour(claim), self.rumour(other))

    def split(self, claim: str, flows: list[str]):
        return self._act("split", self.rumour(claim), flows)

    def undo(self, decision):
        return self._act("undo", decision.number)

    def _act(self, name: str, *about):
        return getattr(self.store.acts, name)(self.incident.id, *about, OFFICER, "as it looks").result()

    def _ready(self) -> Pipeline:
        if self._pipeline is None or self._restarts:
            self._pipeline = Pipeline(self.incident.id, self.store, WordsEncoder(), LEARNT, a_rule, batch_posts=5)
        return self._pipeline


class ByWording(OnlineClusterer):
    """Puts together what is worded alike, and regroups nothing: two wordings of one claim stay two rumours."""

    def place(self, vector, words, hours):
        found = self._by_wording().get(_wording(words))
        return Nearest(found, 1.0 if found else 0.0)

    def learn(self, flow, vector, words, hours, rumour, text=""):
        super().learn(flow, vector, words, hours, rumour, text)
        self._by_wording().setdefault(_wording(words), rumour)

    def consolidate(self, incident, constraints, shown):
        return Regrouping()

    def _by_wording(self) -> dict[frozenset[str], str]:
        return self.__dict__.setdefault("by_wording", {})


def _wording(words) -> frozenset[str]:
    return frozenset(word for word in words if not word.isdigit())


@pytest.fixture(autouse=True)
def by_wording(monkeypatch):
    monkeypatch.setattr(incident_state, "OnlineClusterer", ByWording)


@pytest.fixture(params=[False, True], ids=["live", "restarted at every batch"])
def valley(request, store):
    valley = Valley(store, restarts=request.param)
    valley.round()
    assert len({valley.rumour(claim) for claim in CLAIMS}) == 3
    return valley


def the_dam(valley: Valley) -> set[str]:
    return {valley.rumour("burst"), valley.rumour("broke")}


def test_two_wordings_of_one_claim_are_suggested_and_another_claim_is_not(valley):
    assert valley.pairs() == [the_dam(valley)]


def test_what_people_refused_is_not_suggested_again(valley):
    valley.refuse("burst", "broke")
    for _ in range(3):
        valley.round()
        assert valley.pairs() == []


def test_nor_is_what_was_split_off_one_of_the_two(valley):
    valley.refuse("burst", "broke")
    valley.split("burst", valley.flows("burst")[:2])
    for _ in range(2):
        valley.round()
        assert valley.pairs() == []


def test_what_people_merged_is_no_pair_any_more(valley):
    valley.merge("burst", into="broke")
    valley.round()
    assert valley.pairs() == []


def test_what_was_undone_is_suggested_again(valley):
    pair = the_dam(valley)
    valley.undo(valley.refuse("burst", "broke"))
    valley.round()
    assert valley.pairs() == [pair]


def script(valley: Valley) -> list:
    """What stands after each of several rounds and acts."""
    stood = []
    for act in (
        lambda: None,
        lambda: valley.refuse("burst", "broke"),
        lambda: valley.undo(valley.store.acts.decisions(valley.incident.id)[0]),
        lambda: valley.split("wolves", valley.flows("wolves")[:2]),
    ):
        act()
        valley.round()
        stood.append(suggested(valley.store, valley.incident.id))
    return stood


def test_restarted_at_every_batch_the_same_is_suggested_for_the_same_reasons(store, tmp_path):
    live = script(Valley(store))
    with closing(DuckDBStore(tmp_path / "restarted", a_clock())) as other:
        assert script(Valley(other, restarts=True)) == live
    assert [bool(stands) for stands in live] == [True, False, True, True]
