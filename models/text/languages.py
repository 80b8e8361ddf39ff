"""What a language tag says, in whatever form it comes: BCP 47 as platforms, exports and people write it.

A tag that names no language ("und", "zxx", X's "qht" for a text of hashtags, "English", a slip) says nothing, so
nothing may be left out because of it.
"""

import re
from functools import lru_cache

from langcodes import Language, LanguageTagError, tag_distance

# What a tag can say beside a language: undetermined, uncoded, several, no language, artificial.
_NO_LANGUAGE = frozenset({"und", "mis", "mul", "zxx", "art"})
# ISO 639-2 leaves these to whoever uses them; X marks texts of hashtags, links and emoji by them.
_PRIVATE = re.compile(r"q[a-t][a-z]|x-.*")
# Written and understood as the other, and told apart by CLDR's distances.
_READ_AS = {"nb": "no", "nn": "no", "yue": "zh", "sco": "en"}
# CLDR's distance of languages whose speakers understand one another: Egyptian and Arabic, Bosnian and Croatian.
_UNDERSTOOD = 14
_BETWEEN_TAGS = re.compile(r"[\s,;|]+")
_LONGEST_STATED = 200


@lru_cache(maxsize=4_096)
def languages_of(stated: str | None) -> frozenset[str]:
    """The languages that a post states, as the shortest ISO 639 codes; none where it states none that exists.

    >>> [sorted(languages_of(tag)) for tag in ("en_US", "eng", "EN-gb", "cy, en-GB")]
    [['en'], ['en'], ['en'], ['cy', 'en']]
    >>> [sorted(languages_of(tag)) for tag in ("und", "qht", "English", "", None)]
    [[], [], [], [], []]
    """
    tags = _BETWEEN_TAGS.split((stated or "")[:_LONGEST_STATED])
    return frozenset(language for tag in tags if (language := _language(tag)) is not None)


@lru_cache(maxsize=4_096)
def is_wanted(stated: str | None, wanted: tuple[str, ...]) -> bool:
    """Whether a post that states this language is in one of those `wanted`. One that states none always is.

    >>> is_wanted("en_US", ("en",)), is_wanted("cy", ("en",)), is_wanted("qht", ("en",)), is_wanted("arz", ("ar",))
    (True, False, True, True)
    """
    languages = languages_of(stated)
    if not languages or not wanted:
        return True
    of_wanted = {one for tag in wanted for one in languages_of(tag) or {tag}}
    return any(one in of_wanted or _is_understood(one, of_wanted) for one in languages)


def _language(tag: str) -> str | None:
    try:
        language = Language.get(tag).prefer_macrolanguage().language
    except LanguageTagError:
        return None
    if language is None or language in _NO_LANGUAGE or _PRIVATE.fullmatch(language):
        return None
    return _READ_AS.get(language, language) if Language.make(language=language).is_valid() else None


def _is_understood(language: str, wanted: set[str]) -> bool:
    return any(tag_distance(language, one) <= _UNDERSTOOD for one in wanted if languages_of(one))
