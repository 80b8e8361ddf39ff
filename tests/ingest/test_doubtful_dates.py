"""A date is believed or doubted beside the other dates of its file, never beside today."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from ingest.doubtful_dates import DoubtfulDates
from ingest.normal_form import NormalForm
from ingest.running.pace import first_believed_time
from ingest.source import Batch, Upsert
from models.clock import ReplayClock
from tests.builders import NOON

PRESENT = NOON + timedelta(days=365)
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
OLD = datetime(2015, 8, 6, 20, 6, tzinfo=UTC)


def a_record(**changes: str | None) -> dict:
    return {"id": "a:1", "text": "the dam has burst", **changes}


def items(*moments: datetime, author: str = "", collection: str | None = None) -> list[Upsert]:
    """A post of each moment, by a person each, or all by one author."""
    return [
        Upsert(
            a_record(
                id=f"{collection}{author}:{at.isoformat()}",
                author=author or at.isoformat(),
                created_at=at.isoformat(),
                collection=collection,
            ),
            str(place),
        )
        for place, at in enumerate(moments)
    ]


def tonight(count: int = 12) -> list[datetime]:
    return [NOON + place * MINUTE for place in range(count)]


def doubted(*batches: list[Upsert]) -> list[str]:
    """The dates that are doubted in batches of one file."""
    dates = DoubtfulDates()
    return [item.record["created_at"][:10] for batch in batches for item in dates.marked(batch) if item.date_doubted]


def test_one_date_of_years_before_all_others_is_doubted_wherever_it_stands_in_the_file():
    old, others = items(OLD), items(*tonight())
    assert [doubted(others[:at] + old + others[at:]) for at in (0, 5, 12)] == [["2015-08-06"]] * 3


def test_a_slip_of_the_year_is_doubted_as_well():
    assert doubted(items(*tonight(), NOON - 365 * DAY)) == ["2025-11-20"]


def test_one_persons_import_of_years_is_doubted():
    imported = items(OLD, OLD + DAY, OLD + 900 * DAY, author="imp")
    assert doubted(items(*tonight()) + imported) == ["2015-08-06", "2015-08-07", "2018-01-22"]


def test_what_several_people_said_years_before_is_believed():
    assert doubted(items(*tonight(), OLD, OLD + DAY, OLD + 2 * DAY)) == []


def test_an_incident_of_years_ago_is_believed_as_a_whole():
    assert doubted(items(*(OLD + place * MINUTE for place in range(12)))) == []


def test_a_file_of_few_posts_over_years_is_believed():
    assert doubted(items(*(NOON - place * 60 * DAY for place in range(20)))) == []
    assert doubted(items(*(NOON - place * 200 * DAY for place in range(20)))) == []


def test_a_file_that_begins_with_its_newest_post_is_believed():
    newest_first = [NOON - place * DAY for place in range(400)]
    assert doubted(items(*newest_first[:200]), items(*newest_first[200:])) == []


def test_collections_of_one_file_are_of_times_of_their_own():
    assert doubted(items(*tonight(), collection="tonight") + items(OLD, collection="riots")) == []


def test_a_date_is_compared_with_those_of_the_batches_before():
    assert doubted(items(*tonight()), items(OLD)) == ["2015-08-06"]


class OneBatch:
    name, every_seconds, live, restriction = "file", None, False, None

    def batches(self, cursor: str | None) -> Iterator[Batch]:
        yield Batch(DoubtfulDates().marked(items(OLD, *tonight())), last=True)


def test_a_replay_starts_at_the_first_date_that_is_believed():
    assert first_believed_time(OneBatch(), latest=PRESENT) == NOON


def test_a_doubted_date_stays_as_a_note_and_the_post_stands_where_it_arrived():
    clock = ReplayClock(NOON, latest=PRESENT)
    form = NormalForm("file", b"key")
    [batch] = OneBatch().batches(None)
    old, first, *_ = [form.read(item.record, clock, date_doubted=item.date_doubted) for item in batch.items]
    assert (old.created_at, old.stated_at, old.flags) == (NOON, OLD, ("date doubted",))
    assert (first.created_at, first.flags) == (NOON, ())


def test_a_live_source_doubts_a_date_that_lies_long_before_its_arrival():
    clock, live = ReplayClock(NOON, latest=PRESENT), NormalForm("live", b"key", live=True)
    read = {
        days: live.read(a_record(id=f"a:{days}", created_at=(NOON - days * DAY).isoformat()), clock)
        for days in (2, 91)
    }
    assert read[2].created_at == NOON - 2 * DAY
    assert (read[91].created_at, read[91].stated_at) == (NOON, NOON - 91 * DAY)


def test_an_old_article_of_a_feed_keeps_its_date():
    clock, live = ReplayClock(NOON, latest=PRESENT), NormalForm("feed", b"key", live=True)
    assert live.read(a_record(kind="article", created_at=OLD.isoformat()), clock).created_at == OLD
