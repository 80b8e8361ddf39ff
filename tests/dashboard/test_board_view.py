"""What the board shows, from a store that holds judged posts."""

from dataclasses import replace
from datetime import timedelta

import pytest

from dashboard.views.board import read_header, read_rows
from dashboard.views.ranking import Choice, Rank, Tab, Window, chosen, counts
from dashboard.views.rumour import read_rumour
from dashboard.words import board as board_words
from models.domain.acts import Act, Officer
from models.domain.corrections import CorrectionDraft, Verdict
from models.domain.posts import Kind
from models.domain.rumours import EventKind, RumourEvent, Stance, State
from models.store.messages import Judgement
from tests.builders import NOON, a_post
from tests.dashboard.world import judge, opened

WHO = Officer("J. Officer", "duty")
LATER = NOON + timedelta(hours=1)


def a_draft(rumour="dam", **changes):
    fields = {
        "verdict": Verdict.FALSE,
        "wording": "The dam holds.",
        "channel": "radio",
        "authority": "EA",
        "evidence_url": None,
        "issued_at": NOON,
    }
    return CorrectionDraft(rumour=rumour, **{**fields, **changes})


def only_row(store, incident, now=LATER, **more):
    (row,) = read_rows(store, incident.id, now, **more).values()
    return row


def test_a_rumour_that_has_not_surfaced_is_not_on_the_board(store):
    incident = opened(store)
    judge(store, incident, [a_post()], surfaced=False)
    assert read_rows(store, incident.id, LATER) == {}
    assert read_rumour(store, incident.id, "dam", LATER) is None


def test_people_are_counted_once_however_often_they_post(store):
    incident = opened(store)
    judge(store, incident, [a_post(author="a"), a_post(author="a"), a_post(author="b")])
    row = only_row(store, incident)
    assert (row.posts, row.people) == (3, 2)


def test_what_officials_post_is_no_vote_adds_nobody_and_is_counted_apart(store):
    incident = opened(store)
    judge(store, incident, [a_post(author=name, author_followers=10) for name in "abc"])
    answer = a_post("The dam holds", official=True, author="police", author_followers=9_000)
    copy = a_post("The dam holds", kind=Kind.REPOST, repost_of=answer.id, author="d", author_followers=500)
    judge(store, incident, [answer, copy], stances=[Stance.DENY], flow="answer", surfaced=False)
    row = only_row(store, incident, now=NOON + timedelta(minutes=1))
    assert (row.posts, row.people, row.reach, row.official_posts) == (3, 3, 30, 2)
    assert (row.stances[Stance.SUPPORT], row.stances[Stance.DENY], sum(row.recent)) == (3, 0, 3)
    assert row.first_denial_at == NOON
    assert board_words.facts(row) == "3 posts · 3 people · reach 30 · 2 official posts beside them"
    page = read_rumour(store, incident.id, "dam", LATER)
    assert sum(sum(minute.posts.values()) for minute in page.minutes) == 3


def test_unknown_followers_stand_beside_the_reach_and_are_no_zero(store):
    incident = opened(store)
    posts = [
        a_post(author="a", author_followers=100),
        a_post(author="a", author_followers=120),
        a_post(author="b"),
        a_post(author=None, author_followers=None),
    ]
    judge(store, incident, posts)
    row = only_row(store, incident)
    assert (row.reach, row.reach_unknown, row.posts_without_author) == (120, 1, 1)


def test_a_reach_nobody_knows_is_unknown(store):
    incident = opened(store)
    judge(store, incident, [a_post()])
    assert only_row(store, incident).reach is None


def test_stances_are_counted_by_post_and_the_uncoded_apart(store):
    incident = opened(store)
    judge(store, incident, [a_post() for _ in range(4)], stances=[Stance.DENY, Stance.DENY, Stance.QUERY, None])
    assert only_row(store, incident).stances == {
        Stance.SUPPORT: 0,
        Stance.DENY: 2,
        Stance.QUERY: 1,
        Stance.COMMENT: 0,
        None: 1,
    }


def test_an_undated_post_counts_but_has_no_place_in_time(store):
    incident = opened(store)
    judge(store, incident, [a_post(created_at=None), a_post(minute=5)])
    row = only_row(store, incident)
    assert (row.posts, row.undated, row.first_at) == (2, 1, NOON + timedelta(minutes=5))
    assert sum(row.recent) == 1


def test_posts_an_hour_are_those_of_the_last_hour_only(store):
    incident = opened(store)
    judge(store, incident, [a_post(minute=0), a_post(minute=1), a_post(minute=70)])
    now = NOON + timedelta(minutes=75)
    assert only_row(store, incident, now).growth.per_hour == 1
    assert sum(only_row(store, incident, now).recent) == 3


def test_a_rumour_without_decisions_is_new_and_nobodys(store):
    incident = opened(store)
    judge(store, incident, [a_post()])
    row = only_row(store, incident)
    assert (row.state, row.owner) == (State.NEW, None)


def test_the_state_is_the_latest_decisions_and_the_owner_whoever_took_it_last(store):
    incident = opened(store)
    judge(store, incident, [a_post()])
    store.acts.decide(incident.id, "dam", Act.TAKE, WHO, "checking").result()
    store.acts.decide(incident.id, "dam", Act.PARK, Officer("B", "comms"), "slow").result()
    row = only_row(store, incident)
    assert (row.state, row.owner.name) == (State.WATCHING, WHO.name)


def test_a_logged_correction_answers_the_rumour(store):
    incident = opened(store)
    judge(store, incident, [a_post()])
    store.acts.correct(incident.id, a_draft(), WHO).result()
    row = only_row(store, incident)
    assert (row.state, row.verdict, row.corrections, row.first_correction_at) == (
        State.ANSWERED,
        Verdict.FALSE,
        1,
        NOON,
    )


def test_as_of_hides_what_was_known_later(store):
    incident = opened(store)
    judge(store, incident, [a_post()])
    moment = store.last_known_at()
    judge(store, incident, [a_post(minute=2)])
    store.acts.decide(incident.id, "dam", Act.TAKE, WHO, "checking").result()
    assert only_row(store, incident).posts == 2
    then = only_row(store, incident, as_of=moment)
    assert (then.posts, then.state) == (1, State.NEW)
    assert read_header(store, incident.id, as_of=moment).posts_read == 1


def test_the_latest_score_wins_with_its_own_reasons(store):
    incident = opened(store)
    reason = {"feature": "people", "value": 2, "contribution": 0.5}
    judge(store, incident, [a_post()], likelihood=0.9)
    judge(store, incident, [a_post()], likelihood=0.4, reasons=[reason])
    row = only_row(store, incident)
    assert row.likelihood == 0.4
    assert [one.feature for one in row.reasons] == ["people"]


def test_a_score_comes_with_the_counts_that_its_shares_are_of(store):
    incident = opened(store)
    judge(store, incident, [a_post()], likelihood=0.4)
    former = only_row(store, incident)
    assert (former.scored_claims, former.scored_answers) == (None, None)
    detail = {"reasons": [], "claims": 40, "answers": 0}
    score = RumourEvent("dam", EventKind.SCORE, NOON + timedelta(minutes=1), likelihood=0.5, detail=detail)
    store.judgement.save(Judgement(incident.id, store.judgement.upto(incident.id), [], [score])).result()
    row = only_row(store, incident)
    assert (row.scored_claims, row.scored_answers) == (40, 0)


def test_a_claim_is_the_title_posts_words_without_its_handles(store):
    incident = opened(store)
    judge(store, incident, [a_post("RT @jo: The dam has burst https://t.co/x")])
    assert only_row(store, incident).claim == "The dam has burst"


def test_another_incidents_rumours_stay_there(store):
    first, second = opened(store), opened(store, name="Other")
    judge(store, first, [a_post()])
    judge(store, second, [a_post()], rumour="looters")
    assert set(read_rows(store, first.id, LATER)) == {"dam"}


@pytest.fixture
def rows(store):
    """Three rumours: dam (new, 5 posts), looters (answered, 3), bridge (dismissed, 1)."""
    incident = opened(store)
    judge(store, incident, [a_post("Dam burst", minute=m) for m in range(5)], likelihood=0.5)
    judge(store, incident, [a_post("Looters in Market Street", minute=50 + m) for m in range(3)], rumour="looters")
    judge(store, incident, [a_post("Bridge closed", minute=55)], rumour="bridge", likelihood=0.9)
    store.acts.correct(incident.id, a_draft("looters"), WHO).result()
    store.acts.decide(incident.id, "bridge", Act.DISMISS, WHO, "not about this").result()
    return read_rows(store, incident.id, NOON + timedelta(minutes=63)).values()


def names(rows, now=LATER, **choice):
    return [row.id for row in chosen(rows, Choice(**choice), now)]


@pytest.mark.parametrize(
    ("tab", "held"),
    [
        (Tab.OPEN, {"dam", "looters"}),
        (Tab.NEEDS_ANSWER, {"dam"}),
        (Tab.NEW, {"dam"}),
        (Tab.ANSWERED, {"looters"}),
        (Tab.SETTLED, {"bridge"}),
        (Tab.WATCHING, set()),
        (Tab.ALL, {"dam", "looters", "bridge"}),
    ],
)
def test_each_tab_holds_its_states(rows, tab, held):
    assert set(names(rows, tab=tab)) == held
    assert counts(list(rows), Choice(), LATER)[tab] == len(held)


@pytest.mark.parametrize(
    ("rank", "order"),
    [
        (Rank.FASTEST, ["looters", "dam", "bridge"]),
        (Rank.NEWEST, ["bridge", "looters", "dam"]),
        (Rank.LARGEST, ["dam", "looters", "bridge"]),
        (Rank.LIKELIEST, ["bridge", "dam", "looters"]),
    ],
)
def test_each_rank_has_its_order(rows, rank, order):
    assert names(rows, tab=Tab.ALL, rank=rank) == order


def test_a_window_keeps_what_was_repeated_within_it(rows):
    assert names(rows, NOON + timedelta(minutes=90), window=Window.HOUR) == ["looters"]


def test_a_rumour_without_dated_posts_is_never_filtered_away_by_time(rows):
    undated = replace(next(iter(rows)), last_at=None)
    assert chosen([undated], Choice(window=Window.HOUR), NOON + timedelta(days=9)) == [undated]


def test_words_find_a_claim_in_any_order_and_case(rows):
    assert names(rows, words="street LOOT") == ["looters"]
