"""What officials post is no claim and no vote: it makes no rumour, names none and adds nobody to one."""

from contextlib import closing
from datetime import timedelta
from itertools import islice

import pytest

from dashboard.views.board import read_rows
from dashboard.views.officially_said import OfficialPost, read_officially_said
from models.domain.rumours import EventKind
from models.judgement.pipeline import Pipeline
from models.store.duckdb.store import DuckDBStore
from tests.builders import LEARNT, NOON, WordsEncoder, a_clock, a_post, a_rule, an_incident, everything_decided, save

LATER = NOON + timedelta(days=1)
ADVICE = "boil your tap water before you drink it until we have tested the supply"
CLAIM = "hearing the tap water supply is poisoned with diesel from the depot"


@pytest.fixture
def incident(store):
    return store.incidents.open(an_incident()).result()


def judged(store, incident, posts) -> None:
    save(store, incident, posts)
    Pipeline(incident.id, store, WordsEncoder(), LEARNT, a_rule).advance(LATER)


def on_board(store, incident) -> set[str]:
    return {event.rumour for event in store.judgement.events(incident.id) if event.kind is EventKind.SURFACED}


def officially_said(store, incident) -> dict[str, OfficialPost]:
    arrangement = store.views.history(incident.id).at(None)
    rows = read_rows(store, incident.id, LATER)
    return {one.text: one for one in read_officially_said(store, incident.id, arrangement, rows).newest}


def people_counted(store, incident, rumour: str) -> set[float]:
    scores = [event for event in store.judgement.events(incident.id) if event.kind is EventKind.SCORE]
    values = {score.rumour: score for score in scores}
    return {one["value"] for one in values[rumour].detail["reasons"] if one["feature"] == "people"}


def rumour_of(store, incident, post) -> str:
    return next(row.rumour for row in store.judgement.final_rows(incident.id) if row.id == post.id)


def test_an_official_post_that_many_repost_and_answer_is_officially_said_and_no_rumour(store, incident):
    advice = a_post(ADVICE, official=True)
    reposts = [a_post(ADVICE, kind="repost", repost_of=advice.id, minute=1) for _ in range(9)]
    copies = [a_post(f"{ADVICE} https://water.example/{n}", minute=2) for n in range(3)]
    replies = [a_post(f"is this really true {n}??", reply_to=advice.id, minute=3) for n in range(5)]
    judged(store, incident, [advice, *reposts, *copies, *replies])
    assert not on_board(store, incident)
    (said,) = officially_said(store, incident).values()
    assert (said.rumour, said.reach.posts, said.reach.people) == (None, 13, 13)


def test_a_repost_that_comes_before_its_official_original_is_officially_said_too(store, incident):
    advice = a_post(ADVICE, official=True, minute=2)
    reposts = [a_post(ADVICE, kind="repost", repost_of=advice.id, minute=0) for _ in range(2)]
    judged(store, incident, [*reposts, advice, a_post(ADVICE, kind="repost", repost_of=advice.id, minute=3)])
    assert not on_board(store, incident)
    assert officially_said(store, incident)[ADVICE].rumour is None


def test_officials_who_answer_a_rumour_add_nobody_to_it_and_make_it_no_less_likely(store, incident):
    claims = [a_post(f"{CLAIM} {word}", minute=n) for n, word in enumerate(["omg", "help", "apparently"])]
    answer = a_post(f"no the {CLAIM}", official=True, minute=4)
    judged(store, incident, claims)
    rumour = rumour_of(store, incident, claims[0])
    before = [event for event in store.judgement.events(incident.id) if event.kind is EventKind.SCORE]
    thanks = [a_post(f"thank you {n}", reply_to=answer.id, minute=5) for n in range(3)]
    judged(store, incident, [answer, *thanks])
    assert rumour_of(store, incident, answer) == rumour
    assert on_board(store, incident) == {rumour}
    assert [event for event in store.judgement.events(incident.id) if event.kind is EventKind.SCORE] == before
    said = officially_said(store, incident)[answer.text]
    assert (said.rumour, said.claim.casefold()) == (rumour, claims[0].text)


def test_an_officials_words_never_name_a_rumour(store, incident):
    claims = [a_post(f"{CLAIM} {word}", minute=n + 1) for n, word in enumerate(["omg", "help", "apparently"])]
    answer = a_post(f"no the {CLAIM}", official=True)
    judged(store, incident, [answer, *claims])
    (rumour,) = on_board(store, incident)
    assert rumour_of(store, incident, answer) == rumour
    titles = {event.post for event in store.judgement.events(incident.id) if event.kind is EventKind.TITLE}
    assert titles <= {claim.id for claim in claims}


def test_a_rumour_named_by_what_turns_out_to_be_official_takes_another_name(store, incident):
    answer = a_post(CLAIM, official=True, minute=9)
    repost = a_post(CLAIM, kind="repost", repost_of=answer.id)
    claims = [a_post(f"{CLAIM} {word}", minute=n + 1) for n, word in enumerate(["in Northgate", "in Eastgate"])]
    judged(store, incident, [repost, *claims, answer])
    titles = {row.rumour: row.title for row in store.judgement.final_rows(incident.id)}
    assert titles[rumour_of(store, incident, answer)] in {claim.text for claim in claims}


def test_a_restart_at_any_batch_knows_what_is_official(store, incident, tmp_path):
    posts = []
    for n in range(6):
        advice = a_post(f"{ADVICE} in district{n}", official=True, minute=10 * n + 5)
        posts += [
            a_post(advice.text, kind="repost", repost_of=advice.id, minute=10 * n),
            a_post(f"{CLAIM} in district{n}", minute=10 * n + 1),
            a_post(f"{CLAIM} at district{n} school", minute=10 * n + 2),
            a_post(f"they told my mum that {CLAIM} district{n}", minute=10 * n + 3),
            advice,
            a_post("is it true??", reply_to=advice.id, minute=10 * n + 6),
        ]
    judged(store, incident, posts)
    with closing(DuckDBStore(tmp_path / "restarted", a_clock())) as other:
        other.incidents.open(incident).result()
        save(other, incident, posts)
        while any(
            islice(Pipeline(incident.id, other, WordsEncoder(), LEARNT, a_rule, batch_posts=2).batches(LATER), 1)
        ):
            pass
        Pipeline(incident.id, other, WordsEncoder(), LEARNT, a_rule).advance(LATER)
        assert everything_decided(other, incident) == everything_decided(store, incident)
