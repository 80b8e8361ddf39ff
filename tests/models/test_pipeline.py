"""advance(until): the same decisions live, replayed, or interrupted at any batch."""

from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from itertools import islice

import pytest

from models.domain.acts import Act
from models.domain.posts import Removal
from models.domain.rumours import EventKind, Stance
from models.errors import EncoderGone, StoreError
from models.judgement.embed import ChildEncoder
from models.judgement.pipeline import Pipeline
from models.judgement.surfacing import SurfacingRule
from models.store.duckdb.store import DuckDBStore
from models.store.messages import Arrival
from tests.builders import (
    LEARNT,
    NOON,
    OFFICER,
    PRESENT,
    WordsEncoder,
    a_clock,
    a_post,
    a_rule,
    an_incident,
    everything_decided,
    exercise_posts,
    save,
)

LATER = NOON + timedelta(days=1)


@pytest.fixture
def incident(store):
    return store.incidents.open(an_incident()).result()


def a_pipeline(store, incident, **changes) -> Pipeline:
    return Pipeline(incident.id, store, WordsEncoder(), LEARNT, a_rule, **changes)


def surfaced(store, incident) -> list:
    return [event for event in store.judgement.events(incident.id) if event.kind is EventKind.SURFACED]


def test_several_people_repeating_one_claim_bring_it_on_the_board(store, incident):
    save(
        store,
        incident,
        [
            a_post(f"the dam above Northgate has burst {word}", minute=n)
            for n, word in enumerate(["apparently", "hearing", "omg", "help"])
        ],
    )
    a_pipeline(store, incident).advance(LATER)
    (event,) = surfaced(store, incident)
    assert event.happened_at == NOON + timedelta(minutes=3)
    assert "people" in event.detail["rule"]


def test_posts_without_words_make_no_claim_together(store, incident):
    """Wordless posts all resemble each other, and so do bare questions."""
    links = [a_post(f"https://t.co/{n:03}Kq9", minute=n) for n in range(20)]
    asked = [a_post("is this real?", minute=30 + n) for n in range(5)]
    save(store, incident, [*links, *asked])
    a_pipeline(store, incident).advance(LATER)
    judged = list(store.judgement.posts(incident.id, WordsEncoder().digest))
    assert len({one.rumour for one in judged}) == 25
    assert {one.stance.label for one in judged if one.post.text.startswith("http")} == {Stance.COMMENT}
    assert not surfaced(store, incident)


def test_one_person_repeating_a_claim_does_not(store, incident):
    save(
        store, incident, [a_post(f"the dam above Northgate has burst {n}", author="same", minute=n) for n in range(9)]
    )
    a_pipeline(store, incident).advance(LATER)
    assert not surfaced(store, incident)


def test_no_more_rumours_are_put_up_at_once_than_the_budget_of_two_hours_allows(store, incident):
    claims = [
        "dam burst",
        "wolves escaped",
        "bridge collapsed",
        "tap poisoned",
        "army coming",
        "train trapped",
        "hospital flooded",
        "looters market",
        "refinery ablaze",
        "airport closed",
        "bees swarming",
        "curfew declared",
    ]
    posts = [a_post(f"hearing {claim} {claim}side {claim}gate??") for claim in claims * 4]
    save(store, incident, posts)
    pipeline = a_pipeline(store, incident)
    pipeline.advance(NOON + timedelta(minutes=5))
    assert len(surfaced(store, incident)) == 2 * a_rule().budget_per_hour
    # What found no room has not been forgotten: five an hour.
    pipeline.advance(NOON + timedelta(minutes=20))
    assert len(surfaced(store, incident)) == 2 * a_rule().budget_per_hour + 1
    pipeline.advance(LATER)
    assert len(surfaced(store, incident)) == len(claims)


def test_replies_and_quotes_belong_where_what_they_answer_belongs(store, incident):
    root = a_post()
    reply = a_post("what nonsense", reply_to=root.id)
    quote = a_post("is this true??", kind="quote", quote_of=root.id)
    save(store, incident, [root, reply, quote, a_post("lovely weather in Spain, sangria on the beach")])
    a_pipeline(store, incident).advance(LATER)
    rumours = [row.rumour for row in store.judgement.final_rows(incident.id)]
    assert rumours[0] == rumours[1] == rumours[2] != rumours[3]


def test_posts_without_a_time_are_judged_in_order_of_arrival(store, incident):
    save(store, incident, [a_post(created_at=None), a_post()])
    assert a_pipeline(store, incident).advance(NOON) == 2


def test_posts_without_a_time_come_on_the_board_too(store, incident):
    save(store, incident, [a_post(f"the dam above Northgate has burst {n}??", created_at=None) for n in range(6)])
    a_pipeline(store, incident).advance(NOON + timedelta(minutes=1))
    assert [event.happened_at for event in surfaced(store, incident)] == [NOON + timedelta(minutes=1)]


def test_posts_after_until_wait(store, incident):
    save(store, incident, [a_post(minute=1), a_post(minute=30)])
    pipeline = a_pipeline(store, incident)
    assert pipeline.advance(NOON + timedelta(minutes=10)) == 1
    assert pipeline.advance(NOON + timedelta(minutes=40)) == 1


@pytest.fixture(scope="module")
def uninterrupted(tmp_path_factory):
    store = DuckDBStore(tmp_path_factory.mktemp("uninterrupted"), a_clock())
    incident = store.incidents.open(an_incident()).result()
    save(store, incident, exercise_posts(600))
    a_pipeline(store, incident, batch_posts=50).advance(LATER)
    yield everything_decided(store, incident)
    store.close()


def test_interrupted_at_every_batch_it_decides_the_same(store, incident, uninterrupted):
    save(store, incident, exercise_posts(600))
    while sum(1 for _ in zip(range(1), a_pipeline(store, incident, batch_posts=50).batches(LATER), strict=False)):
        pass  # a new pipeline, rebuilt from the store, for every batch
    a_pipeline(store, incident).advance(LATER)
    assert everything_decided(store, incident) == uninterrupted


@pytest.mark.parametrize("batch_posts", [1, 7, 256])
def test_where_batches_are_cut_changes_nothing(store, incident, uninterrupted, batch_posts):
    save(store, incident, exercise_posts(600))
    a_pipeline(store, incident, batch_posts=batch_posts).advance(LATER)
    assert everything_decided(store, incident) == uninterrupted


def test_stopping_after_a_batch_does_not_make_the_next_turn_read_everything_again(store, incident, monkeypatch):
    rebuilt = []
    whole = Pipeline._rebuilt
    monkeypatch.setattr(Pipeline, "_rebuilt", lambda pipeline: rebuilt.append(pipeline) or whole(pipeline))
    save(store, incident, exercise_posts(60))
    pipeline = a_pipeline(store, incident, batch_posts=10)
    turns = 0
    while list(islice(pipeline.batches(LATER), 2)):
        turns += 1
    assert (turns, len(rebuilt)) == (3, 1)


def test_forgetting_between_batches_loses_and_doubles_nothing(store, incident, uninterrupted):
    save(store, incident, exercise_posts(600))
    pipeline = a_pipeline(store, incident, batch_posts=100)
    for _ in pipeline.batches(LATER):
        pipeline.forget()
    pipeline.advance(LATER)
    assert everything_decided(store, incident) == uninterrupted


def late_posts() -> list:
    """Posts that do not come in the order in which they were written, some without a time."""
    posts = exercise_posts(200)
    late = [timedelta(minutes=(7 * n) % 45) for n in range(len(posts))]
    return [
        replace(post, created_at=post.created_at - delay if n % 11 else None)
        for n, (post, delay) in enumerate(zip(posts, late, strict=True))
    ]


def test_a_restart_changes_no_decision_and_no_event_where_posts_come_late(store, incident, tmp_path):
    posts = late_posts()
    save(store, incident, posts)
    a_pipeline(store, incident, batch_posts=20).advance(LATER)
    with closing(DuckDBStore(tmp_path / "restarted", a_clock())) as other:
        other.incidents.open(incident).result()
        save(other, incident, posts)
        while any(islice(a_pipeline(other, incident, batch_posts=20).batches(LATER), 1)):
            pass
        a_pipeline(other, incident).advance(LATER)
        assert other.judgement.final_rows(incident.id) == store.judgement.final_rows(incident.id)
        assert other.judgement.events(incident.id) == store.judgement.events(incident.id)


def consolidations(store, monkeypatch) -> list[tuple]:
    """Of how many conversations each one that is saved was, and what it changed; grows as they are saved."""
    whole, made = store.judgement.save, []

    def noted(judgement):
        if judgement.consolidated is not None:
            made.append((judgement.consolidated[1], tuple(judgement.reassigned)))
        return whole(judgement)

    monkeypatch.setattr(store.judgement, "save", noted)
    return made


def test_judged_every_few_minutes_as_live_or_at_once_as_in_a_replay_it_decides_the_same(
    store, incident, tmp_path, monkeypatch
):
    """Also after long silence: what was due is done in its midst, and at the next post where nobody looked."""
    bursts = [exercise_posts(120)[first : first + 4] for first in range(0, 120, 4)]
    bursts = [
        [replace(post, created_at=NOON + timedelta(minutes=40 * number, seconds=n)) for n, post in enumerate(burst)]
        for number, burst in enumerate(bursts)
    ]
    save(store, incident, [post for burst in bursts for post in burst])
    replayed = consolidations(store, monkeypatch)
    a_pipeline(store, incident).advance(LATER)
    with closing(DuckDBStore(tmp_path / "live", a_clock())) as live:
        live.incidents.open(incident).result()
        pipeline, lived = a_pipeline(live, incident), consolidations(live, monkeypatch)
        for number, burst in enumerate(bursts):
            for post in burst:
                save(live, incident, [post])
                pipeline.advance(post.created_at)
            pipeline.advance(NOON + timedelta(minutes=40 * number + 15))
        pipeline.advance(LATER)
        assert everything_decided(live, incident) == everything_decided(store, incident)
        assert lived == replayed


CLAIMS = [f"hearing claim{n} claim{n}side claim{n}gate??" for n in range(16)]


def a_storm() -> list:
    """Sixteen claims of three people each in five minutes, then hours with a post now and then."""
    posts = [a_post(claim, minute=0.1 * n) for n, claim in enumerate(CLAIMS * 3)]
    return [*posts, *(a_post(f"bin{n} day{n} tomorrow{n}", minute=40 + 25 * n) for n in range(8))]


def test_what_waits_for_room_goes_up_at_the_same_minute_live_replayed_or_restarted_at_every_batch(
    store, incident, tmp_path
):
    posts = a_storm()
    save(store, incident, posts)
    a_pipeline(store, incident).advance(LATER)
    assert len(surfaced(store, incident)) > 2 * a_rule().budget_per_hour
    with closing(DuckDBStore(tmp_path / "restarted", a_clock())) as other:
        other.incidents.open(incident).result()
        save(other, incident, posts)
        while any(islice(a_pipeline(other, incident, batch_posts=3).batches(LATER), 1)):
            pass
        a_pipeline(other, incident).advance(LATER)
        assert everything_decided(other, incident) == everything_decided(store, incident)
    with closing(DuckDBStore(tmp_path / "live", a_clock())) as live:
        live.incidents.open(incident).result()
        coming = list(posts)
        for minute in range(300):
            moment = NOON + timedelta(minutes=minute, seconds=59)
            save(live, incident, [post for post in coming if post.created_at <= moment])
            coming = [post for post in coming if post.created_at > moment]
            # Started anew each minute, also in the silence.
            a_pipeline(live, incident).advance(moment)
        a_pipeline(live, incident).advance(LATER)
        assert everything_decided(live, incident) == everything_decided(store, incident)


def test_what_nobody_adds_to_for_hours_waits_no_more(store, incident):
    save(store, incident, a_storm())
    pipeline = Pipeline(
        incident.id,
        store,
        WordsEncoder(),
        LEARNT,
        lambda: SurfacingRule(budget_per_hour=1, least_likelihood=0.0, large_group=40),
    )
    pipeline.advance(LATER)
    # Two at once, and one an hour until the others were last heard of three hours ago.
    assert len(surfaced(store, incident)) == 2 + 3
    assert not pipeline.any_waits


def test_what_was_erased_does_not_put_consolidation_off(store, incident):
    save(store, incident, [a_post(f"claim{n} of{n} its{n} own{n} kind{n}", minute=n) for n in range(6)])
    pipeline = a_pipeline(store, incident)
    pipeline.advance(NOON + timedelta(minutes=20))
    moment, _ = store.judgement.consolidated(incident.id)
    erased = [row.id for row in store.judgement.final_rows(incident.id)][:4]
    store.posts.add(Arrival([], removals=[Removal("test", "deleted", NOON, post=post) for post in erased])).result()
    pipeline.forget()
    save(store, incident, [a_post("wolves escaped from the wildlife park", minute=31)])
    pipeline.advance(NOON + timedelta(minutes=50))
    assert store.judgement.consolidated(incident.id)[0] > moment


def test_a_commit_that_fails_loses_nothing(store, incident, uninterrupted, monkeypatch):
    save(store, incident, exercise_posts(600))
    pipeline = a_pipeline(store, incident, batch_posts=50)
    whole, failures = store.judgement.save, iter([False, True, False, True])

    def sometimes_fails(judgement):
        if next(failures, False):
            raise StoreError("disk full")
        return whole(judgement)

    monkeypatch.setattr(store.judgement, "save", sometimes_fails)
    for _ in range(2):
        with pytest.raises(StoreError):
            pipeline.advance(LATER)
    pipeline.advance(LATER)
    assert everything_decided(store, incident) == uninterrupted


def test_an_encoder_that_fails_in_mid_batch_loses_nothing(store, incident, uninterrupted):
    class FailsAtTimes(WordsEncoder):
        failures = iter([False, True, False, False, True])

        def encode(self, texts):
            if next(self.failures, False):
                raise EncoderGone("ended")
            return super().encode(texts)

    save(store, incident, exercise_posts(600))
    pipeline = Pipeline(incident.id, store, FailsAtTimes(), LEARNT, a_rule, batch_posts=50)
    for _ in range(2):
        with pytest.raises(EncoderGone):
            pipeline.advance(LATER)
    pipeline.advance(LATER)
    assert everything_decided(store, incident) == uninterrupted


def test_no_model_run_touches_what_people_decided(store, incident):
    save(store, incident, [a_post(minute=n) for n in range(4)])
    pipeline = a_pipeline(store, incident)
    pipeline.advance(LATER)
    (rumour,) = {event.rumour for event in store.judgement.events(incident.id) if event.kind is EventKind.SURFACED}
    store.acts.decide(incident.id, rumour, Act.DISMISS, OFFICER, "a drill").result()
    before = store.acts.decisions(incident.id)
    save(store, incident, [a_post(minute=n) for n in range(5, 60)])
    pipeline.advance(LATER)
    assert store.acts.decisions(incident.id) == before


def test_an_early_likelihood_carries_its_reasons(store, incident):
    save(store, incident, [a_post(minute=n) for n in range(4)])
    a_pipeline(store, incident).advance(LATER)
    score = [event for event in store.judgement.events(incident.id) if event.kind is EventKind.SCORE][-1]
    assert {reason["feature"] for reason in score.detail["reasons"]} >= {"people", "claim_asks", "reply_doubts"}
    assert score.detail["claims"] == 4


def test_the_real_encoder_brings_a_paraphrase_to_its_rumour(store, incident):
    texts = [
        "Brackenmoor Dam has cracked and is about to give way",
        "They're saying the dam wall at Brackenmoor is going to collapse",
        "Great gig at the arena last night, what a band",
    ]
    encoder = ChildEncoder()
    try:
        save(store, incident, [a_post(text) for text in texts])
        Pipeline(incident.id, store, encoder, LEARNT, a_rule).advance(PRESENT)
    finally:
        encoder.close()
    dam, paraphrase, gig = (row.rumour for row in store.judgement.final_rows(incident.id))
    assert dam == paraphrase != gig


def test_the_language_of_a_post_is_detected_where_its_source_states_none(store, incident):
    welsh = "Mae'r argae uwchben y dref wedi torri, ewch i dir uchel"
    posts = [a_post(welsh), a_post(welsh, lang="und"), a_post(welsh, lang="pl"), a_post("flood lol")]
    save(store, incident, posts)
    a_pipeline(store, incident).advance(LATER)
    rows = store.views.rows("posts_by_number", incident=incident.id, seqs=[1, 2, 3, 4])
    told = {row["seq"]: (row["lang"], row["lang_detected"]) for row in rows}
    assert told == {1: (None, "cy"), 2: ("und", "cy"), 3: ("pl", None), 4: (None, None)}
    assert [row.lang_detected for row in store.judgement.final_rows(incident.id)] == ["cy", "cy", None, None]
