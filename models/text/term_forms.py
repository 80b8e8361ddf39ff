"""The forms in which a watch term may stand in a text, as an expression; and which characters are alike there.

Accents make no difference: people leave them out in a hurry, and keyboards abroad do not have them. In Latin and
Greek every mark goes; in Cyrillic only those of ё and of stress; in Arabic and Hebrew the vowel marks, and in Arabic
the forms of alef, ya and ta marbuta too, which are typed for one another. Elsewhere marks make another letter, and
stay.
"""

import re
import unicodedata
from itertools import product
from typing import NamedTuple

# -- characters --

# Thai, Lao, Tibetan, Burmese, Khmer, Japanese, Chinese; and Korean, whose particles follow a word without a space.
_RANGES = "\u0e00-\u0fff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u9fff\uac00-\ud7af"
UNSPACED = _RANGES + "\uf900-\ufaff\U00020000-\U0003ffff"
_IS_UNSPACED = re.compile(f"[{UNSPACED}]")
# A term in another script is bounded by what is no letter or figure, and by letters of scripts without spaces.
_BEGINS, _ENDS = rf"(?<![^\W{UNSPACED}])", rf"(?![^\W{UNSPACED}])"
# "https://example.org/#dam" holds no hashtag. Short words after an elision are other ones: "AI" is not in "j'ai".
_NO_FRAGMENT, _NO_ELISION = r"(?<!/)", r"(?<!\w')"
_LONGEST_AFTER_ELISION = 3
# What may stand between two words of a phrase.
_BETWEEN = r"[\s\-'\"#]"


def _alike_characters() -> dict[int, str | None]:
    """Code point → what stands for it, None for nothing."""
    alike: dict[int, str | None] = {}
    for first, last in ((0xC0, 0x24F), (0x1E00, 0x1EFF), (0x370, 0x3FF), (0x1F00, 0x1FFF)):
        for code in range(first, last + 1):
            parts = unicodedata.normalize("NFD", chr(code))
            if len(parts) > 1:
                alike[code] = "".join(part for part in parts if not unicodedata.combining(part))
    alike |= str.maketrans("łŁøØđĐħĦŧŦıёЁѐЀѝЍ", "lLoOdDhHtTiеЕеЕиИ") | str.maketrans({"æ": "ae", "Æ": "AE"})
    alike |= str.maketrans({"œ": "oe", "Œ": "OE"})
    # Arabic as several keyboards write it; its vowel marks and the stroke that only makes a word longer.
    alike |= str.maketrans("أإآٱىیېکةھہۀ", "اااايييكهههه")
    unwritten = [*range(0x610, 0x61B), *range(0x64B, 0x660), 0x640, 0x670, *range(0x591, 0x5BE), 0x5BF, 0x5C1, 0x5C2]
    # Marks that were not composed with their letter, and what takes no room or cannot be seen.
    unwritten += [*range(0x300, 0x370), 0xAD, 0x34F, 0x61C, 0x115F, 0x1160, 0x180B, 0x180C, 0x180D, 0x180E]
    unwritten += [*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), *range(0xFE00, 0xFE10)]
    unwritten += [0xFEFF, *range(0x1F3FB, 0x1F400), *range(0xE0000, 0xE0200)]
    alike |= dict.fromkeys(unwritten)
    alike |= str.maketrans(dict.fromkeys("‘’‚‛ʼʹʽʾʿ′‵׳", "'"))
    alike |= str.maketrans(dict.fromkeys("“”„‟«»‹›″״「」『』《》", '"'))
    alike |= str.maketrans(dict.fromkeys("‐‑‒–—―−⁃־", "-"))
    alike |= str.maketrans(dict.fromkeys("·・\u2800", " "))
    figures = (chr(code) for code in range(0x660, 0xABFA) if chr(code).isdecimal())
    return alike | {ord(figure): str(unicodedata.decimal(figure)) for figure in figures}


ALIKE = _alike_characters()

# -- words --

_PIECE = re.compile(r"&|[\s\-]+|[^\s\-&]+")
_ENGLISH = re.compile(r"(#?)([a-z]{2,})")
_NUMBERED = re.compile(r"#?[a-z]+[0-9]+")
# They end like a plural and are none: without their s they are other words.
_NO_PLURALS = frozenset("news lens series species thames wales james".split())
_LEAST_SINGULAR = 3
_PLURALS = {
    "knife": "knives",
    "wolf": "wolves",
    "thief": "thieves",
    "child": "children",
    "man": "men",
    "woman": "women",
}
_SINGULARS = {plural: singular for singular, plural in _PLURALS.items()}
# An abbreviation may end in a full stop: "St. Mary's", "Mill Rd.". Longer words that do end a sentence.
_LONGEST_ABBREVIATION = 2
_AND = frozenset({"&", "and"})
# "and so", "with", "for", "as", and the article, each written onto the word.
_ARABIC = re.compile(r"[\u0621-\u064a\u066e-\u06d3]+")
_ARABIC_ONTO, _ARABIC_ENDS, _ARTICLE = r"[وف]?(?:[بكل]?ال|لل|[بكل])?", "(?:ات|ين|ون)?", "ال"
_HEBREW = re.compile(r"[\u05d0-\u05ea]+")
_HEBREW_ONTO = "[ושהבכלמ]{0,3}"
_LEAST_ROOT = 3
# The same written out.
_ARABIC_ONTO_IN_FULL = [*map("".join, product(("", "و", "ف"), ("", "ال", "بال", "كال", "لال", "لل", "ب", "ك", "ل")))]
_HEBREW_ONTO_IN_FULL = ["".join(some) for length in range(4) for some in product("ושהבכלמ", repeat=length)]


def expression_of(bare: str) -> str:
    """The regular expression that finds a bare term in a searched text, in any of its forms.

    >>> found = re.compile(expression_of("burst dam")).search
    >>> [bool(found(text)) for text in ("the burst-dams", "#burstdam", "burst, dam", "burst damage")]
    [True, True, False, False]
    """
    pieces = _PIECE.findall(bare.removesuffix("*"))
    if all(map(_is_gap, pieces)):
        return re.escape(bare)
    words = [piece if at == 0 else piece.removeprefix("#") for at, piece in enumerate(pieces)]
    written = [_joined(words, at) for at in range(len(words))]
    if bare.endswith("*"):
        written[-1] = re.escape(words[-1]) + r"\w*"
    phrase = _bounded("".join(written), words[0], "" if bare.endswith("*") else words[-1])
    if len(words) == 1 or bare.startswith("#"):
        return phrase
    hashtag = "".join(one for one, word in zip(written, words, strict=True) if not _is_gap(word) and word not in _AND)
    return f"{phrase}|#{hashtag}{_ENDS}"


class TermWord(NamedTuple):
    """One word of a term in every form, with what is written onto it; a beginning ends in *.

    `gap` is what stands between it and the word before: " ", "-" where nothing need stand there, "&" for an "and".
    """

    forms: list[str]
    gap: str


def words_of(bare: str) -> list[TermWord]:
    """The words of a bare term, without the "and" between them.

    >>> [(word.gap, word.forms) for word in words_of("#dam burst-and evacuat*")]
    [('', ['#dam', '#dams']), (' ', ['burst', 'bursts']), ('&', ['evacuat*'])]
    """
    pieces, words, gap = _PIECE.findall(bare.removesuffix("*")), [], ""
    for at, piece in enumerate(pieces):
        if piece in _AND:
            gap = "&"
        elif _is_gap(piece):
            gap = gap or ("-" if "-" in piece else " ")
        else:
            word = piece if at == 0 else piece.removeprefix("#")
            begins = bare.endswith("*") and at == len(pieces) - 1
            words.append(TermWord([f"{word}*"] if begins else _written_forms(word), gap if words else ""))
            gap = ""
    return words


def _written_forms(word: str) -> list[str]:
    """The forms of one word, with whatever may be written onto it."""
    forms = _forms(word)
    if len(word) >= _LEAST_ROOT and _ARABIC.fullmatch(word):
        onto, ends = _ARABIC_ONTO_IN_FULL, ("", "ات", "ين", "ون")
        return list(dict.fromkeys(map("".join, product(onto, forms, ends))))
    if len(word) >= _LEAST_ROOT and _HEBREW.fullmatch(word):
        return list(dict.fromkeys(map("".join, product(_HEBREW_ONTO_IN_FULL, forms))))
    return forms


def fixed_part(bare: str) -> str:
    """The longest run of letters that stands in every form of a bare term; empty where none does.

    >>> fixed_part("northgate casualties"), fixed_part("st marys"), fixed_part("fire & rescue")
    ('northgate', 'mar', 'rescue')
    """
    pieces = _PIECE.findall(bare.removesuffix("*"))
    beginning = bare.endswith("*")
    fixed = [
        piece.removeprefix("#") if beginning and at == len(pieces) - 1 else _shared_beginning(_forms(piece))
        for at, piece in enumerate(pieces)
        if not _is_gap(piece) and piece not in _AND
    ]
    return max(fixed, key=len, default="").removeprefix("#")


def _forms(word: str) -> list[str]:
    """The forms of one word, without what is written onto it."""
    if _ARABIC.fullmatch(word):
        root = word.removeprefix(_ARTICLE) if len(word) >= _LEAST_ROOT + len(_ARTICLE) else word
        return [root, root[:-1] + "ات"] if root.endswith("ه") else [root]
    if "'" in word:
        return [word, word.replace("'", "")]
    bare = word.removesuffix(".") if _is_abbreviation(word) else word
    found = _ENGLISH.fullmatch(bare)
    if found is None:
        # "the A63's bridge", "two A320s".
        return [bare, f"{bare}s"] if _NUMBERED.fullmatch(bare) else [bare]
    return [found[1] + form for form in _numbers(found[2])]


def _shared_beginning(forms: list[str]) -> str:
    shortest = min(forms, key=len)
    differ = (at for at, letter in enumerate(shortest) if any(form[at] != letter for form in forms))
    return shortest[: next(differ, len(shortest))]


def _numbers(word: str) -> list[str]:
    """An English word in the singular and the plural, the word itself first."""
    forms = [word]
    if word in _PLURALS or word in _SINGULARS:
        return [*forms, _PLURALS.get(word) or _SINGULARS[word]]
    if word not in _NO_PLURALS and len(word) > _LEAST_SINGULAR and word.endswith("s"):
        if word.endswith("ies"):
            forms += [word[:-3] + "y", word[:-1]]
        elif word.endswith(("ches", "shes", "ses", "xes", "zes", "oes")):
            forms += [word[:-2], word[:-1]]
        elif not word.endswith(("ss", "us", "is")):
            forms.append(word[:-1])
    for singular in list(forms):
        forms.append(singular + "s")
        if singular.endswith(("s", "x", "z", "ch", "sh", "o")):
            forms.append(singular + "es")
        elif singular.endswith("y"):
            forms.append(singular[:-1] + "ies")
    return list(dict.fromkeys(forms))


def _joined(words: list[str], at: int) -> str:
    """The expression of one piece of a term: a word, or what stands between two."""
    word = words[at]
    if word in _AND:
        return "(?:and|&)" if at in (0, len(words) - 1) else rf"(?:{_BETWEEN}*&{_BETWEEN}*|{_BETWEEN}+and{_BETWEEN}+)"
    if not _is_gap(word):
        return _word_expression(word)
    before, after = words[at - 1] if at else "", words[at + 1] if at + 1 < len(words) else ""
    if (before in _AND and at > 1) or (after in _AND and at + 2 < len(words)):
        return ""
    if _is_abbreviation(before) and "-" not in word:
        return rf"(?:\.?{_BETWEEN}+|\.)"
    together = "-" in word or (_is_unspaced(before[-1:]) and _is_unspaced(after[:1]))
    return f"{_BETWEEN}*" if together else f"{_BETWEEN}+"


def _word_expression(word: str) -> str:
    forms = sorted(_forms(word), key=len, reverse=True)
    either = "|".join(map(re.escape, forms))
    either = either if len(forms) == 1 else f"(?:{either})"
    if _ARABIC.fullmatch(word) and len(word) >= _LEAST_ROOT:
        return f"{_ARABIC_ONTO}{either}{_ARABIC_ENDS}"
    if _HEBREW.fullmatch(word) and len(word) >= _LEAST_ROOT:
        return f"{_HEBREW_ONTO}{either}"
    return either


def _bounded(expression: str, first: str, last: str) -> str:
    """A whole word or phrase; in a script without spaces, wherever it stands. No `last`: it may go on."""
    begins = "" if _is_unspaced(first[:1]) else _BEGINS
    if first.startswith("#"):
        begins += _NO_FRAGMENT
    elif len(first) <= _LONGEST_AFTER_ELISION:
        begins += _NO_ELISION
    ends = "" if not last or _is_unspaced(last[-1:]) else _ENDS
    return begins + expression + ends


def _is_abbreviation(word: str) -> bool:
    letters = word.removesuffix(".")
    return len(letters) <= _LONGEST_ABBREVIATION and letters.isascii() and letters.isalpha()


def _is_gap(piece: str) -> bool:
    return not piece.strip("- \t\n")


def _is_unspaced(letter: str) -> bool:
    return _IS_UNSPACED.fullmatch(letter) is not None
