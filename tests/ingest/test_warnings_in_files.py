"""Warnings and feeds in files: read as the source of the same kind reads them."""

import gzip
import zipfile

import pytest

from ingest.source import Unreadable, Upsert
from ingest.sources import cap
from ingest.sources.archive import Archive
from tests.ingest.archives import items_of
from tests.ingest.published_files import ATOM, FILES, V12, read_of, written


@pytest.mark.parametrize("name", FILES)
def test_an_officer_reads_of_a_file_in_a_published_form(tmp_path, name):
    read = "\n".join(read_of(written(tmp_path)[name]))
    for words in FILES[name][1]:
        assert words in read
    assert ("not kept" in read) == any("not kept" in words for words in FILES[name][1])


def test_a_file_and_a_source_make_the_same_record_of_a_warning(tmp_path):
    path = written(tmp_path)["environment_agency.cap"]
    (item,) = items_of(Archive([path]))
    (record,) = cap.records_of(path.read_bytes(), "https://flood.example/warning")
    del record["url"]
    assert item == Upsert(record, "0:1")


def test_warnings_are_read_packed_and_beside_posts(tmp_path):
    content = FILES["nws.cap"][0]
    (tmp_path / "one.cap.gz").write_bytes(gzip.compress(content.encode()))
    with zipfile.ZipFile(tmp_path / "some.zip", "w") as packed:
        packed.writestr("a/ONE.CAP", content)
        packed.writestr("posts.jsonl", '{"id": "1", "text": "the dam has burst"}\n')
    items = items_of(Archive([tmp_path / "one.cap.gz", tmp_path / "some.zip"]))
    assert [item.record.get("kind") for item in items] == ["alert", "alert", None]
    assert items[0].record == items[1].record


def test_the_same_feed_under_another_name_holds_the_same_posts(tmp_path):
    content = FILES["nws_active.atom"][0].replace('<link rel="self"', '<link rel="other"')
    for name in ("a.atom", "b.xml"):
        (tmp_path / name).write_text(content, encoding="utf-8")
    one, other = (items_of(Archive([tmp_path / name])) for name in ("a.atom", "b.xml"))
    assert one == other


def test_a_feed_that_says_where_it_is_published_has_the_ids_that_it_has_as_a_source(tmp_path):
    (item,) = items_of(Archive([written(tmp_path)["nws_active.atom"]]))
    assert item.record["id"].startswith("feed:api.weather.example:")


def test_a_feed_that_is_not_well_formed_is_read_as_far_as_it_goes_and_linked_warnings_are_told(tmp_path):
    link = "<link type='application/cap+xml' href='https://a.example/w'/>"
    entry = f"<entry><id>e1</id><title>Marks & Spencer flooded</title>{link}</entry>"
    (tmp_path / "x.atom").write_text(f"<feed xmlns='{ATOM}' xmlns:cap='{V12}'><title>t</title>{entry}</feed>")
    archive = Archive([tmp_path / "x.atom"])
    assert [item.record["text"] for item in items_of(archive)] == ["Marks & Spencer flooded"]
    first, second = archive.told
    assert "not well-formed XML" in first
    assert second.endswith("linked warning is not in the file, so that their own words are read: 1")


def test_a_document_that_would_take_too_long_to_read_is_not_read(tmp_path):
    (tmp_path / "bomb.xml").write_text(
        '<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;&b;&b;">]><alert><identifier>&c;</identifier></alert>'
    )
    (item,) = items_of(Archive([tmp_path / "bomb.xml"]))
    assert isinstance(item, Unreadable)
    assert item.reason == "no warning and no feed: declares a document type or entities, so it is not read"
