"""Whether a text states anything, and whether the encoder can read it."""

import numpy as np
import pytest

from models.text.letters import DIMENSIONS, is_read_by_encoder, vector_of_letters
from models.text.silent import is_wordless, links_in, states_nothing


@pytest.mark.parametrize(
    "text",
    [
        *("", "https://t.co/x", "😳😳 @jo", "RT @jo: http://t.co/y", "#flood #aldersey"),
        *("t.co/abc", "bit.ly/3xY", "https:// t.co/abc", "https://t.co/x htt…", "https://t.co/x https:/..."),
    ],
)
def test_links_handles_hashtags_and_emoji_are_no_words(text):
    assert is_wordless(text)
    assert states_nothing(text)


@pytest.mark.parametrize(
    "text",
    [
        "omg",
        "look at this!! https://t.co/x",
        "is this real?",
        "so sad",
        "any source?",
        "https://youtu.be/x via @YouTube",
        "RE: https://x.com/a",
        "QT t.co/y",
    ],
)
def test_a_reaction_or_a_bare_question_states_nothing(text):
    assert not is_wordless(text)
    assert states_nothing(text)


@pytest.mark.parametrize("text", ["Fire!", "This is fake", "大坝决堤了", "the dam", "He's dead", "يا الله خير"])
def test_a_few_words_state_something(text):
    assert not states_nothing(text)


def test_links_are_compared_without_what_differs_from_share_to_share():
    assert links_in("https://www.Example.org/a/?utm_source=x") == links_in("see http://example.org/a.")
    assert links_in("http://t.co/aB") != links_in("http://t.co/Ab")


@pytest.mark.parametrize(
    "text",
    [
        "大坝决堤了，快往高处走",
        "Плотину прорвало, уходите",
        "یہ پل ٹوٹ گیا ہے",
        "Zapora nad Northgate pękła, uciekajcie wyżej",
        "Mae'r argae uwchben Northgate wedi byrstio",
    ],
)
def test_what_is_not_english_is_not_read_by_the_encoder(text):
    assert not is_read_by_encoder(text)


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("The dam above Northgate has burst", None),
        ("omg pray for Ottawa", "fr"),
        ("Asda Aldersey fire", None),
        ("#JeSuisCharlie", "fr"),
        ("https://t.co/x", "und"),
        ("dam's gone lads, proper gone, leg it", "en"),
    ],
)
def test_short_and_careless_english_is_read(text, lang):
    assert is_read_by_encoder(text, lang)


def cosine(one: str, other: str) -> float:
    return float(vector_of_letters(one).astype(float) @ vector_of_letters(other).astype(float))


@pytest.mark.parametrize(
    ("claim", "alike", "other"),
    [
        ("Zapora nad Northgate pękła", "pekla zapora nad Northgate!!", "W Northgate brakuje wody w butelkach"),
        ("大坝决堤了，快往高处走", "听说大坝已经决堤了", "动物园的狼跑出来了"),
        ("Mae'r argae wedi byrstio", "argae wedi byrstio, pawb i fyny'r bryn", "Mae'r ysgol ar gau heddiw"),
    ],
)
def test_letters_tell_the_claims_of_one_language_apart(claim, alike, other):
    assert cosine(claim, alike) > 0.35
    assert cosine(claim, alike) > cosine(claim, other) + 0.15


def test_letters_make_a_unit_vector_like_the_encoders():
    vector = vector_of_letters("Zapora pękła")
    assert vector.shape == (DIMENSIONS,)
    assert vector.dtype == np.float16
    assert np.linalg.norm(vector.astype(float)) == pytest.approx(1, abs=1e-3)
    assert not vector_of_letters("https://t.co/x").any()
