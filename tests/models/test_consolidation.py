"""What consolidation promises: it repairs what could not be seen before, and leaves what people decided."""

from collections.abc import Collection
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.domain.acts import Constraints
from models.judgement.cluster import ClusterSettings, OnlineClusterer, Regrouping
from models.judgement.resemblance import ResemblanceWeights

DIMENSIONS = 16
TOPICS = ["dam", "wolves", "gas", "bridge", "looters"]
NOTHING = Regrouping()
NOBODY_ACTED = Constraints()


class Room:
    """A clusterer and the rumour of each flow, as the pipeline would keep it."""

    def __init__(self, **changes):
        self.clusterer = OnlineClusterer(DIMENSIONS, ClusterSettings(ResemblanceWeights()), **changes)
        self.rumour_of: dict[str, str] = {}
        self.ended: set[str] = set()
        self._learnt: list[tuple] = []

    def tell(self, rumour: str, *flows: str, hours: float = 0.0) -> None:
        """Flows named by what they are about and a number ("dam1"; "dam+gas2" is about both), put into a rumour."""
        for flow in flows:
            self._learn((flow, *a_flow(flow), hours), rumour)

    def consolidate(self, constraints: Constraints = NOBODY_ACTED, shown: Collection[str] = ()) -> Regrouping:
        change = self.clusterer.consolidate("incident", constraints, shown)
        before = dict(self.rumour_of)
        self.rumour_of.update(change.moved)
        for flow, rumour in self.rumour_of.items():
            self.rumour_of[flow] = change.merged.get(rumour, rumour)
        present = set(self.rumour_of.values())
        assert set(change.merged) == set(before.values()) - present, "what is empty was merged, and nothing else"
        assert set(change.split) == present - set(before.values()), "what is new was split, and nothing else"
        assert not present & self.ended, "what was merged away came back"
        self.ended |= set(change.merged)
        return change

    def restarted(self) -> "Room":
        other = Room()
        other.clusterer.reserve(self.ended)
        for flow in self._learnt:
            other._learn(flow, self.rumour_of[flow[0]])
        other.ended = set(self.ended)
        return other

    def rumours(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for flow, rumour in self.rumour_of.items():
            found.setdefault(rumour, set()).add(flow)
        return found

    def _learn(self, flow: tuple, rumour: str) -> None:
        self._learnt.append(flow)
        self.clusterer.learn(*flow, rumour)
        self.rumour_of[flow[0]] = rumour


def a_flow(name: str) -> tuple[np.ndarray, list[str]]:
    """The vector and words of a flow about the topics in its name, each flow a little different."""
    topics = [topic for topic in TOPICS if topic in name]
    rng = np.random.default_rng(sum(map(ord, name)))
    vector = rng.normal(size=DIMENSIONS) * 0.1
    for topic in topics:
        vector[TOPICS.index(topic)] += 1
    vector = vector.astype(np.float16).astype(np.float32)
    return vector / np.linalg.norm(vector), [f"{topic}{form}" for topic in topics for form in ("", "side", "gate")]


@pytest.fixture
def room():
    return Room()


def test_rumours_that_make_one_claim_are_joined(room):
    room.tell("first", "dam1", "dam2", "dam3")
    room.tell("second", "dam4", "dam5")
    room.tell("other", "wolves1", "wolves2")
    change = room.consolidate()
    assert change.merged == {"second": "first"}
    assert room.rumours() == {"first": {"dam1", "dam2", "dam3", "dam4", "dam5"}, "other": {"wolves1", "wolves2"}}


def test_a_rumour_of_two_claims_is_parted_and_the_larger_part_keeps_its_name(room):
    room.tell("mixed", "dam1", "wolves1", "dam2", "wolves2", "dam3")
    change = room.consolidate()
    (parted,) = change.split
    assert change.split == {parted: "mixed"}
    assert room.rumours() == {"mixed": {"dam1", "dam2", "dam3"}, parted: {"wolves1", "wolves2"}}


def test_one_flow_in_the_wrong_rumour_goes_to_the_right_one(room):
    room.tell("dam", "dam1", "dam2", "wolves1")
    room.tell("wolves", "wolves2", "wolves3")
    assert room.consolidate().moved == {"wolves1": "wolves"}


def test_what_is_in_order_is_left_alone(room):
    for topic in TOPICS:
        room.tell(topic, *(f"{topic}{n}" for n in range(4)))
    assert room.consolidate() == NOTHING


@pytest.mark.parametrize("flows", [[], ["dam1"]])
def test_nothing_or_a_single_flow_needs_no_grouping(room, flows):
    room.tell("dam", *flows)
    assert room.consolidate() == NOTHING


def test_staying_together_counts_so_that_nothing_moves_for_a_trifle():
    """Two rumours stay as they are at a resemblance at which one rumour stays as it is."""
    moved = 0
    for hours in np.linspace(0, 12, 40):
        joined, apart = Room(), Room()
        joined.tell("dam", "dam+gas1")
        joined.tell("dam", "dam+wolves1", hours=float(hours))
        apart.tell("dam", "dam+gas1")
        apart.tell("gas", "dam+wolves1", hours=float(hours))
        still_joined, still_apart = joined.consolidate() == NOTHING, apart.consolidate() == NOTHING
        assert still_joined or still_apart
        moved += not (still_joined and still_apart)
    assert 0 < moved < 40


def test_what_the_board_shows_keeps_its_name_before_what_it_does_not(room):
    room.tell("large", *(f"dam{n}" for n in range(6)))
    room.tell("shown", "dam7")
    assert room.consolidate(shown={"shown"}).merged == {"large": "shown"}


def test_what_people_hold_keeps_its_name_before_what_the_board_shows(room):
    room.tell("shown", *(f"dam{n}" for n in range(6)))
    room.tell("protected", "dam7")
    assert room.consolidate(Constraints(protected=frozenset({"protected"})), {"shown"}).merged == {
        "shown": "protected"
    }


def test_two_rumours_that_people_hold_are_never_joined(room):
    room.tell("one", "dam1", "dam2")
    room.tell("other", "dam3", "dam4")
    protected = frozenset({"one", "other"})
    assert room.consolidate(Constraints(protected=protected)) == NOTHING
    assert room.consolidate(Constraints(protected=protected - {"other"})).merged == {"other": "one"}


def test_what_people_parted_is_not_joined_however_alike_and_however_often(room):
    room.tell("one", *(f"dam{n}" for n in range(10)))
    room.tell("other", *(f"dam{n}" for n in range(10, 20)))
    for n in range(5):
        assert room.consolidate(Constraints(apart=frozenset({("one", "other")}))) == NOTHING
        room.tell("one", f"dam1{n}a")
        room.tell("other", f"dam1{n}b")


def test_a_third_rumour_between_two_that_are_apart_goes_to_one_of_them(room):
    room.tell("one", "dam1", "dam2")
    room.tell("third", "dam3", "dam4")
    room.tell("other", "dam5", "dam6")
    apart = Constraints(apart=frozenset({("one", "other")}), protected=frozenset({"one", "other"}))
    assert set(room.consolidate(apart).merged) == {"third"}
    assert {"dam1", "dam2"} <= room.rumours()["one"]
    assert {"dam5", "dam6"} <= room.rumours()["other"]


def test_a_pinned_flow_stays_where_a_person_put_it(room):
    room.tell("dam", "dam1", "dam2", "wolves1")
    room.tell("wolves", "wolves2", "wolves3")
    pinned = Constraints(pinned={"wolves1": "dam"}, protected=frozenset({"dam", "wolves"}))
    assert room.consolidate(pinned) == NOTHING


def test_what_people_moved_into_a_rumour_does_not_push_out_what_was_there(room):
    """People put both together, the model would not."""
    room.tell("dam", "dam1", "wolves1", "wolves2", "wolves3")
    pinned = dict.fromkeys(["wolves1", "wolves2", "wolves3"], "dam")
    room.consolidate(Constraints(pinned=pinned, protected=frozenset({"dam"})))
    assert room.rumours()["dam"] >= {"wolves1", "wolves2", "wolves3"}
    assert room.clusterer.place(*a_flow("wolves4"), 0.0).rumour == "dam"


def test_what_resembles_a_pinned_flow_alone_stays_with_it(room):
    room.tell("dam", *(f"dam{n}" for n in range(5)), "wolves1", "wolves2")
    assert room.consolidate(Constraints(pinned={"wolves1": "dam"}, protected=frozenset({"dam"}))) == NOTHING


def test_what_people_merged_the_model_does_not_part_again(room):
    """The model had them apart, so it would."""
    room.tell("dam", "dam1", "dam2", "dam3", "wolves1", "wolves2")
    room.tell("wolves", "wolves3")
    merged = Constraints(merged={"beasts": "dam"}, protected=frozenset({"dam"}))
    for _ in range(3):
        room.consolidate(merged)
        assert {"dam1", "dam2", "dam3", "wolves1", "wolves2"} <= room.rumours()["dam"]


def test_what_was_merged_away_never_comes_back_under_its_name(room):
    room.tell("mixed", "dam1", "dam2", "wolves1")
    (first,) = room.consolidate().split
    for rumour in (room, room.restarted()):
        # As after a person's merge that another undid: all flows are back where they came from.
        again = Room()
        again.clusterer.reserve({first})
        again.tell("mixed", "dam1", "dam2", "wolves1")
        (second,) = again.consolidate().split
        assert second != first
        assert rumour.rumour_of["wolves1"] == first


def test_flows_older_than_those_regrouped_go_where_their_rumour_went(monkeypatch):
    monkeypatch.setattr("models.judgement.cluster.CONSOLIDATED_FLOWS", 6)
    room = Room()
    room.tell("second", "dam0")
    room.tell("first", "dam1", "dam2", "dam3")
    room.tell("second", "dam4", "dam5")
    room.tell("third", "wolves1", "wolves2")
    assert room.consolidate(shown={"first"}).merged == {"second": "first"}
    assert room.rumours()["first"] == {f"dam{n}" for n in range(6)}
    assert room.clusterer.place(*a_flow("dam0"), 0.0).rumour == "first"


names = st.builds(
    lambda topics, number: f"{'+'.join(topics)}{number}",
    st.lists(st.sampled_from(TOPICS), min_size=1, max_size=3, unique=True),
    st.integers(0, 99),
)
RUMOURS = [f"rumour {n}" for n in range(6)]
worlds = st.lists(
    st.tuples(names, st.sampled_from(RUMOURS), st.sampled_from([0.0, 0.5, 3.0, 9.0])),
    min_size=2,
    max_size=40,
    unique_by=lambda flow: flow[0],
)


def a_room(world) -> Room:
    room = Room()
    for flow, rumour, hours in sorted(world, key=lambda flow: flow[2]):
        room.tell(rumour, flow, hours=hours)
    return room


@settings(max_examples=150)
@given(worlds, st.frozensets(st.sampled_from(RUMOURS)))
def test_again_and_again_it_comes_to_rest(world, shown):
    room = a_room(world)
    changes = [room.consolidate(shown=shown) for _ in range(8)]
    assert changes[-1] == NOTHING


@settings(max_examples=150)
@given(worlds, st.data())
def test_what_people_decided_stands_through_any_regrouping(world, data):
    room = a_room(world)
    there = sorted(set(room.rumour_of.values()))
    protected = data.draw(st.frozensets(st.sampled_from(there)))
    flows_held = sorted(flow for flow, rumour in room.rumour_of.items() if rumour in protected)
    pins = data.draw(st.lists(st.sampled_from(flows_held), unique=True)) if flows_held else []
    pairs = list(combinations(sorted(protected), 2))
    apart = frozenset(data.draw(st.lists(st.sampled_from(pairs), unique=True)) if pairs else [])
    whole = data.draw(st.sampled_from(sorted(protected))) if protected else None
    constraints = Constraints(
        merged={"gone": whole} if whole else {},
        pinned={flow: room.rumour_of[flow] for flow in pins},
        apart=apart,
        protected=protected,
    )
    before = dict(room.rumour_of)
    for _ in range(4):
        before_this = dict(room.rumour_of)
        change = room.consolidate(constraints, there[:1])
        assert protected <= set(room.rumour_of.values())
        assert not protected & set(change.merged)
        for flow, rumour in before_this.items():
            if rumour in protected and room.rumour_of[flow] != rumour:
                assert room.rumour_of[flow] not in protected
    assert all(room.rumour_of[flow] == before[flow] for flow in pins)
    assert all(room.rumour_of[flow] == whole for flow, rumour in before.items() if rumour == whole)


@settings(max_examples=100)
@given(worlds, worlds, st.frozensets(st.sampled_from(RUMOURS)))
def test_a_restart_between_two_consolidations_changes_nothing(world, more, shown):
    live = a_room(world)
    live.consolidate(shown=shown)
    restarted = live.restarted()
    for room in (live, restarted):
        for flow, _, _ in more:
            vector, words = a_flow(flow)
            nearest = room.clusterer.place(vector, words, 9.0)
            room.tell(nearest.rumour or f"opened by {flow}", f"{flow} again", hours=9.0)
    assert live.consolidate(shown=shown) == restarted.consolidate(shown=shown)
    assert live.rumour_of == restarted.rumour_of


@pytest.mark.parametrize(("asda", "odeon", "rumours"), [("Asda", "the Odeon", 2), ("it", "something", 1)])
def test_claims_in_the_same_words_about_different_places_are_different_rumours(asda, odeon, rumours):
    """Their vectors hardly differ; what they name does."""
    clusterer = OnlineClusterer(DIMENSIONS, ClusterSettings())
    for n in range(8):
        vector = np.zeros(DIMENSIONS, np.float32)
        vector[[0, 1 + n % 2]] = 0.95, 0.31
        text = f"{(asda, odeon)[n % 2]} is on fire, I saw it {n} minutes ago"
        clusterer.learn(f"flow {n}", vector, ["fire"], 0.0, "fire", text)
    grouped = clusterer.consolidate("incident", NOBODY_ACTED, ())
    assert len({"fire", *grouped.split}) == rumours
