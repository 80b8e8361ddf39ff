"""An official warning, from its document to the board: officially said, and never a rumour."""

from datetime import timedelta

import pytest

from dashboard.views.board import read_rows
from dashboard.views.officially_said import read_officially_said
from ingest.matching import Matcher
from ingest.normal_form import NormalForm
from ingest.running.worker import Worker
from models.domain.incidents import Watch
from models.domain.posts import Kind
from models.domain.rumours import EventKind
from models.judgement.pipeline import Pipeline
from tests.builders import LEARNT, NOON, WordsEncoder, a_clock, a_post, a_rule, an_incident, save
from tests.ingest.feed_documents import a_feed, a_part, an_alert
from tests.ingest.feed_server import serving

LATER = NOON + timedelta(days=1)
WARNING = "RED flood warning: the dam above Northgate may burst, leave now"


@pytest.fixture
def server():
    with serving() as opened:
        yield opened


@pytest.fixture
def incident(store):
    return store.incidents.open(an_incident(watch=Watch(sources=("feeds",)))).result()


def reads(server, store, incident, *documents):
    """What an incident knows once its feed of warnings has shown these documents, one after the other."""
    clock = a_clock()
    feed = a_feed(server, kind="alert", clock=clock)
    form = NormalForm(feed.name, b"key", live=True)
    worker = Worker(feed, store, form, Matcher(store, feed.name, form.pseudonym).match, clock, name=feed.name)
    cursor = None
    for document in documents:
        server.answers["/feed"] = document
        for batch in feed.batches(cursor):
            worker.save(batch)
            cursor = batch.cursor or cursor
    return worker


def judged(store, incident):
    Pipeline(incident.id, store, WordsEncoder(), LEARNT, a_rule).advance(LATER)
    surfaced = [one for one in store.judgement.events(incident.id) if one.kind is EventKind.SURFACED]
    arrangement = store.views.history(incident.id).at(None)
    rows = read_rows(store, incident.id, LATER, arrangement=arrangement)
    return surfaced, read_officially_said(store, incident.id, arrangement, rows).newest


def test_a_warning_is_officially_said_and_no_rumour_however_many_repeat_it(server, store, incident):
    reads(server, store, incident, an_alert(info=a_part(WARNING)))
    alert = "cap:warnings@weather.example,2.49.0.1.826.1"
    copies = [a_post("RT", kind="repost", repost_of=alert, minute=n) for n in range(9)]
    quotes = [a_post(f"look at this {n}", kind="quote", quote_of=alert, minute=n) for n in range(3)]
    save(store, incident, [*copies, *quotes])
    surfaced, (said,) = judged(store, incident)
    assert (surfaced, said.kind, said.rumour) == ([], Kind.ALERT, None)
    assert said.text == f"{WARNING}. Area: Northgate. Severity: severe."


@pytest.mark.parametrize("message", ["Update", "Cancel"])
def test_a_warning_that_was_replaced_or_cancelled_says_so(server, store, incident, message):
    first = an_alert("1", info=a_part(WARNING))
    references = "warnings@weather.example,1,2026-11-20T10:15:00+00:00"
    later = an_alert("2", message=message, references=references, info=a_part("Flood warning ended"))
    reads(server, store, incident, first, later)
    _, said = judged(store, incident)
    assert {WARNING in one.text: one.is_replaced for one in said} == {True: True, False: False}


def test_what_is_wrong_with_a_feed_is_shown_with_its_source(server, store, incident):
    worker = reads(
        server,
        store,
        incident,
        an_alert(info=a_part(WARNING)),
        b"<rss version='2.0'><channel><item><title>A & B</title></item></channel></rss>",
    )
    assert worker.state.notice.startswith("The feed is not well-formed XML (line 1: ")
