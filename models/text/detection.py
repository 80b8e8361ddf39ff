"""In which language a text is written, where its source does not say: told by CLD2, or left unknown.

A wrong language misleads, and none does no harm. So a language is told only where CLD2 calls itself certain, where it
makes up nearly all of the text, and where there is enough of it: a few words of an alphabet that many languages share
may be of several of them. The letters of Greek or Japanese tell theirs by themselves.

CLD2 (Sites 2013, the detector of Chromium) was chosen for its errors first: of 6,615 different posts of RumourEval it
tells another language than English of six, all of which are French, Italian or Polish. It takes 3 to 11 MB of memory
and 16 microseconds a post.
"""

import re
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version

import pycld2

from models.text import harmless, plain
from models.text.languages import languages_of
from models.text.marks import HASHTAG, LINK_OR_HANDLE, REPOST

LEAST_LETTERS, LEAST_WORDS = 20, 4
# In a language that few write in, for which names of places and people are often taken.
LEAST_LETTERS_OF_RARE, LEAST_WORDS_OF_RARE = 80, 12
# In a script that only one language is written in.
LEAST_LETTERS_OF_OWN = 4
_OWN_SCRIPT = frozenset("bo el he hy ja ka km kn ko lo ml my or pa si ta te th zh dv gu chr".split())
# The official languages of Europe, and the first languages that the censuses of the United Kingdom list most often.
_EXPECTED = frozenset(
    "en cy gd ga pl ro pa ur pt es ar bn gu it ta fr lt zh tr bg ru fa hu el so de nl cs sk lv uk hi vi ku ps sq ti "
    "am yo ha sw fil ne ml te si th ja ko he yi sv da no fi et sl hr sr mk be is mt id ms af".split()
)
# The language makes up at least so many percent of the text.
LEAST_PERCENT = 80
# Nobody's mother tongue, for which odd spellings are taken; and Galician, for which much of Spanish is.
_NEVER_TOLD = frozenset("ia ie la vo eo tlh gl".split())
DETECTOR = f"pycld2 {version('pycld2')}"


@dataclass(frozen=True, slots=True)
class Detected:
    """A language as its shortest ISO 639 code, and which share of the text is in it, 0 to 1."""

    language: str
    share: float


def detected(text: str) -> Detected | None:
    """The language of the author's words, without links, handles and hashtags; None where it is not certain.

    >>> detected("Mae'r argae uwchben y dref wedi torri, ewch i dir uchel")
    Detected(language='cy', share=0.98)
    >>> detected("flood lol"), detected("#NorthgateFlood https://example.org"), detected("ダム決壊").language
    (None, None, 'ja')
    """
    words = harmless(HASHTAG.sub(" ", LINK_OR_HANDLE.sub(" ", REPOST.sub("", plain(text))))).lower()
    letters = sum(map(str.isalpha, words))
    if letters < LEAST_LETTERS_OF_OWN:
        return None
    try:
        is_certain, _, ((_, tag, percent, _), *_) = pycld2.detect(words, isPlainText=True)
    except pycld2.error:
        # It refuses some characters that Unicode has no letters for.
        return None
    languages = languages_of(tag)
    if not is_certain or percent < LEAST_PERCENT or len(languages) != 1 or languages & _NEVER_TOLD:
        return None
    (language,) = languages
    return Detected(language, percent / 100) if _is_enough(language, letters, len(words.split())) else None


def _is_enough(language: str, letters: int, words: int) -> bool:
    if language in _OWN_SCRIPT:
        return True
    if language in _EXPECTED:
        return letters >= LEAST_LETTERS and words >= LEAST_WORDS
    return letters >= LEAST_LETTERS_OF_RARE and words >= LEAST_WORDS_OF_RARE


def language_name(language: str) -> str:
    """What English calls a language, by its shortest ISO 639 code; the code where CLD2 knows no name.

    >>> language_name("cy"), language_name("gd"), language_name("zh"), language_name("xx")
    ('Welsh', 'Scots Gaelic', 'Chinese', 'xx')
    """
    return _names().get(language, language)


@cache
def _names() -> dict[str, str]:
    names: dict[str, str] = {}
    for name, tag in pycld2.LANGUAGES:
        if "-" not in tag and (languages := languages_of(tag)) and not re.match("X_|Ignore|Unknown", name):
            names.setdefault(*languages, name.replace("_", " ").title())
    return {**names, "no": "Norwegian", "en": "English"}
