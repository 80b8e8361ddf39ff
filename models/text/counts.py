"""What a text counts, and how many: "12 dead and three hurt". A number alone compares with nothing.

"3 hurt" and "12 dead" do not clash; "3 arrested" and "30 arrested" do, unless the number has grown with time.
Times, dates, ages, distances, sums of money and roads count nothing that a claim stands on.
"""

import re
from collections.abc import Mapping

from models.text import plain
from models.text.marks import LINK_OR_HANDLE
from models.text.words import STOP_WORDS, stem_of

_VALUES = {
    word: value
    for value, word in enumerate(
        """two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
        seventeen eighteen nineteen""".split(),
        start=2,
    )
} | {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "hundred": 100, "dozen": 12, "thousand": 1000}
# One word for what is counted in several. What is not here is told by its stem.
_ALIKE = {
    stem_of(word): counted
    for counted, words in {
        "dead": "dead die died dies dying death deaths killed kills killing fatalities fatality perished bodies toll",
        "hurt": "hurt injured injuries injury wounded wounding casualties casualty",
        "arrested": "arrested arrest arrests arrests custody nicked detained",
        "ill": "ill sick poorly hospitalised unwell poisoned",
        "missing": "missing unaccounted",
        "people": "people person persons men women man woman victims folk",
        "children": "children child kids kid pupils pupil kiddies",
    }.items()
    for word in words.split()
}
_OUTCOMES = frozenset(_ALIKE.values())
# They stand between a number and what it counts.
_SAYS_NO_KIND = frozenset(
    stem_of(word) for word in "total least others confirmed reported local said have being now separate not".split()
)
# What follows a number that counts nothing of a claim.
_MEASURES = frozenset(
    """am pm minutes minute mins min hours hour hrs hr days day weeks week months month years year yrs yr old seconds
    secs km kms miles mile metres meters m ft feet inches mph kg percent per cent pounds quid pence th st nd rd
    january february march april may june july august september october november december degrees litres o
    oclock times time grand million billion words pages bst gmt utc""".split()
)
# A word, a number with what is written onto it ("M6", "12th", "£40", "2-1"), or the end of a sentence.
_TOKEN = re.compile(r"[£$€#]?(?:\w*\d[\w%]*(?:[.,:/-]\d\w*)*)|[^\W\d_]+(?:['’][^\W\d_]+)*|[.;:!?\n]")
_WHOLE_NUMBER = re.compile(r"\d{1,3}(?:,\d{3})+|\d{1,4}")
# Emergency numbers, and what is likelier a year.
_NEVER_COUNTS = frozenset({999, 101, 111, 112, 911, *range(1900, 2100)})
# So many words that carry content are looked through for what is counted.
_NEAR_WORDS = 3
# A number that has grown further than so many times counts something else.
LARGEST_GROWTH = 4


def counts_of(text: str) -> dict[str, int]:
    """What a text counts → how many, the first number of each.

    >>> counts_of("BREAKING: twelve people dead and at least 3 hurt on the M6 at 10.30, police say")
    {'dead': 12, 'hurt': 3}
    >>> counts_of("Thirty people have been arrested"), counts_of("death toll rises to 1,200")
    ({'arrested': 30}, {'dead': 1200})
    >>> counts_of("Aged 12, gone since 7 November 2025, 5 miles from home")
    {}
    """
    text = plain(text)
    if "@" in text or "http" in text:
        text = LINK_OR_HANDLE.sub(" ", text)
    tokens = _TOKEN.findall(text.lower())
    counts: dict[str, int] = {}
    for at, token in enumerate(tokens):
        number = _number(token)
        if number is None or (at and tokens[at - 1] in ("aged", "age", "flight", "no", "number", "ward", "route")):
            continue
        for counted in _counted(tokens, at):
            counts.setdefault(counted, number)
    return counts


def counts_differ(one: Mapping[str, int], other: Mapping[str, int]) -> bool:
    """Whether two texts give different numbers of one thing, and the same number of none.

    >>> counts_differ({"arrested": 3}, {"arrested": 30}), counts_differ({"hurt": 3}, {"dead": 12})
    (True, False)
    """
    both = one.keys() & other.keys()
    return bool(both) and all(one[counted] != other[counted] for counted in both)


def is_update(earlier: Mapping[str, int], later: Mapping[str, int]) -> bool:
    """Whether what the later text counts has grown since the earlier, not beyond belief: "3 dead", then "5 dead".

    >>> is_update({"dead": 3}, {"dead": 5}), is_update({"dead": 5}, {"dead": 3}), is_update({"dead": 3}, {"dead": 30})
    (True, False, False)
    """
    both = earlier.keys() & later.keys()
    return bool(both) and all(
        earlier[counted] <= later[counted] <= LARGEST_GROWTH * max(1, earlier[counted]) for counted in both
    )


def _number(token: str) -> int | None:
    if token in _VALUES:
        return _VALUES[token]
    if not _WHOLE_NUMBER.fullmatch(token):
        return None
    number = int(token.replace(",", ""))
    return number if number not in _NEVER_COUNTS else None


def _counted(tokens: list[str], at: int) -> list[str]:
    """The things that the number at this place counts: what follows it, else what became of people before it."""
    if at + 1 < len(tokens) and tokens[at + 1] in _MEASURES:
        return []
    following = _stems(tokens[at + 1 :])
    counted = following[:1] + [stem for stem in following[1:] if stem in _OUTCOMES]
    if "people" in counted and len(counted) > 1:
        counted.remove("people")
    return counted or [stem for stem in _stems(tokens[at - 1 :: -1] if at else []) if stem in _OUTCOMES][:1]


def _stems(tokens: list[str]) -> list[str]:
    """The words that carry content before the sentence ends or another number begins, as they are compared."""
    stems: list[str] = []
    for token in tokens:
        if not token[0].isalpha() or token in _VALUES or len(stems) == _NEAR_WORDS:
            break
        if token not in STOP_WORDS and len(token) > 1 and (stem := stem_of(token)) not in _SAYS_NO_KIND:
            stems.append(_ALIKE.get(stem, stem))
    return stems
