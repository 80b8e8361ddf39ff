"""Watch terms meet texts as people type them, and only those."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from models.text.languages import is_wanted, languages_of
from models.text.terms import WatchTerms, bare_term, searched
from tests.waiting import takes_a_moment


def is_found(term: str, text: str) -> bool:
    return WatchTerms([term]).found_in(searched(text)) == [term]


@pytest.mark.parametrize(
    ("term", "text"),
    [
        # Unicode: forms, capitals, marks, what cannot be seen.
        ("flood", "ＦＬＯＯＤ in 𝗡𝗼𝗿𝘁𝗵𝗴𝗮𝘁𝗲"),
        ("flood", "fl\u200bo\u00ado\ufeffd"),
        ("Ferry Road", "Ferry\u00a0Road"),
        ("Ferry Road", "Ferry\u2009Road"),
        ("São Paulo", "in SAO PAULO"),
        ("Lodz", "powódź w Łodzi i Łódź"),
        ("Łódź", "L\u0301o\u0301dz"),
        ("İzmir", "izmir'de deprem"),
        ("14", "the M١٤ and A۱۴, no: ۱۴"),
        # Apostrophes and quotation marks.
        ("St Mary's", "St Mary’s"),
        ("St Mary’s", "St Marys"),
        ("St Mary's", "St Mary`s"),
        ("St Mary's", "St. Mary´s"),
        ("St. Mary's", "#StMarys"),
        ("O'Brien", "OBrien Street"),
        ("inondation", "l’inondation"),
        ("Hawaii", "Hawai‘i"),
        ("“London Zoo”", "at London Zoo"),
        ("Bridge Street", "the “Bridge” Street"),
        # Hyphens, dashes, ampersands, full stops.
        ("flood", "flash-flood"),
        ("flash flood", "flash\u2011flood"),
        ("flash-flood", "flash flood"),
        ("flash-flood", "flashflood"),
        ("e-scooter", "an escooter on fire"),
        ("Co-op", "the coop on Mill Lane"),
        ("firefighter", "two fire-fighters"),
        ("Fire & Rescue", "fire and rescue"),
        ("A&E", "A &amp; E is shut"),
        ("fire and rescue", "Fire &amp;amp; Rescue"),
        ("A63", "the A63's bridge"),
        ("UK", "all of the U.K. is"),
        # Singular and plural, possessive.
        ("flood", "floods"),
        ("floods", "a flood"),
        ("casualty", "40 casualties"),
        ("crashes", "a crash"),
        ("bus", "buses"),
        ("knife", "knives"),
        ("Northgate", "Northgate's bridge"),
        ("PC", "two PCs"),
        # Hashtags.
        ("burst dam", "#burstdam"),
        ("burst dam", "#BurstDam"),
        ("burst dam", "#burst_dam"),
        ("burst dam", "＃BurstDams"),
        ("dam", "#BurstDam"),
        ("flood", "#Flood2026"),
        ("flood", "#BBCFlood"),
        ("#BurstDam", "#burst_dam"),
        ("наводнение", "#НаводнениеМосква"),
        # Scripts without spaces between words.
        ("洪水", "昨夜から洪水警報が"),
        ("洪水 警報", "洪水警報"),
        ("น้ำท่วม", "เกิดน้ำท่วมใหญ่"),
        ("홍수", "홍수가 났다"),
        ("カメラ", "ｶﾒﾗ"),
        ("flood", "今日flood発生"),
        # Arabic and Hebrew: what is written onto the word; vowel marks; letters that are typed for one another.
        ("فيضان", "الفيضان"),
        ("فيضان", "وبالفَيَضان"),
        ("فيضان", "للفيضان"),
        ("الفيضان", "فيضانات"),
        ("مدرسة", "المدرسه"),
        ("أمطار", "امطار"),
        ("שיטפון", "והשיטפון"),
        # Persian: the sign between the parts of a word, which people leave out or type as a space.
        ("سیل", "سیل\u200cزده\u200cها"),
        ("می\u200cرود", "می رود"),
        ("می\u200cرود", "میرود"),
        ("میرود", "می\u200cرود"),
    ],
)
def test_a_term_meets_what_people_type(term, text):
    assert is_found(term, text)


@pytest.mark.parametrize(
    ("term", "text"),
    [
        ("flood", "blood"),
        ("flood", "floodlit"),
        ("flood", "#northgateflood"),
        ("#flood", "the flood"),
        ("burst dam", "burst. The dam holds"),
        ("burst dam", "burst, dam"),
        ("dam burst", "the dam. Burst pipes"),
        ("burst dam", "#burst and the #dam"),
        ("burst dam", "burstdam"),
        ("safe", "it saves"),
        ("news", "new"),
        ("class", "clas"),
        ("zoo", "zookeepers"),
        ("dam", "Amsterdam"),
        ("и", "й"),
        ("か", "が"),
        ("rescue and fire", "rescue a fire"),
        ("بيت", "بيتزا"),
        ("one firefighters", "fire-fighters three-one"),
        ("--", "a b"),
    ],
)
def test_a_term_does_not_meet_other_words(term, text):
    assert not is_found(term, text)


def test_the_terms_of_a_text_are_named_in_order_as_they_were_written():
    terms = WatchTerms(["Zoo", "tiger", "London Zoo", "lion"])
    assert terms.found_in(searched("tigers! At London Zoo, the zoo")) == ["tiger", "London Zoo", "Zoo"]


@pytest.mark.parametrize(
    ("term", "text", "found"),
    [
        # What people reported of the word filters of social platforms and their readers.
        ("expedition", "Clair Obscur: Expédition 33", True),
        ("blueskys", "Bluesky's new app", True),
        ("superbad", "the super-bad one", True),
        ("idkwhatthiswouldbe", "idk_what_this_would_be", True),
        ("Andor", "and/or", False),
        ("republican", "the republicans", True),
        ("Tim", "Tim's", True),
        ("AI", "Ah, cette douleur que j’ai, je n'ai rien fait de mal", False),
        ("カード", "トリプルトライアドのカード対戦", True),
        ("カード対戦エリアに入った！", "カード対戦エリアに入った!", True),
        ("#example", "see https://example.org/#example test", False),
        ("#meh", "so #meh, that", True),
        ("@twitter.com", "jo@twitter.com", False),
        ("ape", "newspaper, aperçu", False),
        ("word", "Word, WORD", True),
    ],
)
def test_what_people_reported_of_other_filters(term, text, found):
    assert is_found(term, text) is found


ANY_TEXT = st.text(st.characters(codec="utf-8"), max_size=60)


@given(ANY_TEXT)
def test_what_was_brought_to_one_form_is_in_that_form(text):
    once = searched(text)
    assert bare_term(once) == bare_term(bare_term(once))


@given(st.lists(st.sampled_from(["flood", "St Mary's", "burst dam", "洪水", "فيضان", "Zoo"])), ANY_TEXT, ANY_TEXT)
def test_a_term_is_found_wherever_it_stands_alone(terms, before, after):
    for term in terms:
        assert is_found(term, f"{before.replace('#', '')}\n\n{term}\n\n{after}")


@given(st.text(alphabet=".*+?()[]{}|^$\\-dwSab1 ", min_size=1, max_size=12))
@example("(a+)+$")
@example("a{99999999}")
@example("[")
def test_the_signs_of_patterns_are_none_in_a_term(term):
    assert WatchTerms([term]).found_in(searched("ooo 22 yyy zzz")) == []


@pytest.mark.parametrize(
    "text",
    [
        "a" + "\u0316\u0301" * 200_000,
        "#" * 300_000,
        "#a_" * 100_000,
        "-'" * 200_000,
        "a-" * 200_000,
        "a." * 200_000,
        "burst " * 100_000,
        "burst\n" + " " * 300_000,
        "&amp;" * 100_000,
    ],
)
def test_a_hostile_text_is_searched_within_a_moment(text):
    terms = WatchTerms(["burst dam", "fire & rescue", "#a", "flash-flood", "St Mary's"])
    takes_a_moment(lambda: terms.found_in(searched(text)))


@pytest.mark.parametrize(
    ("stated", "languages"),
    [
        ("en", {"en"}),
        ("en_US", {"en"}),
        ("EN-gb", {"en"}),
        ("eng", {"en"}),
        ("en-Latn-GB-oxendict", {"en"}),
        ("wel", {"cy"}),
        ("iw", {"he"}),
        ("nb-NO", {"no"}),
        ("zh-Hant-TW", {"zh"}),
        ("cmn", {"zh"}),
        ("en,fr", {"en", "fr"}),
        *((none, set()) for none in ("", "und", "mis", "mul", "zxx", "qht", "qme", "art", "xx", "x-lol", "English")),
        ("e" * 100_000, set()),
        (None, set()),
    ],
)
def test_a_language_is_read_in_any_form_of_its_tag(stated, languages):
    assert languages_of(stated) == languages


def test_only_another_language_excludes():
    assert not is_wanted("cy", ("en",))
    assert is_wanted("cy,en", ("en",))
    assert is_wanted("nn", ("no",))
    assert is_wanted("arz", ("ar",))
    assert all(is_wanted(none, ("en",)) for none in (None, "", "und", "qht", "mis", "zxx", "English"))
    assert is_wanted("cy", ())


@given(st.one_of(st.none(), ANY_TEXT))
def test_no_tag_breaks_the_reading_of_languages(stated):
    assert is_wanted(stated, ("en",)) in (True, False)
