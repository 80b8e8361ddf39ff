"""The incident report: a page that checkers accept, that holds what is known, and that nothing in a post can harm."""

import re
import shutil
from collections.abc import Iterator
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest

from dashboard.publish.report import report_html
from dashboard.publish.selection import Selection
from dashboard.views.report import Section
from models.store.duckdb.store import DuckDBStore
from tests.builders import a_clock
from tests.dashboard.publish.conftest import ANALYST, LATER, a_hostile_incident
from tests.dashboard.publish.html_checker.checker import problems_of
from tests.dashboard.world import opened


def report(store: DuckDBStore, incident, *, sections=tuple(Section), as_of=LATER) -> str:
    return report_html(store, Selection(incident, as_of), sections, ANALYST, "debrief", LATER)


class Page(HTMLParser):
    """The elements and the words of a page."""

    def __init__(self, html: str):
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.words: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.attributes += attributes

    def handle_data(self, data):
        self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


@pytest.fixture(scope="module")
def page(store, incident) -> Page:
    return Page(report(store, incident))


def test_the_checker_of_the_w3c_finds_nothing_wrong(store, incident):
    assert problems_of(report(store, incident)) == []


def test_nor_in_the_report_of_an_incident_without_anything(store):
    assert problems_of(report(store, opened(store, name="Empty"))) == []


def test_nothing_that_a_post_or_an_officer_wrote_becomes_an_element(page):
    assert {"script", "svg", "i", "b"} & set(page.tags) == set()
    assert page.tags.count("title") == page.tags.count("style") == 1
    assert [name for name, _ in page.attributes if name.startswith("on")] == []
    assert [
        value for name, value in page.attributes if name in {"src", "href"} and not value.startswith(("#", "data:"))
    ] == []
    assert "{{ 7 * 7 }}" in page.text


def test_no_mark_in_it_turns_the_writing_round_and_no_handle_stands_in_it(page):
    assert not re.search("[\u202a-\u202e\u2066-\u2069]", page.text)
    assert "dam_watch" not in page.text


def test_it_says_who_made_it_when_as_known_when_and_why(page):
    for said in ("As known at 20 Nov 2026, 15:00", "A. <b>Nalyst</b> (analyst, asserted)", "debrief"):
        assert said in page.text, said


def test_each_rumour_has_its_clock_its_stances_and_a_picture_with_a_twin_in_words(page):
    assert page.tags.count("figure") == 2
    assert "Claim: The dam has burst, says" in page.text
    alts = [value for name, value in page.attributes if name == "alt"]
    assert "the claim: The dam has burst, says" in alts[0]
    assert "5 posts from" in alts[0]
    assert "First denial 20 Nov 2026, 12:06 6 min" in page.text
    assert "▼ deny 2 40%" in page.text


def test_corrections_decisions_and_gaps_stand_in_it(page):
    assert "=The dam <b>stands</b>" in page.text
    assert "1, issued" in page.text
    assert "took this" in page.text
    assert "asked</b> by @…" in page.text
    assert "feeds 20 Nov 2026, 12:00 20 Nov 2026, 12:04 503 <b>" in page.text


def test_the_record_names_how_many_decisions_there_are_and_the_last_link(store, incident, page):
    head = store.views.rows("decisions", incident=incident.id, rumour=None)[0]["link"]
    assert f"2 decisions in one hash chain. Last link: {head}." in page.text
    assert "the chain is whole" in page.text


@pytest.fixture
def own_store(empty_database: Path, tmp_path: Path) -> Iterator[DuckDBStore]:
    """For tests that change what is stored."""
    shutil.copytree(empty_database, tmp_path / "store")
    opened = DuckDBStore(tmp_path / "store", a_clock())
    yield opened
    opened.close()


def test_a_log_that_was_changed_is_reported(own_store):
    store, incident = own_store, a_hostile_incident(own_store)
    store.engine.connection.execute("update decisions set reason = 'another' where number = 1")
    assert "Decision 1 does not follow" in Page(report(store, incident)).text


def test_as_known_earlier_holds_nothing_that_came_later(store, incident):
    before = store.acts.decisions(incident.id)[-1].decided_at - timedelta(days=1)
    text = Page(report(store, incident, as_of=before)).text
    assert "No rumour was on the board." in text
    assert "No decision was logged, so there is no hash chain yet." in text


@pytest.mark.parametrize("left_out", list(Section))
def test_what_is_not_chosen_is_not_in_it(store, incident, left_out):
    html = report(store, incident, sections=[one for one in Section if one is not left_out])
    assert [one for one in Section if f'id="section-{one.value}"' in html] == [
        one for one in Section if one is not left_out
    ]
    assert 'id="section-record"' in html


def test_a_later_version_of_a_correction_stands_beside_the_first(own_store):
    store, incident = own_store, a_hostile_incident(own_store)
    row = store.engine.connection.sql("select * from corrections").to_arrow_table().to_pylist()[0]
    later = {**row, "version": 2, "wording": "The dam stands, and was inspected"}
    marks = ", ".join("?" * len(later))
    store.engine.connection.execute(f"insert into corrections values ({marks})", list(later.values()))
    text = Page(report(store, incident)).text
    assert "=The dam <b>stands</b>" in text
    assert "The dam stands, and was inspected" in text
    assert "2, issued" in text


def test_what_was_said_of_a_rumour_that_was_merged_away_stands_under_the_one_it_lives_on_in(own_store):
    store, incident = own_store, a_hostile_incident(own_store)
    store.acts.merge(incident.id, "dam", "evil", ANALYST, "one claim").result()
    assert "a rumour that is not on the board" not in Page(report(store, incident)).text


def test_what_is_not_known_is_never_zero(store, incident):
    text = Page(report(store, incident)).text
    assert "not reached" in text
