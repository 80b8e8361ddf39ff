"""The report as PDF/UA-1, as far as a library can tell: tagged, titled, in English, pictures with words."""

import io
import sys
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest
from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject

from dashboard.publish import pdf
from dashboard.publish.pdf import pdf_of, require_pdf
from dashboard.publish.report import report_html
from dashboard.publish.selection import Selection
from dashboard.views.report import Section
from models.errors import Refused
from tests.dashboard.publish.conftest import ANALYST, LATER
from tests.dashboard.publish.pdf_checker import problems_of


@pytest.fixture(scope="module")
def made(store, incident) -> bytes:
    require_pdf()
    return pdf_of(report_html(store, Selection(incident, LATER), list(Section), ANALYST, "debrief", LATER))


@pytest.fixture(scope="module")
def read(made) -> PdfReader:
    return PdfReader(io.BytesIO(made))


def elements(node: Any) -> Iterator[DictionaryObject]:
    """Every element of the tree of tags."""
    node = node.get_object()
    if isinstance(node, ArrayObject):
        for one in node:
            yield from elements(one)
    elif isinstance(node, DictionaryObject):
        if "/S" in node:
            yield node
        if "/K" in node:
            yield from elements(node["/K"])


def test_the_checker_of_pdf_ua_finds_nothing_wrong(made, tmp_path):
    file = tmp_path / "report.pdf"
    file.write_bytes(made)
    assert problems_of(file) == []


def test_the_checker_sees_what_is_wrong(tmp_path):
    from weasyprint import HTML

    require_pdf()
    file = tmp_path / "plain.pdf"
    HTML(string="<p>words</p>").write_pdf(file)
    assert any("MarkInfo" in problem for problem in problems_of(file))


def test_each_page_says_what_it_is_a_page_of(read):
    assert all("Incident report: EXERCISE" in page.extract_text() for page in read.pages)


def test_letters_that_no_font_has_are_named():
    require_pdf()
    # Plane 16 is for private use: no font of a system has it.
    read = PdfReader(io.BytesIO(pdf_of("<html lang=en><title>t</title><p>A\U0010f123 tiger")))
    assert "A[U+10F123] tiger" in read.pages[0].extract_text()


def test_it_is_tagged_titled_in_english_and_says_that_it_is_pdf_ua_1(read):
    root = read.trailer["/Root"]
    assert (root["/Lang"], root["/MarkInfo"]["/Marked"]) == ("en-GB", True)
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert read.metadata.title.startswith("Incident report: EXERCISE")
    assert b'pdfuaid:part="1"' in root["/Metadata"].get_data()


def test_its_tree_has_one_first_heading_tables_with_heads_and_pictures_with_words(read):
    tree = list(elements(read.trailer["/Root"]["/StructTreeRoot"]))
    kinds = [one["/S"] for one in tree]
    assert kinds.count("/H1") == 1
    assert kinds.count("/Table") == kinds.count("/THead") > 5
    figures = [one for one in tree if one["/S"] == "/Figure"]
    assert len(figures) == 2
    assert all(str(one["/Alt"]).startswith("Chart of posts by stance") for one in figures)
    levels = [int(kind[2:]) for kind in kinds if kind[:2] == "/H" and kind[2:].isdigit()]
    assert all(later <= before + 1 for before, later in pairwise(levels))


def test_every_page_can_be_read_in_the_order_of_its_tags(read):
    assert all(page["/Tabs"] == "/S" and "/StructParents" in page for page in read.pages)


def test_its_fonts_are_inside(read):
    for page in read.pages:
        for font in page["/Resources"]["/Font"].values():
            descendant = font.get_object()["/DescendantFonts"][0].get_object()
            assert {"/FontFile2", "/FontFile3"} & descendant["/FontDescriptor"].keys()


def test_nothing_is_fetched_for_it(tmp_path):
    require_pdf()
    secret = tmp_path / "secret.css"
    secret.write_text("body::before { content: 'FETCHED' }")
    html = f'<html lang="en"><title>t</title><link rel="stylesheet" href="file://{secret}"><p>words</p></html>'
    assert "FETCHED" not in "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf_of(html))).pages)


def test_where_it_cannot_be_made_one_line_says_what_to_install(monkeypatch):
    pdf._can_be_made.cache_clear()
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    with pytest.raises(Refused, match=r"grapevine\[pdf\].*libpango"):
        require_pdf()
    pdf._can_be_made.cache_clear()
