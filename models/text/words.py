"""A text as words: which are small, which are numbers or negations, which are written as names."""

import re
from dataclasses import dataclass

from models.text import plain
from models.text.marks import CUT_OFF_END, LINK_OR_HANDLE, REPOST

# Words are told apart by so many letters, which joins "crash" and "crashed" without a dictionary.
STEM_LETTERS = 5

# Words that carry no content. scikit-learn 1.9's English list without NEGATIONS and NUMBER_WORDS, and without words
# that name what an emergency is about ("fire", "call", "found", "serious", …). It is a list of our own: with another
# one other posts would be copies, so it changes only with what was grouped and trained by it.
STOP_WORDS = frozenset(
    """a about above across after afterwards again against all almost alone along already also although always am
    among amongst amoungst an and another any anyhow anyone anything anyway anywhere are around as at be became
    because become becomes becoming been before beforehand behind being below beside besides between beyond both but
    by can co con could de do done down due during each eg either else elsewhere enough etc even ever every everyone
    everything everywhere except few first for former formerly from further get give go had has have he hence her here
    hereafter hereby herein hereupon hers herself him himself his how however i ie if in inc indeed into is it its
    itself keep last latter latterly least less ltd made many may me meanwhile might more moreover most mostly much
    must my myself name namely neither nevertheless next noone nor now nowhere of off often on once one only onto or
    other others otherwise our ours ourselves out over own per perhaps please put rather re same see seem seemed
    seeming seems several she should show since sincere sixty so some somehow someone something sometime sometimes
    somewhere still such take than that the their them themselves then thence there thereafter thereby therefore
    therein thereupon these they third this those though through throughout thru thus to together too toward towards
    un under until up upon us very via was we well were what whatever when whence whenever where whereafter whereas
    whereby wherein whereupon wherever whether which while whither who whoever whole whom whose why will with within
    would yet you your yours yourself yourselves""".split()
)
# No copy may change these.
NEGATIONS = frozenset(
    """no not never none nobody nothing isnt arent wasnt werent dont doesnt didnt wont cant cannot couldnt hasnt
    havent fake false untrue hoax debunked denied denies deny rumour rumor without""".split()
)
NUMBER_WORDS = frozenset(
    """two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen
    nineteen twenty thirty forty fifty hundred hundreds thousand thousands dozen dozens""".split()
)
# The stance cues' small words. Until retrained: STOP_WORDS would do.
STANCE_SMALL_WORDS = frozenset(
    """the a an of to in on at is are was were be it this that and or for with as by from i you he she they we his her
    their my your not no so but if has have had do does did just about up out what who how why when where will can all
    there""".split()
)

# "13.30", "1,200" and "24/7" are one word each.
_WORD = re.compile(r"[^\W_]+(?:[.,:/]\d+)*")
# What the stance cues take for a word, in lower case. Until retrained.
STANCE_WORD = re.compile(r"[a-z0-9']+")
_APOSTROPHE = re.compile(r"(?<=\w)['’](?=\w)")


@dataclass(frozen=True, slots=True)
class Wording:
    """A text as its words: lower case, without links, handles and "RT @x:"; `names` are those written as names."""

    words: tuple[str, ...]
    names: frozenset[str]
    truncated: bool

    @property
    def content(self) -> list[str]:
        return [word for word in self.words if word not in STOP_WORDS]


def wording_of(text: str) -> Wording:
    """The words of a text. Accepts anything a person may post.

    >>> wording = wording_of("RT @jo: It isn’t true that 1,200 fled Northgate https://example.org/x …")
    >>> wording.words
    ('it', 'isnt', 'true', 'that', '1,200', 'fled', 'northgate')
    >>> wording.content
    ['isnt', 'true', '1,200', 'fled', 'northgate']
    >>> sorted(wording.names), wording.truncated
    (['northgate'], True)
    """
    text = plain(text)
    # A repost may be cut off inside of its last link, or before a link that was added to it.
    truncated = bool(CUT_OFF_END.search(text) or CUT_OFF_END.search(LINK_OR_HANDLE.sub("", text)))
    linkless = LINK_OR_HANDLE.sub(" ", REPOST.sub("", text))
    written = _WORD.findall(_APOSTROPHE.sub("", linkless))
    return Wording(tuple(word.lower() for word in written), _names(written), truncated)


def is_figure(word: str) -> bool:
    """Whether a word is a number in figures.

    >>> is_figure("13th"), is_figure("thirteen")
    (True, False)
    """
    return word[0].isdigit()


def stem_of(word: str) -> str:
    """What a word is told from others by: its first letters, or all of one that is not of letters alone.

    >>> stem_of("crashed"), stem_of("2026-11")
    ('crash', '2026-11')
    """
    return word[:STEM_LETTERS] if word.isalpha() else word


def _names(written: list[str]) -> frozenset[str]:
    """The words written as names: a capital inside a sentence, unless the text shouts."""
    capitals = [word for word in written if word[0].isupper()]
    if len(capitals) > len(written) / 2:
        return frozenset()
    return frozenset(word.lower() for word in written[1:] if word[0].isupper())
