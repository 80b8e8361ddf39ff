"""What a log says of an error that nobody foresaw: which it is and where it arose, and never a word of a post."""

import threading

import pytest

from ingest.normal_form import NormalForm
from ingest.source import Batch, Upsert
from models.errors import without_its_text
from tests.ingest.test_worker import ListSource, a_worker, incident

__all__ = ["incident"]
SECRET = "@jo_smith: I am trapped on the roof"


def quotes(*given, **named):
    raise ValueError(f"cannot read {SECRET!r}")


def test_of_a_post_that_cannot_be_read(store, incident, monkeypatch, caplog):
    monkeypatch.setattr(NormalForm, "read", quotes)
    a_worker(ListSource(1), store, incident).run(threading.Event())
    assert "a post could not be read: ValueError at " in caplog.text
    assert "jo_smith" not in caplog.text
    (letter,) = store.sources.dead_letters("list", 10)
    assert letter.reason == "not readable (ValueError)"


class Breaks(ListSource):
    def batches(self, cursor):
        yield Batch([Upsert({"id": "a:1", "text": SECRET}, "1")], "1")
        quotes()


def test_of_a_source_that_breaks_down(store, incident, caplog):
    worker = a_worker(Breaks(), store, incident)
    worker.run(threading.Event())
    assert "source list stopped: ValueError at " in caplog.text
    assert "jo_smith" not in caplog.text + worker.state.fault


def test_a_chain_of_calls_is_told_from_where_it_broke():
    with pytest.raises(ValueError, match="cannot read") as raised:
        quotes()
    told = without_its_text(raised.value)
    assert told.count(__file__) == 2
    assert "jo_smith" not in told
