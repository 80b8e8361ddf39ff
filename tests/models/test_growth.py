"""What an incident costs as it grows, in processor time: what else runs on the machine does not count."""

import time
from contextlib import closing
from itertools import islice

import pytest

from models.domain.incidents import Incident
from models.domain.posts import Post
from models.domain.rumours import Stance, StanceJudgement
from models.judgement.likelihood import LikelihoodModel
from models.judgement.pipeline import Pipeline
from models.store.duckdb.store import DuckDBStore
from models.store.messages import JudgedPost, Judgement
from tests.builders import LEARNT, PRESENT, WordsEncoder, a_clock, a_post, a_rule, an_incident, save

FEW, MANY = 2_000, 20_000
BATCHES, BATCH_POSTS = 5, 100
# Measured: 1.15; with one reading of everything judged in each batch, 4.4.
MOST_DEARER = 2.5
READ = StanceJudgement(Stance.COMMENT, dict.fromkeys(Stance, 0.25), "model")


def a_pipeline(store: DuckDBStore, incident: Incident) -> Pipeline:
    return Pipeline(incident.id, store, WordsEncoder(), LEARNT, a_rule, batch_posts=BATCH_POSTS)


def the_posts(count: int) -> list[Post]:
    """Posts of many words: one claim, then nine answers."""
    posts: list[Post] = []
    for number in range(count):
        words = " ".join(f"word{(number * step) % 997}" for step in range(1, 9))
        above = posts[number - number % 10].id if number % 10 else None
        posts.append(a_post(words, minute=number // 40, reply_to=above))
    return posts


def judged_before(
    store: DuckDBStore, incident: Incident, posts: list[Post], *, stance: StanceJudgement | None = None
) -> None:
    """Save posts as judged: each a flow of its own, all under a claim in the claim's rumour."""
    vectors = WordsEncoder().encode([post.text for post in posts])
    stored = store.judgement.unjudged(incident.id, 0, len(posts))
    rows = [
        JudgedPost(
            post,
            f"flow {post.id}",
            thread,
            f"rumour {thread}",
            True,
            stance=stance,
            vector=vector if thread == post.id else None,
        )
        for post, vector, thread in zip(stored, vectors, (post.reply_to or post.id for post in stored), strict=True)
    ]
    store.judgement.save(
        Judgement(incident.id, stored[-1].place, rows, encoder=WordsEncoder.digest, consolidated=(PRESENT, len(rows)))
    ).result()


def cheapest_batch(folder, stored: int) -> float:
    """Processor seconds of the cheapest of the batches that follow so many judged posts, and their rebuild."""
    with closing(DuckDBStore(folder, a_clock())) as store:
        incident = store.incidents.open(an_incident()).result()
        posts = the_posts(stored + BATCHES * BATCH_POSTS)
        save(store, incident, posts[:stored])
        judged_before(store, incident, posts[:stored])
        save(store, incident, posts[stored:])
        batches, spent = a_pipeline(store, incident).batches(PRESENT), []
        assert next(batches) == BATCH_POSTS
        for _ in range(BATCHES - 1):
            began = time.process_time()
            assert next(batches) == BATCH_POSTS
            spent.append(time.process_time() - began)
        return min(spent)


def test_a_post_costs_about_the_same_however_many_came_before(tmp_path):
    few, many = (cheapest_batch(tmp_path / str(stored), stored) for stored in (FEW, MANY))
    assert many < MOST_DEARER * few


def test_a_restart_judges_no_likelihood_anew(tmp_path, monkeypatch):
    with closing(DuckDBStore(tmp_path, a_clock())) as store:
        incident = store.incidents.open(an_incident()).result()
        save(store, incident, the_posts(60))
        a_pipeline(store, incident).advance(PRESENT)
        monkeypatch.setattr(LikelihoodModel, "judge", lambda *_: pytest.fail("judged what is stored"))
        assert sum(islice(a_pipeline(store, incident).batches(PRESENT), 1)) == 0


def test_once_no_flow_waits_for_a_stance_the_next_look_does_not_go_through_what_is_stored(tmp_path):
    with closing(DuckDBStore(tmp_path, a_clock())) as store:
        incident = store.incidents.open(an_incident()).result()
        posts = the_posts(MANY)
        save(store, incident, posts)
        judged_before(store, incident, posts, stance=READ)
        for look in (store.stances.missing, store.stances.toward_former_titles):
            spent = []
            for _ in range(1 + BATCHES):
                began = time.process_time()
                assert look(incident.id, BATCH_POSTS) == []
                spent.append(time.process_time() - began)
            # Measured: a thirtieth. Were all looked at again, about as much.
            assert min(spent[1:]) < spent[0] / 4
