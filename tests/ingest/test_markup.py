"""Strangers' HTML becomes the words a reader sees, and none of it holds us up or fills the memory."""

import subprocess
import sys
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.markup import plain_text


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("One<p>Two<p>Three", "One\n\nTwo\n\nThree"),
        ("<ul><li>One</li><li>Two</li></ul><h2>Three</h2>", "One\nTwo\nThree"),
        ("<div>One\n  line</div><div>and<br>two</div>", "One line\nand\ntwo"),
        ("<B>Bold</B><A\nHREF='x'>link</A><i/>slanted", "Boldlinkslanted"),
        ("<html><head><title>no</title></head><body>yes</body></html>", "yes"),
        ("<!DOCTYPE html><p>One <svg><text>no</text></svg>two", "One two"),
    ],
)
def test_blocks_and_breaks_make_lines_and_the_unseen_is_left_out(markup, text):
    assert plain_text(markup) == text


@pytest.mark.parametrize("text", ["River <2 m and <Northgate", "I </3 floods", "5 < 6 & 7 > 3"])
def test_a_sign_that_opens_no_tag_is_text(text):
    assert plain_text(text) == text


def test_what_is_marked_by_a_class_is_left_out_with_all_that_is_in_it():
    markup = "<p class='a quote-inline'>RE: <a>link</a></p><p>Own <b class='quote-inlined'>words</b></p>"
    assert plain_text(markup, without_class="quote-inline") == "Own words"


def test_broken_characters_leave_the_words():
    assert plain_text("<p>One\x00 \ud800two") == "One ?two"


@settings(max_examples=60)
@given(st.text() | st.text("<>/!-&;#ab='\" \n", max_size=200))
def test_no_markup_can_break_the_reader(markup):
    assert isinstance(plain_text(markup), str)


@pytest.mark.parametrize(
    "piece",
    [
        "<",
        "<a b ",
        '<a b="',
        "<!--",
        "</a ",
        "&#",
        "<script>",
        "<div>",
        "<ul>",
        "<b>",
        "<a>",
        "<a><div>",
        "<nobr>",
        '<a b=">',
        "\x00",
        "<svg><g>",
    ],
)
def test_no_markup_can_hold_the_reader_up(piece):
    begun = time.process_time()
    plain_text(piece * 100_000)
    assert time.process_time() - begun < 5


FORMATTING = ["b", "big", "code", "em", "font", "I", "s", "small", "strike", "strong", "tt", "u"]


@pytest.mark.parametrize("tag", FORMATTING)
def test_formatting_that_every_paragraph_would_repeat_fills_no_memory(tag):
    """A thousand open elements in each of a thousand paragraphs are a million nodes to a browser: 300 MB."""
    program = f"""
import resource
from ingest.markup import plain_text
markup = "<p>" + "".join(f"<{tag} n={{n}}>" for n in range(1_000)) + "<p>x" * 1_000
before_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
plain_text(markup)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before_kb)
"""
    grown_kb = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert int(grown_kb) < 50_000
