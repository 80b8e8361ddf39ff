"""What a text is made of: characters, marks, words, cues. What trained parts read stays what they learnt on."""

import doctest
import unicodedata
from hashlib import sha256
from importlib import import_module

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.evaluation.cues import WEIGHED_CUES
from models.text import cues, harmless, marks, one_line, storable, unseen_as_spaces, words
from models.text.terms import bare_term
from models.text.words import STOP_WORDS, wording_of

ANY_TEXT = st.text(st.characters(), max_size=200)


def digest(lines) -> str:
    return sha256("\n".join(lines).encode()).hexdigest()[:16]


@pytest.mark.parametrize("module", ["models.text", "models.text.words", "models.judgement.embed"])
def test_the_examples_in_docstrings_hold(module):
    outcome = doctest.testmod(import_module(module))
    assert outcome.attempted > 0
    assert outcome.failed == 0


def test_the_stop_list_is_the_one_that_copies_are_told_by():
    assert len(STOP_WORDS) == 266
    assert digest(sorted(STOP_WORDS)) == "f61601b2aed29183"


def test_no_number_and_no_negation_is_a_small_word():
    assert not STOP_WORDS & words.NEGATIONS
    assert not STOP_WORDS & words.NUMBER_WORDS


# What a part was trained with is in its weights: other patterns would give it numbers that it never learnt from.
READ_BY = {
    "stance cues": [f"{name} {cue.pattern}" for name, cue in cues.STANCE_CUES.items()],
    "stance marks": [marks.STANCE_LINK.pattern, marks.STANCE_HANDLE.pattern, marks.STANCE_HANDLES.pattern],
    "stance words": [words.STANCE_WORD.pattern, *sorted(words.STANCE_SMALL_WORDS)],
    "likelihood": [
        marks.LINK_OR_HANDLE.pattern,
        *(f"{name} {cue.pattern}" for name, cue in cues.LIKELIHOOD_CUES.items()),
    ],
    "encoder": [
        one.pattern for one in (marks.ENCODER_LINK, marks.ENCODER_REPOST, marks.ENCODER_LEAD_IN, marks.HANDLE)
    ],
    "baseline of stance": [f"{stance} {weight} {cue.pattern}" for stance, weight, cue in WEIGHED_CUES],
}


@pytest.mark.parametrize(
    ("part", "known"),
    [
        ("stance cues", "84c4d6ff623bb631"),
        ("stance marks", "c93727707ea1a29d"),
        ("stance words", "fac2d5f69589e644"),
        ("likelihood", "6e20aecd468ef831"),
        ("encoder", "2b2d891cb55f1c84"),
        ("baseline of stance", "ee6899441488fbe3"),
    ],
)
def test_a_part_reads_by_the_patterns_it_was_trained_with(part, known):
    assert digest(READ_BY[part]) == known, f"{part}: train the part anew, then write its new digest here"


@pytest.mark.parametrize(
    ("pattern", "removed_from", "left"),
    [
        (marks.LINK_OR_HANDLE, "HTTP://x.org pic.twitter.com/a jo@work", "HTTP://x.org pic.twitter.com/a jo"),
        (marks.ENCODER_LINK, "saypic.twitter.com/a HTTP://x.org", "say HTTP://x.org"),
        (marks.STANCE_LINK, "saypic.twitter.com/a HTTP://x.org", "saypic.twitter.com/a "),
        (marks.TITLE_LINK, "go to http:// now", "go to  now"),
        (marks.HANDLE, "@jo wrote to al@work", " wrote to al@work"),
        (marks.STANCE_HANDLE, "@jo wrote to al@work", " wrote to al"),
        (marks.REPOST, "rt @jo: MT @al it burst", "it burst"),
        (marks.ENCODER_REPOST, "RT @jo: MT @al it burst", "MT @al it burst"),
        (marks.ENCODER_REPOST, "rt @jo: it burst", "rt @jo: it burst"),
        (marks.TITLE_REPOST, "via @jo “@al: it burst", "it burst"),
    ],
)
def test_where_readers_differ_in_what_a_mark_is(pattern, removed_from, left):
    assert pattern.sub("", removed_from) == left


@pytest.mark.parametrize(
    ("hashtag", "in_words"), [("MikeBrown", "Mike Brown"), ("BBCNews", "BBC News"), ("flood", "flood")]
)
def test_a_hashtag_is_split_where_a_new_word_begins(hashtag, in_words):
    assert marks.WORD_IN_HASHTAG.sub(" ", hashtag) == in_words


def test_terms_that_look_alike_are_alike():
    assert bare_term("Fl\u200bood") == bare_term("‘ＦＬＯＯＤ’") == "flood"


@given(ANY_TEXT)
def test_what_is_storable_can_be_encoded_and_has_no_nul(text):
    kept = storable(text)
    assert "\x00" not in kept.encode("utf-8").decode("utf-8")
    assert storable(kept) == kept


@given(ANY_TEXT)
def test_what_is_harmless_neither_controls_a_screen_nor_turns_its_writing(text):
    shown = harmless(text)
    assert all(unicodedata.category(one) not in {"Cc", "Cs", "Co", "Cn"} or one.isspace() for one in shown)
    assert not set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c") & set(shown)
    assert harmless(shown) == shown


@given(ANY_TEXT)
def test_one_line_has_single_spaces_between_its_words_only(text):
    line = one_line(text)
    assert line.split(" ") == (text.split() or [""])


@given(ANY_TEXT)
def test_nothing_unseen_but_spaces_is_left(text):
    assert len(unseen_as_spaces(text)) == len(text)
    assert all(unicodedata.category(one)[0] not in "CZ" for one in unseen_as_spaces(text) if one != " ")


@given(ANY_TEXT)
def test_the_words_of_a_text_are_lower_case_and_hold_no_handle(text):
    assert all(word == word.lower() and "@" not in word for word in wording_of(text).words)
