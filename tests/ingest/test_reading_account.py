"""Everything that was read is accounted for, whatever comes in whatever order."""

import itertools
import json
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from ingest.matching import Matcher
from ingest.normal_form import NormalForm
from ingest.running.worker import Worker
from ingest.source import AccountRemoved, Batch, Delete, Missed, PassedOver, Reconnected, Unreadable, Upsert
from ingest.sources.archive import Archive
from models.domain.incidents import Watch
from models.domain.reading import Outcome, Passing, Reason
from models.measures.reading_account import account_of, accounts_by
from models.store.messages import Matched
from tests.builders import NOON, OFFICER, a_clock, an_incident

_number = itertools.count()


@pytest.fixture
def watching(store):
    watch = Watch(terms=("dam",), languages=("en",))
    return store.incidents.record(an_incident(watch=watch), OFFICER, "opened").result()


class Nothing:
    """A stand-in source that is never asked."""

    name, every_seconds, live, restriction = "nothing", None, False, None


def a_worker(store, name, source=Nothing, match=None):
    form = NormalForm(name, b"key")
    return Worker(source, store, form, match or Matcher(store, name, form.pseudonym).match, a_clock(), name=name)


def account(store, name):
    return account_of(store.sources.reading_counts(source=name))


ids, authors, places = st.integers(0, 2), st.sampled_from("abc"), st.integers(0, 9).map(str)
texts = st.sampled_from(["the dam has burst", "lunch", "", "https://t.co/x", "dam " * 3, "x\x00y dam"])
langs = st.sampled_from([None, "en", "cy", "qht", "EN-gb", "cy,en"])
edits = st.none() | st.integers(1, 5)
ITEMS = st.lists(
    st.one_of(
        st.tuples(st.just("post"), ids, texts, langs, authors, edits),
        st.tuples(st.just("answer"), ids, ids, authors),
        st.tuples(st.just("bad"), places),
        st.tuples(st.just("unreadable"), places),
        st.tuples(st.just("delete"), ids, st.booleans()),
        st.tuples(st.just("account"), authors, st.booleans()),
        st.tuples(st.just("opted out")),
        st.tuples(st.just("gap")),
    ),
    max_size=12,
)


def an_item(what, example):
    """The item of a drawn description; ids and authors are of this example only."""
    match what:
        case ("post", number, text, lang, author, edited):
            record = {"id": f"{example}:{number}", "text": text, "author": f"{example}{author}", "lang": lang}
            at = None if edited is None else (NOON + timedelta(minutes=edited)).isoformat()
            return Upsert({**record, "created_at": NOON.isoformat(), "edited_at": at}, "0")
        case ("answer", number, to, author):
            record = {"id": f"{example}:r{number}", "text": "really?", "author": f"{example}{author}"}
            return Upsert({**record, "reply_to": f"{example}:{to}"}, "0")
        case ("bad", place):
            return Upsert({"id": 5, "text": "dam"}, f"{example}:{place}")
        case ("unreadable", place):
            return Unreadable("not JSON", "{", f"{example}:{place}")
        case ("delete", number, in_order):
            return Delete(f"{example}:{number}", "0", in_order=in_order)
        case ("account", author, in_order):
            return AccountRemoved(f"{example}{author}", "0", NOON, in_order=in_order)
        case ("opted out",):
            return PassedOver(Reason(Passing.NO_CONSENT), "0")
        case _:
            return Missed(None, None, "asleep")


# A post, its edits (in the batch it came in, and later), the edit once more, its removal, the post once more.
A_LIFE = [
    ([("post", 0, "the dam has burst", None, "a", None), ("post", 0, "dam dam dam", None, "a", 1)], ""),
    ([("post", 0, "lunch", "cy", "a", 3), ("bad", "1"), ("answer", 1, 0, "b")], "day1.csv"),
    ([("delete", 0, True), ("account", "c", False), ("gap",)], ""),
]


@example(batches=A_LIFE, again=True)
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    batches=st.lists(st.tuples(ITEMS, st.sampled_from(["", "day1.csv", "day2.csv"])), max_size=4), again=st.booleans()
)
def test_any_order_of_reads_retries_edits_and_removals_is_accounted_for(store, watching, batches, again):
    example = f"e{next(_number)}"
    worker = a_worker(store, example)
    read, by_file = 0, {}
    for described, file in [*batches, *(batches if again else [])]:
        items = [an_item(one, example) for one in described]
        worker.save(Batch(items, file=file))
        brought = sum(not isinstance(item, Missed | Reconnected) for item in items)
        read, by_file[file] = read + brought, by_file.get(file, 0) + brought
    counts = store.sources.reading_counts(source=example)
    whole = account_of(counts)
    assert (whole.read, whole.unaccounted) == (read, 0)
    for file, one in accounts_by(lambda count: count.file, counts).items():
        assert (one.read, one.unaccounted) == (by_file[file], 0)
    assert whole.became[Outcome.KEPT] == len(store.posts.of_source(example, 0, 1_000)) + erased(store, example)
    assert all(items > 0 for *_, items in whole.why)


def erased(store, source):
    with store.engine.connection.cursor() as connection:
        found = connection.execute(
            "select count(*) from posts where source = $1 and removed_at is not null", [source]
        ).fetchall()
    return found[0][0]


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        ({"text": "lunch"}, Reason(Passing.NO_TERM)),
        ({"text": "the dam", "lang": "cy"}, Reason(Passing.LANGUAGE, "cy")),
        ({"text": "the dam", "lang": "pl_PL"}, Reason(Passing.LANGUAGE, "pl")),
        ({"text": "cinio", "lang": "cy"}, Reason(Passing.NO_TERM)),
        ({"text": "https://t.co/x #flood 😳"}, Reason(Passing.NO_WORDS)),
        ({"text": ""}, Reason(Passing.NO_WORDS)),
    ],
)
def test_what_is_passed_over_is_counted_by_the_reason_and_not_stored(store, watching, record, reason):
    a_worker(store, "bluesky").save(Batch([Upsert({"id": "a", **record}, "0")]))
    assert account(store, "bluesky").why == ((Outcome.PASSED_OVER, reason.rule, reason.detail, 1),)
    assert store.posts.of_source("bluesky", 0, 10) == []
    with store.engine.connection.cursor() as connection:
        kept = connection.execute("select * from reading_counts").fetchall()
    assert not record["text"] or record["text"] not in json.dumps(kept, default=str)


def test_without_an_open_incident_or_a_place_that_is_said_too(store):
    item = Upsert({"id": "a", "text": "the dam"}, "0")
    a_worker(store, "bluesky").save(Batch([item]))
    square = [[[-1.2, 52.9], [-1.1, 52.9], [-1.1, 53.0], [-1.2, 53.0], [-1.2, 52.9]]]
    watch = Watch(area=json.dumps({"type": "Polygon", "coordinates": square}))
    store.incidents.record(an_incident(watch=watch), OFFICER, "opened").result()
    elsewhere = Upsert({"id": "b", "text": "the dam", "latitude": 1, "longitude": 1}, "0")
    a_worker(store, "bluesky").save(Batch([item, elsewhere]))
    assert [reason for _, reason, _, _ in account(store, "bluesky").why] == [
        Passing.NO_INCIDENT,
        Passing.NO_PLACE,
        Passing.AREA,
    ]


def test_the_counts_of_an_hour_are_few_rows_however_much_is_read(store, watching):
    worker = a_worker(store, "bluesky")
    for number in range(5):
        worker.save(Batch([Upsert({"id": f"a{number}", "text": "lunch"}, "0")]))
    assert len(store.sources.reading_counts()) == 2
    assert account(store, "bluesky").read == 5


def test_a_batch_that_is_not_saved_is_not_counted(store, watching):
    def breaks(posts):
        raise RuntimeError("broken")

    with pytest.raises(RuntimeError):
        a_worker(store, "bluesky", match=breaks).save(Batch([Upsert({"id": "a", "text": "dam"}, "0")]))
    assert account(store, "bluesky").read == 0


def test_each_file_has_an_account_of_its_own_and_other_collections_are_passed_over(store, watching, tmp_path):
    for name, lines in {
        "day1.jsonl": ['{"id": "a", "text": "dam"}', '{"id": "b", "text": "dam", "collection": "other"}', "{"],
        "day2.jsonl": ['{"id": "a", "text": "dam"}', '{"id": "c", "text": "lunch"}'],
    }.items():
        (tmp_path / name).write_text("\n".join(lines), encoding="utf-8")
    source = Archive([tmp_path / "day1.jsonl", tmp_path / "day2.jsonl"], collection="ours")
    worker = a_worker(store, "archive", source)
    for batch in source.batches(None):
        worker.save(batch)
    files = accounts_by(lambda count: count.file, store.sources.reading_counts(source="archive"))
    assert {file: (one.read, *one.became.values()) for file, one in files.items()} == {
        "day1.jsonl": (3, 1, 0, 1, 1, 0),
        "day2.jsonl": (2, 0, 1, 1, 0, 0),
    }


def test_a_dead_letter_that_is_read_again_is_accounted_for_again(store, watching):
    worker = a_worker(store, "bluesky")
    assert worker.read_again(Upsert({"id": "a", "text": "the dam"}, "0")) is None
    assert (account(store, "bluesky").read, account(store, "bluesky").unaccounted) == (1, 0)


def test_a_matcher_that_keeps_everything_passes_over_nothing(store, watching):
    a_worker(store, "t", match=lambda posts: Matched([])).save(Batch([]))
    assert account(store, "t").read == 0
