"""What the simulated incident promises: enough people, known truth, and rumours that live as rumours do."""

import gzip
import itertools
import json
import re
from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from ingest.exercise import script, typists
from ingest.exercise.simulation import COLLECTION, OFFICIAL_ACCOUNTS, exercise, write_exercise

START = datetime(2026, 11, 20, 15, 30, tzinfo=UTC)
STANCES = {"support", "deny", "query", "comment"}


@pytest.fixture(scope="module", params=[1, 2, 3])
def posts(request):
    return exercise(seed=request.param, start=START)


def minute(post):
    return (datetime.fromisoformat(post["created_at"]) - START) / timedelta(minutes=1)


def originals(posts):
    return [post for post in posts if post["kind"] != "repost"]


def by_story(posts):
    stories = defaultdict(list)
    for post in posts:
        if post["gold"].get("story"):
            stories[post["gold"]["story"]].append(post)
    return stories


def story(posts, word):
    return next(found for title, found in by_story(posts).items() if word in title)


# --- reproducibility --------------------------------------------------------------------------------------


def test_the_same_seed_gives_the_same_evening():
    assert exercise(seed=4, start=START) == exercise(seed=4, start=START)


def test_another_seed_gives_another_evening():
    assert exercise(seed=4, start=START) != exercise(seed=5, start=START)


def test_a_shorter_exercise_is_the_beginning_of_the_longer_one():
    short = exercise(seed=1, start=START, hours=0.5)
    assert short == exercise(seed=1, start=START)[: len(short)]
    assert max(map(minute, short)) < 30


@pytest.mark.parametrize("name", ["evening.jsonl", "evening.jsonl.gz"])
def test_writing_twice_gives_the_same_bytes(tmp_path, name):
    first, second = tmp_path / name, tmp_path / f"again-{name}"
    write_exercise(first, start=START, hours=1.0)
    write_exercise(second, start=START, hours=1.0)
    assert first.read_bytes() == second.read_bytes()


def test_what_is_written_is_what_was_played(tmp_path):
    path = tmp_path / "evening.jsonl.gz"
    write_exercise(path, seed=2, start=START)
    with gzip.open(path, "rt", encoding="utf-8") as file:
        assert [json.loads(line) for line in file] == exercise(seed=2, start=START)


def test_only_the_clock_moves_with_the_start():
    later = exercise(seed=1, start=START + timedelta(days=3), hours=0.2)
    assert [post["author"] for post in later] == [post["author"] for post in exercise(seed=1, start=START, hours=0.2)]


def test_a_start_without_zone_is_refused():
    with pytest.raises(ValueError, match="no zone"):
        exercise(start=START.replace(tzinfo=None))


@pytest.mark.parametrize("hours", [0, -1, 7, float("nan")])
def test_hours_outside_the_script_are_refused(hours):
    with pytest.raises(ValueError, match="six hours"):
        exercise(start=START, hours=hours)


# --- the form ---------------------------------------------------------------------------------------------


def test_every_record_is_of_the_interchange_form(posts):
    known = {
        "id",
        "source",
        "collection",
        "kind",
        "created_at",
        "author",
        "author_followers",
        "text",
        "lang",
        "reply_to",
        "root",
        "repost_of",
        "quote_of",
        "url",
        "gold",
    }
    always = {"id", "source", "collection", "kind", "created_at", "author", "text", "url", "gold"}
    for post in posts:
        assert always <= post.keys() <= known
        assert post["collection"] == COLLECTION
        assert post["source"] == "exercise"
        assert post["kind"] in ("post", "reply", "repost", "quote")
        assert post["created_at"].endswith("Z")
        assert not post["author"].startswith("@")


def test_unknown_is_absent_never_null(posts):
    assert all(value is not None for post in posts for name, value in post.items() if name != "gold")
    assert 0.05 < sum("author_followers" not in post for post in posts) / len(posts) < 0.25


def test_everything_is_marked_as_an_exercise(posts):
    assert "EXERCISE" in COLLECTION
    assert all("EXERCISE" in title for title in by_story(posts))


def test_posts_come_in_order_of_time_and_number(posts):
    assert [post["created_at"] for post in posts] == sorted(post["created_at"] for post in posts)
    assert [post["id"] for post in posts] == [f"exercise:{n:06d}" for n in range(1, len(posts) + 1)]


def test_links_point_at_earlier_posts(posts):
    seen = {}
    for post in posts:
        for link in ("reply_to", "root", "repost_of", "quote_of"):
            if link in post:
                assert seen[post[link]] < post["created_at"]
        seen[post["id"]] = post["created_at"]


def test_each_kind_has_its_link_and_no_other(posts):
    links = {"post": set(), "reply": {"reply_to", "root"}, "repost": {"repost_of"}, "quote": {"quote_of"}}
    for post in posts:
        assert post.keys() & {"reply_to", "root", "repost_of", "quote_of"} == links[post["kind"]]


def test_one_author_has_one_number_of_followers(posts):
    followers = defaultdict(set)
    for post in posts:
        followers[post["author"]].add(post.get("author_followers"))
    assert all(len(numbers) == 1 for numbers in followers.values())


# --- size and variety -------------------------------------------------------------------------------------


def test_there_are_enough_posts_by_enough_people(posts):
    assert len(posts) >= 4_000
    assert len({post["author"] for post in posts}) >= 1_500


def test_most_texts_are_said_once(posts):
    texts = [post["text"] for post in originals(posts)]
    assert len(set(texts)) >= 0.7 * len(texts)


def test_free_standing_posts_hardly_repeat_beyond_a_hashtag_or_a_typing_error(posts):
    alone = [bare(post["text"]) for post in posts if post["kind"] in ("post", "quote")]
    assert len(set(alone)) >= 0.94 * len(alone)


def bare(text):
    words = (word for word in text.lower().split() if not word.startswith(("#", "http")))
    return " ".join("".join(letter for letter in word if letter.isalnum()) for word in words)


def test_every_rumour_is_posted_and_answered_in_many_ways():
    for rumour in script.rumours():
        at_least = {"support": 34, "deny": 9, "query": 10, "comment": 8}
        assert all(len(set(rumour.statements[stance])) >= at_least[stance] for stance in STANCES), rumour.slug
        assert all(len(set(rumour.replies[stance])) >= 20 for stance in STANCES), rumour.slug


def test_no_text_stands_in_two_places_of_one_rumour():
    for rumour in script.rumours():
        texts = [text for pool in (rumour.statements, rumour.replies) for stance in STANCES for text in pool[stance]]
        assert len(set(texts)) == len(texts), rumour.slug


def test_people_also_joke_and_grieve_about_rumours_without_taking_a_side(posts):
    remarked = {p["gold"]["story"] for p in posts if p["kind"] == "post" and p["gold"]["stance"] == "comment"}
    assert len(remarked) >= 9


def test_people_keep_to_their_typing_habits():
    rng = np.random.default_rng(1)
    texts = [text for rumour in script.rumours() for text in rumour.statements["support"]]
    for habits in (person.habits for person in script.Crowd(rng).people[:200]):
        typed = [typists.retell(text, habits, rng, stance="support", again=False) for text in texts[:40]]
        if habits.capitals == "none":
            assert not any(re.search("[A-Z]", text.split(" #")[0]) for text in typed)
        assert habits.hashtags or not any("#" in text for text in typed)
        assert habits.emoji or not any(text.endswith(typists.EMOJI["support"]) for text in typed)


def test_spam_is_repeated_word_for_word_by_few_accounts(posts):
    sent = [post for post in posts if "https://example.net/" in post["text"]]
    texts = script.lines(
        next(spell["texts"] for spell in script.read_texts("chatter")["spells"] if spell["name"] == "spam")
    )
    assert {post["text"] for post in sent} <= set(texts)
    assert len({post["author"] for post in sent if post["kind"] == "post"}) <= 5


def test_no_changing_word_is_left_open(posts):
    hostile = {post["text"] for post in script.read_texts("hostile")["posts"]}
    for post in posts:
        assert post["text"] in hostile or not {"{", "}"} & set(post["text"]), post["text"]


def test_no_text_is_empty_or_longer_than_the_platform_allows(posts):
    assert all(0 < len(post["text"]) <= 400 for post in posts)


def test_hostile_texts_and_other_languages_are_among_them(posts):
    texts = "\n".join(post["text"] for post in posts)
    for trap in ("<script>", "\u202e", "\u200b", "👩‍👩‍👧‍👦", "{{ mustache }}"):
        assert trap in texts
    assert {"en", "cy", "pl", "ur"} <= {post.get("lang") for post in posts}


# --- rumours and their truth ------------------------------------------------------------------------------


def test_there_are_ten_rumours_true_false_and_unresolved(posts):
    verdicts = {title: found[0]["gold"]["veracity"] for title, found in by_story(posts).items()}
    assert len(verdicts) >= 10
    assert set(verdicts.values()) == {"true", "false", "unverified"}


def test_every_stance_answers_every_rumour(posts):
    for title, found in by_story(posts).items():
        stances = Counter(post["gold"]["stance"] for post in found if post["kind"] == "reply")
        assert stances.keys() == STANCES, title


def test_replies_reposts_and_quotes_inherit_the_story(posts):
    stories = {post["id"]: post["gold"]["story"] for post in posts}
    for post in posts:
        for link in ("reply_to", "repost_of", "quote_of"):
            if link in post:
                assert post["gold"]["story"] == stories[post[link]]


def test_only_posts_of_a_rumour_have_a_stance(posts):
    for post in posts:
        gold = post["gold"]
        assert gold["is_rumour"] == (gold["story"] is not None) == (gold["stance"] in STANCES)


def test_people_answer_answers(posts):
    replies = {post["id"] for post in posts if post["kind"] == "reply"}
    assert sum(post.get("reply_to") in replies for post in posts) >= 100


def test_the_first_rumour_shows_within_ten_minutes(posts):
    early = by_story([post for post in posts if minute(post) < 10])
    assert any(
        len(found) >= 5
        and len({post["author"] for post in found}) >= 4
        and len({post["text"] for post in found if post["kind"] == "post"}) >= 4
        for found in early.values()
    )


def test_rumours_keep_coming_for_almost_four_hours(posts):
    begins = sorted(minute(found[0]) for found in by_story(posts).values())
    assert begins[0] < 5
    assert 200 < begins[-1] < 240
    assert max(later - sooner for sooner, later in itertools.pairwise(begins)) < 60


@pytest.mark.parametrize(
    ("word", "variants"),
    [
        ("missing", ["3", "13", "30"]),
        ("Looters", ["Market Street", "Station Road", "Buttercross"]),
        ("train", ["60", "200", "400"]),
        ("Sluice", ["HaskWater", "the council", "the government"]),
    ],
)
def test_a_rumour_mutates_as_it_travels(posts, word, variants):
    found = [post for post in story(posts, word) if post["author"] not in OFFICIAL_ACCOUNTS]
    first = [
        min(minute(post) for post in found if f" {variant.lower()} " in f" {post['text'].lower()} ")
        for variant in variants
    ]
    assert first == sorted(first)
    assert first[0] + 20 < first[-1]


def test_services_deny_the_false_and_confirm_the_true(posts):
    answers = {"false": {"deny"}, "true": {"support"}, "unverified": set()}
    for title, found in by_story(posts).items():
        stances = {post["gold"]["stance"] for post in found if post["author"] in OFFICIAL_ACCOUNTS}
        assert stances - {"comment"} == answers[found[0]["gold"]["veracity"]], title


def test_a_denial_mostly_quells_what_is_false(posts):
    before = after = 0
    for rumour in (rumour for rumour in script.rumours() if rumour.veracity == "false"):
        denied = next(answer.minute for answer in rumour.official if answer.stance == "deny")
        claims = [minute(p) - denied for p in story(posts, rumour.title) if p["gold"]["stance"] == "support"]
        before += sum(-30 <= moment < 0 for moment in claims)
        after += sum(30 <= moment < 60 for moment in claims)
    assert after < 0.5 * before


def test_the_dam_has_a_second_wave(posts):
    claims = [minute(post) for post in story(posts, "Dam") if post["gold"]["stance"] == "support"]
    lull = sum(160 <= moment < 200 for moment in claims)
    assert sum(205 <= moment < 245 for moment in claims) > 2 * lull


# --- what is no rumour ------------------------------------------------------------------------------------


def test_every_service_speaks(posts):
    assert {post["author"] for post in posts} >= set(OFFICIAL_ACCOUNTS)


def test_urgent_true_news_is_no_rumour(posts):
    warning = next(post for post in posts if post["text"].startswith("SEVERE FLOOD WARNING"))
    assert not warning["gold"]["is_rumour"]
    news = [post for post in originals(posts) if "rest centre" in post["text"].lower()]
    assert any(not post["gold"]["is_rumour"] and post["author"] not in OFFICIAL_ACCOUNTS for post in news)


def test_a_good_part_of_the_stream_has_nothing_to_do_with_any_rumour(posts):
    aside = [post for post in originals(posts) if not post["gold"]["is_rumour"]]
    assert 0.25 < len(aside) / len(originals(posts)) < 0.6


# --- how it spreads ---------------------------------------------------------------------------------------


def shares(posts):
    return Counter(post["repost_of"] for post in posts if post["kind"] == "repost")


def test_reposts_carry_the_words_of_their_original(posts):
    texts = {post["id"]: post["text"] for post in posts}
    assert all(post["text"] == texts[post["repost_of"]] for post in posts if post["kind"] == "repost")


def test_nobody_reposts_the_same_post_twice_or_their_own(posts):
    authors = {post["id"]: post["author"] for post in posts}
    pairs = [(post["author"], post["repost_of"]) for post in posts if post["kind"] == "repost"]
    assert len(set(pairs)) == len(pairs)
    assert all(author != authors[original] for author, original in pairs)


def test_the_top_hundredth_of_originals_draws_a_fifth_of_all_reposts(posts):
    ranked = [count for _, count in shares(posts).most_common()]
    top = ranked[: len(originals(posts)) // 100]
    assert sum(top) >= 0.2 * sum(ranked)


def test_a_few_posts_draw_hundreds_and_most_draw_none(posts):
    drawn = shares(posts)
    assert 2 <= sum(count >= 100 for count in drawn.values()) <= 12
    assert len(drawn) < 0.5 * len(originals(posts))


def test_a_big_cascade_rises_and_fades(posts):
    (original, total), *_ = shares(posts).most_common(1)
    begun = next(minute(post) for post in posts if post["id"] == original)
    delays = sorted(minute(post) - begun for post in posts if post.get("repost_of") == original)
    tenth, half, nine_tenths = (delays[int(total * share)] for share in (0.1, 0.5, 0.9))
    assert tenth > 1
    assert nine_tenths - half > half - tenth


def test_followers_are_heavy_tailed(posts):
    followers = sorted({p["author"]: p["author_followers"] for p in posts if "author_followers" in p}.values())
    assert followers[len(followers) // 2] < 500
    assert followers[-1] > 20_000


def test_some_copy_by_hand_and_some_add_their_words(posts):
    assert sum(post["text"].startswith("RT @") for post in posts if post["kind"] == "post") >= 40
    assert sum(post["kind"] == "quote" for post in posts) >= 60
    assert any(post["text"].endswith("…") for post in posts if post["kind"] == "post")
