"""The same id with other content: told and counted, never merged in silence; the same post again is none."""

import dataclasses
import json
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.source import Batch, Delete, Upsert
from ingest.sources.archive import Archive
from models.domain.clashes import CLASH, Said, cause_of_clash
from models.domain.reading import Outcome
from models.store.messages import Arrival, ArrivedPost, Matched
from models.text.same_words import same_words
from tests.builders import NOON, OFFICER, a_post, an_incident
from tests.ingest.test_reading_account import a_worker, account

SHARED = f"{CLASH} (numbers that two platforms or tables share)"
EDITED = f"{CLASH} (an edited post, or two exports of one platform)"
DAM = {"id": "x:7", "author": "ann", "text": "The dam has burst", "created_at": NOON.isoformat()}
LOOTERS = {**DAM, "author": "bob", "text": "Looters in Market Street"}


@pytest.fixture
def incident(store):
    return store.incidents.record(an_incident(), OFFICER, "opened").result()


@pytest.fixture
def worker_of(store, incident):
    def worker(name):
        return a_worker(
            store, name, match=lambda posts: Matched([ArrivedPost(one, {incident.id: "all"}) for one in posts])
        )

    return worker


def bring(worker, *records, file=""):
    return worker.save(Batch([Upsert(one, f"0:{line}") for line, one in enumerate(records, start=1)], file=file))


def texts(store, incident):
    return [post.text for post in store.judgement.unjudged(incident.id, 0, 100)]


def letters(store, name):
    return [(one.reason, json.loads(one.payload)["text"]) for one in store.sources.dead_letters(name, 10)]


@pytest.mark.parametrize("apart", ["in one batch", "in two runs", "in two sources"])
def test_the_first_post_stays_and_the_other_is_a_dead_letter_that_says_why(store, incident, worker_of, apart):
    first, second = worker_of("archive"), worker_of("feeds" if apart == "in two sources" else "archive")
    if apart == "in one batch":
        bring(first, DAM, LOOTERS)
    else:
        bring(first, DAM)
        bring(second, LOOTERS)
    assert texts(store, incident) == [DAM["text"]]
    assert letters(store, second.name) == [(SHARED, LOOTERS["text"])]
    whole = account(store, second.name)
    assert (whole.became[Outcome.DEAD], whole.became[Outcome.SEEN], whole.unaccounted) == (1, 0, 0)
    assert (Outcome.DEAD, SHARED, "", 1) in whole.why


def test_a_clash_that_comes_again_is_seen_before_and_no_second_letter(store, incident, worker_of):
    worker = worker_of("archive")
    for _ in range(2):
        bring(worker, DAM, LOOTERS)
    assert len(letters(store, "archive")) == 1
    assert account(store, "archive").became[Outcome.SEEN] == 2


def test_a_clash_links_the_first_post_to_no_incident_that_only_the_other_reaches(store, incident, worker_of):
    other = store.incidents.record(an_incident("Southgate looting"), OFFICER, "opened").result()
    bring(worker_of("archive"), DAM)
    post = a_post(LOOTERS["text"], id=DAM["id"])
    saved = store.posts.add(Arrival([ArrivedPost(post, {other.id: "looters"})])).result()
    assert (saved.linked, len(saved.clashes)) == (0, 1)
    assert store.posts.incidents_of([DAM["id"]]) == {DAM["id"]: {incident.id}}


def test_a_stated_edit_by_the_same_author_is_an_edit(store, incident, worker_of):
    edit = {**DAM, "text": "No, it holds", "edited_at": (NOON + timedelta(minutes=5)).isoformat()}
    assert bring(worker_of("archive"), DAM, edit).edited == 1
    # The first words once more, and an edit in between that was never here.
    older = {**edit, "text": "The dam has burst?", "edited_at": (NOON + timedelta(minutes=1)).isoformat()}
    assert bring(worker_of("archive"), DAM, older).seen == 2
    assert (texts(store, incident), letters(store, "archive")) == (["No, it holds"], [])


def test_what_is_stated_to_be_an_edit_and_is_another_persons_post_replaces_nothing(store, incident, worker_of):
    later = (NOON + timedelta(days=3, minutes=7)).isoformat()
    bring(worker_of("archive"), DAM)
    bring(worker_of("archive"), {**LOOTERS, "created_at": later, "edited_at": later})
    assert (texts(store, incident), letters(store, "archive")) == ([DAM["text"]], [(SHARED, LOOTERS["text"])])


def test_a_post_that_was_removed_clashes_with_none(store, incident, worker_of):
    worker = worker_of("archive")
    bring(worker, DAM)
    worker.save(Batch([Delete(DAM["id"], "0:2")]))
    assert bring(worker, LOOTERS).refused == 1
    assert letters(store, "archive") == []


def test_reading_a_clash_again_says_that_it_still_is_one(store, incident, worker_of):
    worker = worker_of("archive")
    bring(worker, DAM, LOOTERS)
    assert worker.read_again(Upsert(LOOTERS, "0:2")) == SHARED
    assert texts(store, incident) == [DAM["text"]]


def test_a_removal_reaches_the_dead_letter_of_a_clash_by_its_own_author(store, incident, worker_of):
    worker = worker_of("archive")
    bring(worker, DAM, LOOTERS)
    worker.save(Batch([Delete(DAM["id"], "0:3")]))
    assert letters(store, "archive") == []


def test_a_clash_across_two_files_is_told_of_the_second(store, incident, worker_of, tmp_path):
    for name, text in (("a.csv", "The dam has burst"), ("b.csv", "The dam holds")):
        (tmp_path / name).write_text(f"id,author,text\n7,ann,{text}\n", encoding="utf-8")
    worker = worker_of("archive")
    for batch in Archive([tmp_path / "a.csv", tmp_path / "b.csv"]).batches(None):
        worker.save(batch)
    dead = [one.file for one in store.sources.reading_counts() if one.outcome is Outcome.DEAD]
    assert (dead, letters(store, "archive")) == (["b.csv"], [(EDITED, "The dam holds")])


LONG = "The dam above Northgate has burst and all in the valley must get to high ground now, says the council"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (LONG, f"RT @jo: {LONG}"),
        (LONG, f"RT @jo: {LONG[:60]}…"),
        (LONG, f"{LONG[:60]}... https://t.co/abc"),
        (LONG, LONG[:105]),
        ("The dam & the weir “hold”", 'the dam &amp;amp; the weir "hold"'),
        ("Water over the road https://bbc.co.uk/news/uk-1", "Water over  the road https://t.co/x pic.twitter.com/y"),
        ("See example.org for the flood map", "See https://example.org for the flood map"),
        ("RE: https://a.example/@jo/1\n\nThe dam has burst", "The dam has burst"),
        ("@jo @bob is this true?", "is this true?"),
        ("The dam has burst\n\n[picture described as: water over a road]", "The dam has burst"),
        ("Der Damm über Northgate hält", "Der Damm Ã¼ber Northgate hÃ¤lt"),
        ("The dam has burst 😳", "The dam has burst ?"),
        ("The dam & the weir above Northgate have burst", "RT @jo: The dam &am…"),
    ],
)
def test_what_another_tool_writes_of_one_text_are_the_same_words(one, other):
    assert (same_words(one, other), same_words(other, one)) == (True, True)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The dam has burst", "The dam has not burst"),
        ("12 people are missing", "20 people are missing"),
        ("The dam has burst", "The dam has burst, says nobody"),
        ("洪水警報", "避難指示"),
        ("Dam: потоп у нас", "Dam: всё спокойно"),
        ("The dam has burst", "@jo 😳"),
        ("#NorthgateFlood плотину прорвало", "#NorthgateFlood плотина держится"),
    ],
)
def test_other_words_are_other_words(one, other):
    assert same_words(one, other) is False


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The dam has burst", " "),
        ("https://t.co/x", "https://t.co/y"),
        ("😳", "?"),
        ("@jo Η συζήτηση", "@jo ? ????????"),
        ("@jo The dam has burst", "@jo…"),
    ],
)
def test_nobody_can_say_of_a_text_that_is_missing_and_of_two_without_words(one, other):
    assert (same_words(one, other), same_words(other, one)) == (None, None)


@pytest.mark.parametrize(
    ("changes", "is_clash"),
    [
        ({}, False),
        ({"author": "Ann Smith"}, False),
        ({"author": "Ann Smith", "stated_at": NOON + timedelta(hours=1)}, False),
        ({"author": "Ann Smith", "stated_at": NOON + timedelta(seconds=30)}, False),
        ({"stated_at": NOON + timedelta(days=40)}, False),
        ({"author": None, "stated_at": NOON + timedelta(days=40)}, False),
        ({"author": "bob", "stated_at": NOON + timedelta(hours=1, minutes=7)}, True),
    ],
)
def test_the_same_words_are_another_post_where_both_person_and_time_are_others(changes, is_clash):
    first = Said("The dam has burst", "ann", NOON)
    assert bool(cause_of_clash("x:7", first, first._replace(**changes), is_edit=False)) is is_clash


def test_an_id_that_a_spreadsheet_rounded_is_named_as_the_cause():
    first, second = Said("The dam has burst", "ann", NOON), Said("Looters", "bob", NOON)
    assert "export them as text" in cause_of_clash("x:1294030472427840000", first, second, is_edit=False)
    assert "export them as text" in cause_of_clash("x:1.29E+18", first, second, is_edit=False)


@given(st.text(max_size=300), st.text(max_size=300))
def test_whether_two_texts_are_the_same_words_is_the_same_both_ways(one, other):
    assert same_words(one, other) == same_words(other, one)


@given(st.text(max_size=300), st.integers(0, 3))
def test_a_post_is_no_clash_with_itself(text, minutes):
    post = a_post(text)
    said = Said(post.text, post.author, post.stated_at)
    again = dataclasses.replace(post, edited_at=NOON + timedelta(minutes=minutes))
    assert cause_of_clash(post.id, said, Said(again.text, again.author, again.stated_at), is_edit=False) is None
