"""What is also being said: the groups of several people that are not on the board, and why not."""

from datetime import timedelta

import pytest

from dashboard.views.also_said import read_also_said, waiting
from dashboard.views.board import read_rows
from dashboard.words import board as board_words
from models.domain.rumours import EventKind
from models.judgement.pipeline import Pipeline
from models.judgement.surfacing import FADES_AFTER, SurfacingRule, Wait
from tests.builders import LEARNT, NOON, WordsEncoder, a_post, an_incident, save
from tests.dashboard.world import an_app, call

SOON = NOON + timedelta(minutes=2)


@pytest.fixture
def incident(store):
    return store.incidents.open(an_incident()).result()


def judged(store, incident, posts, *, least_likelihood=0.0, until=SOON) -> None:
    save(store, incident, posts)
    pipeline = Pipeline(
        incident.id,
        store,
        WordsEncoder(),
        LEARNT,
        lambda: SurfacingRule(budget_per_hour=1, least_likelihood=least_likelihood, large_group=40),
    )
    pipeline.advance(until)


def people_who_say(claim: str, people: int) -> list:
    return [a_post(f"hearing {claim} {claim}side {claim}gate??") for _ in range(people)]


FOUR_CLAIMS = [
    post for n, name in enumerate(["dam", "wolves", "bridge", "taps"]) for post in people_who_say(name, 3 + n)
]


def test_what_finds_no_room_waits_the_largest_first(store, incident):
    judged(store, incident, FOUR_CLAIMS)
    groups = read_also_said(store, incident.id, SOON)
    assert [(group.people, group.recent, group.why) for group in groups] == [(4, 4, Wait.ROOM), (3, 3, Wait.ROOM)]
    assert waiting(groups) == groups
    assert not {group.id for group in groups} & read_rows(store, incident.id, SOON).keys()


def test_as_room_returns_fewer_wait(store, incident):
    judged(store, incident, FOUR_CLAIMS)
    judged(store, incident, [], until=NOON + timedelta(minutes=70))
    assert len(waiting(read_also_said(store, incident.id, NOON + timedelta(minutes=70)))) == 1
    assert len(waiting(read_also_said(store, incident.id, SOON, as_of=store.last_known_at()))) == 1


def test_what_nobody_adds_to_waits_no_more_and_is_still_also_said(store, incident):
    judged(store, incident, FOUR_CLAIMS)
    groups = read_also_said(store, incident.id, NOON + FADES_AFTER + timedelta(minutes=1))
    assert [(group.recent, group.why) for group in groups] == [(0, Wait.FADED)] * 2
    assert not waiting(groups)


def test_what_few_say_and_is_unlikely_is_also_said_and_does_not_wait(store, incident):
    judged(store, incident, people_who_say("dam", 5), least_likelihood=1.0)
    (group,) = read_also_said(store, incident.id, SOON)
    assert (group.people, group.why) == (5, Wait.UNLIKELY)
    # All of them ask.
    assert group.claim == "no post states it yet. “Hearing dam damside damgate??”"


def test_a_group_of_two_and_what_officials_post_are_not_listed(store, incident):
    advice = a_post("boil the water before you drink it please", official=True)
    answers = [a_post(f"is this true {n}", reply_to=advice.id) for n in range(4)]
    judged(store, incident, [*people_who_say("dam", 2), advice, *answers], least_likelihood=1.0)
    assert read_also_said(store, incident.id, SOON) == ()


def test_a_group_that_turns_out_to_repeat_an_official_post_is_listed_no_more(store, incident):
    advice = a_post("boil the water before you drink it please", official=True)
    reposts = [a_post(advice.text, kind="repost", repost_of=advice.id) for _ in range(4)]
    judged(store, incident, reposts, least_likelihood=1.0)
    assert len(read_also_said(store, incident.id, SOON)) == 1
    judged(store, incident, [advice], least_likelihood=1.0)
    assert read_also_said(store, incident.id, SOON) == ()


def test_a_person_may_look_back_to_what_waited_then(store, incident):
    judged(store, incident, FOUR_CLAIMS)
    then = store.last_known_at()
    save(store, incident, [a_post("lovely weather in Spain", minute=3)])
    judged(store, incident, [], until=NOON + timedelta(minutes=125))
    assert len(read_also_said(store, incident.id, SOON, as_of=then)) == 2
    surfaced = [event for event in store.judgement.events(incident.id) if event.kind is EventKind.SURFACED]
    assert len(surfaced) == 4


def test_the_words_tell_how_many_wait_and_why(store, incident):
    judged(store, incident, FOUR_CLAIMS)
    group, _ = read_also_said(store, incident.id, SOON)
    assert board_words.wait_for_room(6) == "6 more wait for room"
    assert board_words.wait_for_room(1) == "1 more waits for room"
    told = board_words.also_said(group)
    assert told.startswith("4 people · 4 posts in the last hour · ")
    assert told.endswith(" · waits for room on the board")
    assert set(board_words.WHY_OFF_BOARD) == set(Wait)


def drawn_wait(store, incident) -> tuple[bool, str, str]:
    """Whether the line is hidden, what it tells, and what it lists."""
    store.engine.clock.advance_to(SOON)
    answer = call(
        an_app(store),
        "board-wait.hidden",
        [("board-token.data", "any")],
        [("board-context.data", {"incident": incident.id})],
        "board-token.data",
    )
    return answer["board-wait"]["hidden"], answer["board-wait-count"]["children"], str(answer["board-wait-list"])


def test_the_board_tells_how_many_wait_and_lists_them_on_asking(store, incident):
    judged(store, incident, FOUR_CLAIMS)
    hidden, told, listed = drawn_wait(store, incident)
    assert (hidden, told) == (False, "2 more wait for room")
    assert listed.count("Hearing") == 2


def test_the_board_has_no_such_line_where_nothing_waits(store, incident):
    judged(store, incident, FOUR_CLAIMS[:3])
    assert drawn_wait(store, incident)[0] is True
