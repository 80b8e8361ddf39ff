"""What a post holds beside its words stands in its text, told as what it is, and is found there."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.text import plain
from models.text.parts import MOST_PARTS, PartKind, all_words, author_words, with_parts
from models.text.silent import states_nothing
from models.text.terms import WatchTerms, searched

KINDS = st.sampled_from(list(PartKind))


def is_found(term, text):
    return bool(WatchTerms([term]).found_in(searched(text)))


@pytest.mark.parametrize("kind", list(PartKind))
def test_terms_are_looked_for_in_every_part_and_never_in_its_label(kind):
    text = with_parts("look", [(kind, "The dam has burst")])
    assert is_found("burst", text)
    assert not any(is_found(word, text) for word in ("picture", "poll", "quotes", "content warning", "hashtags"))


def test_a_phrase_does_not_go_from_the_words_into_a_part():
    assert not is_found("burst dam", with_parts("has it burst", [(PartKind.PICTURE, "dam wall")]))


def test_the_judgement_reads_the_authors_words_and_the_warning():
    text = with_parts("The dam has burst, run now", [(PartKind.PICTURE, "a grey wall"), (PartKind.WARNING, "flood")])
    assert plain(text) == "flood\n\nThe dam has burst, run now"


def test_where_the_words_say_nothing_it_reads_what_the_picture_shows():
    assert states_nothing("omg look at this")
    assert not states_nothing(with_parts("omg look at this", [(PartKind.PICTURE, "The dam above Northgate bursts")]))
    assert not states_nothing(with_parts("", [(PartKind.LINK, "Dam bursts above Northgate")]))


def test_a_part_cannot_end_itself_or_begin_another():
    text = with_parts("x", [(PartKind.PICTURE, "a]\n\n[poll: yes")])
    assert text == "x\n\n[picture described as: a] [poll: yes]"


def test_there_are_so_many_parts_at_most():
    assert with_parts("", [(PartKind.PICTURE, "a")] * 500).count("[") == MOST_PARTS


@given(st.text(max_size=80), st.lists(st.tuples(KINDS, st.text(max_size=40)), max_size=4))
def test_any_text_and_any_parts_can_be_read(text, parts):
    told = with_parts(text, parts)
    assert isinstance(author_words(told), str)
    assert isinstance(searched(told), str)
    assert not any(label in all_words(told) for label in ("[quotes: a]", "[poll: a]"))


@given(st.text(max_size=80).filter(lambda text: "[" not in text))
def test_a_text_without_parts_stays_as_it_is(text):
    assert author_words(text) == all_words(text) == text
