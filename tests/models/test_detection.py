"""The language of a text whose source states none: told where it is certain, left unknown where it is not."""

import gzip
import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as some

from models.text.detection import detected, language_name
from models.text.languages import languages_of
from tests.waiting import takes_a_moment


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The dam above Northgate has burst, get to high ground"),
        ("cy", "Mae'r argae uwchben y dref wedi torri, ewch i dir uchel"),
        ("cy", "RT @northgate: Peidiwch ag yfed y dŵr o'r tap heno https://example.org #Llifogydd"),
        ("pl", "Nie pijcie wody z kranu w Northgate, podobno jest skażona"),
        ("ro", "Este adevărat ce se spune despre baraj? Oamenii părăsesc orașul"),
        ("ur", "سنا ہے ڈیم میں دراڑ پڑ گئی ہے، دریا کے پاس رہنے والے فوراً نکل جائیں"),
        ("ar", "المشاغبون يتجهون نحو المستشفى، انتبهوا جميعا الليلة"),
        ("so", "Biyo xireenka wuu jabay, dadku ha ka qaxaan meelaha hoose"),
        ("zh", "大坝决堤了"),
        ("ja", "ダムが決壊した"),
        ("ja", "避難指示 東京都"),
        ("ko", "댐이 무너졌어요"),
        ("th", "เขื่อนแตกแล้ว"),
        ("he", "האם זה נכון? אני לא מאמין"),
        ("pa", "ਕੀ ਇਹ ਸੱਚ ਹੈ?"),
        ("uk", "Греблю прорвало, негайно тікайте вгору від річки"),
    ],
)
def test_the_language_of_a_sentence_is_told(language, text):
    assert detected(text).language == language


@pytest.mark.parametrize(
    "text",
    [
        *("flood lol", "omg", "is this real?", "WOW. FUCKIN WOW.", "SUCH BULLSHIT!!", "ya Allah", "no way"),
        *("Jo Smith", "Café du Monde", "Bristol Rovers 2-1", "Llanelli", "Hahahahahahaha hahaha"),
        *("", "🌊🌊🌊", "#BurstDam #NorthgateFlood", "@ann @ben", "https://example.org/the-dam-has-burst", "999"),
        # Few words that several languages share.
        *("De dam is doorgebroken", "Podul este închis", "هل هذا صحيح؟", "Греблю прорвало"),
        # Names of places, taken for a language that few write in.
        *("#temblor M 4.5 Kepulauan Babar, Indonesia: Magnitude M 4.5", "Solidaridad con Venezuela | MRREE Uruguay"),
    ],
)
def test_what_says_too_little_stays_unknown(text):
    assert detected(text) is None


def test_what_a_picture_shows_is_not_the_language_of_the_author():
    text = "Mae'r argae uwchben y dref wedi torri heno\n\n[picture described as: The water stands in the road]"
    assert detected(text).language == "cy"


@given(some.text() | some.binary(min_size=40).map(lambda raw: raw.decode("utf-16", "replace")))
@example("\ufdd0\U0001fffe a noncharacter")
@example("<b>" * 1_000 + "&amp;")
@example("ź" + "\u0301" * 100_000)
@example("a b " * 100_000)
def test_any_text_is_read_at_once_and_none_is_refused(text):
    found = takes_a_moment(lambda: detected(text))
    assert found is None or (languages_of(found.language) and 0.8 <= found.share <= 1)


def test_english_posts_are_taken_for_nothing_else(shared_data):
    """Six of RumourEval's that are labelled as English are French, Italian or Polish."""
    posts = set()
    for part in ("train", "dev"):
        with gzip.open(shared_data / f"rumoureval2019_{part}.jsonl.gz", "rt") as lines:
            posts |= {json.loads(line)["text"] for line in lines}
    told = [found.language for text in posts if (found := detected(text))]
    others = sorted(language for language in told if language != "en")
    assert len(told) / len(posts) > 0.8
    assert others == ["fr", "fr", "fr", "fr", "it", "pl"]


@pytest.mark.parametrize(
    ("language", "name"), [("cy", "Welsh"), ("ur", "Urdu"), ("gd", "Scots Gaelic"), ("no", "Norwegian"), ("xx", "xx")]
)
def test_a_language_is_called_as_english_calls_it(language, name):
    assert language_name(language) == name
