"""The names in a text that tell one claim from another: of places, shops and people, and kinds of building.

"Asda on fire" and "Odeon on fire" are two claims in nearly the same words. A capital alone does not make a name:
sentences and headlines begin with one, and people shout, or write all in small letters. So a word counts as a name
when it is written with a capital and is no common word; common words ("Mill Lane", "Church End") do with a street's
word behind them. Where an incident knows a name, small letters are enough.
"""

import re
from collections.abc import Container
from importlib.resources import files

from models.text import plain
from models.text.marks import LINK_OR_HANDLE, REPOST, WORD_IN_HASHTAG

# Words that people write in small letters: counted over the posts of many events, each word in three or more of them.
COMMON_WORDS = frozenset(files("models.text").joinpath("common_words.txt").read_text(encoding="utf-8").split())
# What a place is called after its own name; alone it names none. Those of the second list also in small letters.
_AFTER_A_NAME = frozenset(
    """st rd ln ave close drive crescent terrace square hill end top cross green gate row walk way court gardens place
    house farm""".split()
)
_STREET_WORDS = frozenset("street road lane avenue bridge".split())
# "Stay off the main road" names no road.
_NAMES_NO_STREET = frozenset(
    """a an the this that these those my our your his her their its main side back front other same whole every each
    any some no one two high wrong right long left open closed to on in at of by from for and or off up down near
    over under across ring dead rear only all is was are were be so road street middle centre new old last first it
    we i you they he she not just there here with per as busy bendy blocked shut nearest next local""".split()
)
# Days, months and such are written as names, and tell no claims apart.
_NEVER_NAMES = frozenset(
    """north south east west centre
    monday tuesday wednesday thursday friday saturday sunday january february march april may june july august
    september october november december christmas gmt bst am pm uk us usa tv rt mt via ok lol omg wtf fyi rip btw
    breaking update bbc sky itv cnn afp ap reuters""".split()
)
_BUILDINGS = frozenset(
    """mosque church cathedral temple synagogue school nursery primary college university hospital surgery pub hotel
    cinema library museum theatre prison supermarket airport stadium factory warehouse dam tunnel zoo
    embassy pharmacy""".split()
)
_BUILDINGS_OF_TWO = frozenset(
    """bus station|police station|train station|railway station|fire station|petrol station|power station|bus depot
    |retail park|shopping centre|town hall|leisure centre|care home|rest centre|sports hall|city hall|job centre
    |community centre|golf course|fire depot""".replace("\n    ", "").split("|")
)
_FIRST_OF_TWO = frozenset(building.split()[0] for building in _BUILDINGS_OF_TWO)
# Kinds of building stand apart from names proper, which may be those of one: "the hospital".
_KIND = "the "

_WORD_OR_STOP = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?|[.!?:;\n|]")


def names_of(text: str, known: Container[str] = ()) -> frozenset[str]:
    """The names in a text, in small letters; kinds of building with "the" before them.

    Names that are `known` count in small letters too.

    >>> sorted(names_of("Just heard Asda on Mill Street has been set on fire"))
    ['asda', 'mill']
    >>> sorted(names_of("the bus depot on canal road is burning"))
    ['canal road', 'the bus depot']
    >>> sorted(names_of("ODEON IS ON FIRE")), sorted(names_of("asda is on fire", known={"asda"}))
    (['odeon'], ['asda'])
    """
    text = plain(text)
    if "@" in text or "http" in text or "www." in text:
        text = LINK_OR_HANDLE.sub(" ", REPOST.sub("", text))
    if "#" in text:
        text = WORD_IN_HASHTAG.sub(" ", text)
    written = _WORD_OR_STOP.findall(text)
    shouts = 2 * sum(word[0].isupper() for word in written) > len(written)
    names: set[str] = set()
    before, before_is_capital = "", False
    for word in written:
        small = _bare(word.lower())
        capital = word[0].isupper()
        if small in _BUILDINGS:
            names.add(_KIND + small)
        elif f"{before} {small}" in _BUILDINGS_OF_TWO:
            names.add(f"{_KIND}{before} {small}")
        elif small in _STREET_WORDS or small in _AFTER_A_NAME:
            named = small in _STREET_WORDS or (capital and before_is_capital and not shouts)
            if named and before in _BUILDINGS:
                names.discard(_KIND + before)
                names.add(f"{before} {small}")
            elif named and before in COMMON_WORDS and before not in _NAMES_NO_STREET:
                names.add(f"{before} {small}")
            elif named and len(before) > 2 and before not in COMMON_WORDS and before not in _NAMES_NO_STREET:
                names.add(_singular(before))
        elif len(small) > 2 and small not in COMMON_WORDS and small not in _NEVER_NAMES:
            name = _singular(small)
            if capital or name in known:
                names.add(name)
        before, before_is_capital = small, capital
    return frozenset(names)


def _bare(word: str) -> str:
    """A word without the genitive's s and without apostrophes: "hallett" of "hallett's", "theyve" of "they've"."""
    if word[-2:] in ("'s", "’s"):
        return word[:-2]
    return word.replace("'", "").replace("’", "")


def _singular(name: str) -> str:
    """A name as it is compared: "Halletts" is Hallett's."""
    return name[:-1] if len(name) > 4 and name[-1] == "s" and name[-2] != "s" else name
