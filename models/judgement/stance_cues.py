"""What the words of a post and of what it answers tell about its stance, as a row of numbers.

Cues know no event and no name, so they hold on events nobody trained on. Only their presence is used, never which
post matched; the weights are learnt. After the surface features of Zubiaga et al. 2018 and Aker et al. 2017.
"""

import math
import re
from itertools import islice

import numpy as np

from models.text import plain

# No cue needs more of a text than this, and a hostile one is no dearer than a long one.
LONGEST_CHARACTERS = 1_000
MOST_COUNTED = 3

LINK = re.compile(r"https?://\S+|www\.\S+|\bpic\.twitter\.com/\S+", re.IGNORECASE)
HANDLE = re.compile(r"@\w+")

_OPENING = r"^(?:@\w+\W+)*"
# Each counts how often it occurs in the lower-cased text, at most three times.
WORD_CUES: dict[str, re.Pattern] = {
    name: re.compile(pattern)
    for name, pattern in (
        (
            "asks whether true",
            r"\b(?:is|was|are) (?:this|that|it|these|they) (?:true|real|legit|confirmed|fake|right)\b",
        ),
        (
            "asks for a source",
            r"\b(?:any|got a|what'?s (?:your|the)) (?:source|proof|evidence|link|confirmation)\b",
        ),
        ("asks to confirm", r"\b(?:can|could) (?:any ?one|some ?one|you|we) (?:confirm|verify|check)\b"),
        ("asks in a word", r"\b(?:source|proof|evidence|link|confirmed|really|true|seriously|sure)\s*\?"),
        ("asks who knows", r"\b(?:anyone|anybody) (?:know|heard|else|got)\b"),
        (
            "opens with a question",
            _OPENING + r"(?:who|what|where|when|why|how|did|does|is|are|was|has|have)\b[^.!]*\?",
        ),
        (
            "opens as a question",
            _OPENING + r"(?:who|what|where|when|why|how|which|whose|did|does|do|is|are|was|were|has|have|any|so|can"
            r"|could|would|should)\b",
        ),
        ("hoax", r"\b(?:hoax|debunked|untrue|fake news|misinformation|disinformation|photoshopped)\b"),
        (
            "not true",
            r"\b(?:not|isn'?t|ain'?t|wasn'?t|never) (?:\w+ )?(?:true|real|happening|correct|accurate)\b",
        ),
        (
            "fake",
            r"\b(?:fake|false|bullshit|bollocks|rubbish|nonsense|lies?|lied|liars?|lying|made.?up|bogus|propaganda"
            r"|conspiracy|satire|clickbait)\b",
        ),
        ("no evidence", r"\bno (?:evidence|truth|sign|record|reports?) (?:of|to|that|in)\b"),
        ("stop spreading", r"\b(?:stop|don'?t) (?:spreading|sharing|posting|believe|spread|share)\b"),
        ("old picture", r"\b(?:old|different|wrong) (?:photo|pic|picture|video|footage|story)\b"),
        (
            "did not happen",
            r"\b(?:did ?n[o']?t|never|has ?n[o']?t|have ?n[o']?t) happen(?:ed)?\b|\bdebunk|\bdenie[sd]\b",
        ),
        (
            "there is none",
            r"\b(?:there(?:'s| is| are| was| were| has been)|have) no\b|\bno \w+ (?:is|are|has|have|were|was)\b",
        ),
        (
            "opens with no",
            _OPENING + r"(?:no|nope|nah|wrong|false|but|actually|not|bullshit|um|uh|well)\b",
        ),
        ("nobody", r"\b(?:nobody|no one)\b|\bmyths?\b|\bhaving you on\b"),
        ("all safe", r"\b(?:is|are|all) (?:\w+ )?(?:safe|sound|fine|accounted for|unharmed|open as normal)\b"),
        ("is not", r"\b(?:is|are|was|were|has|have|do|does|did) ?n[o']?t\b|\bnot (?:a|an|the|his|her|in|at|\d+)\b"),
        ("long ago", r"\byears? (?:ago|old)\b|\bmixing (?:it|this|that) up\b|\bignore (?:it|this|that)\b"),
        ("wrong", r"\b(?:wrong|incorrect|inaccurate|rumou?rs?|mistaken|misleading)\b"),
        (
            "negates",
            r"\b(?:no|not|never|none|nothing|nobody|neither|nor|without|cannot|can'?t|won'?t|\w+n'?t)\b",
        ),
        ("confirms", r"\b(?:can|i) confirm\b|\bconfirmed\b(?!\s*\?)|\bit'?s true\b"),
        ("saw it", r"\b(?:just|i) (?:saw|seen|heard|watched)\b|\bcan (?:see|hear)\b|\bwitness"),
        (
            "opens with yes",
            _OPENING + r"(?:yes|yep|yeah|yup|true|exactly|correct|indeed|agreed?|right|this|well said|absolutely"
            r"|of course)\b",
        ),
        ("breaking", r"\bbreaking\b|\bpolice (?:say|confirm)|\baccording to\b|\breports? (?:say|that|of)\b"),
        (
            "reports",
            r"\b(?:said|says|saying|told|reports?|reported|reporting|according|via|breaking|updates?|news|live|police"
            r"|officials?|spokes\w+|confirm\w*|statement)\b",
        ),
        (
            "hedges",
            r"\b(?:maybe|perhaps|may|might|could|possibly|allegedly|apparently|unconfirmed|seems?|claims?|claimed"
            r"|supposedly|suspected|reportedly|likely|probably|if)\b",
        ),
        (
            "doubts",
            r"\b(?:doubt\w*|unlikely|skeptic\w*|sceptic\w*|suspicious|believe|proof|evidence|source|verify|verified"
            r"|facts?|truth)\b",
        ),
        ("contrasts", r"\b(?:but|actually|however|although|though|instead|rather|in fact|really)\b"),
        (
            "swears",
            r"\b(?:fuck\w*|shit\w*|damn|hell|ass|asshole\w*|bitch\w*|crap|idiots?|stupid|moron\w*|dumb\w*|wtf|stfu|bs)\b",
        ),
        ("laughs", r"\b(?:lol|lmao|rofl|haha\w*|hehe)\b|[:;]-?\)|😂"),
        (
            "mourns",
            r"\b(?:rip|pray\w*|condolences|thoughts|heart|sad|tragic|terrible|horrible|awful|shocking|omg|god)\b",
        ),
        ("thanks", r"\b(?:thanks?|thank you|thx|please|pls)\b"),
        ("wishes", r"\b(?:hope|wish|should|must|need|let's|stay safe|love|hate)\b"),
        ("of oneself", r"\b(?:i|i'm|im|my|me|we|our)\b"),
        ("to another", r"\b(?:you|your|you're|u|ur)\b"),
        ("shows", r"\b(?:photo|pic|picture|video|image|footage|watch|see|look|here)\b"),
        ("numbers", r"\d+"),
        ("quotes", r'["“”]|\brt\b|\bmt\b|^>'),
        ("trails off", r"\.\.\.|…"),
        ("question marks", r"\?"),
        ("exclaims", r"!"),
        ("hashtags", r"#"),
        ("handles", r"@\w+"),
    )
}
# What of these is also told of the words a post answers.
CONTEXT_CUES = ("fake", "negates", "hedges", "reports", "question marks")

_WORD = re.compile(r"[a-z0-9']+")
_SMALL_WORDS = frozenset(
    """the a an of to in on at is are was were be it this that and or for with as by from i you he she they we his her
    their my your not no so but if has have had do does did just about up out what who how why when where will can all
    there""".split()
)


def cue_names() -> tuple[str, ...]:
    """The names of the columns of `cue_row`; a model trained on other ones cannot be used with this code."""
    return tuple(_cues("", None, None))


def cue_row(text: str, parent: str | None, claim: str | None) -> np.ndarray:
    """The cues of a post and of the words it answers (`parent`) and of the claim, as (len(cue_names()),) float32."""
    return np.fromiter(_cues(text, parent, claim).values(), np.float32)


def _cues(text: str, parent: str | None, claim: str | None) -> dict[str, float]:
    said = plain(text[:LONGEST_CHARACTERS])
    linkless = LINK.sub(" ", said)
    lowered = linkless.lower()
    cues = {name: float(_count(cue, lowered)) for name, cue in WORD_CUES.items()}
    words = _WORD.findall(HANDLE.sub(" ", lowered))
    letters = [letter for letter in linkless if letter.isalpha()]
    cues["links"] = float(_count(LINK, said))
    cues["ends asking"] = float(linkless.rstrip(" #\"'”)").endswith("?"))
    cues["words (log)"] = math.log1p(len(words))
    cues["no words"] = float(not words)
    cues["capitals"] = sum(letter.isupper() for letter in letters) / max(1, len(letters))
    cues["answers nothing"] = float(parent is None and claim is None)
    cues["answers the claim"] = float(parent is not None and parent == claim)
    cues["answers an answer"] = float(parent is not None and claim is not None and parent != claim)
    told = frozenset(words) - _SMALL_WORDS
    for name, context in (("parent", parent), ("claim", claim)):
        other, other_cues = _context(context or "")
        shared = len(told & other)
        cues[f"{name}: share of own words"] = shared / max(1, len(told))
        cues[f"{name}: share of its words"] = shared / max(1, len(other))
        cues[f"{name}: words (log)"] = math.log1p(len(other))
        cues.update({f"{name}: {cue}": count for cue, count in zip(CONTEXT_CUES, other_cues, strict=True)})
    return cues


def _context(text: str) -> tuple[frozenset[str], tuple[float, ...]]:
    """The telling words of what a post answers, and how often each of CONTEXT_CUES occurs there."""
    linkless = LINK.sub(" ", plain(text[:LONGEST_CHARACTERS])).lower()
    words = _WORD.findall(HANDLE.sub(" ", linkless))
    return frozenset(words) - _SMALL_WORDS, tuple(float(_count(WORD_CUES[name], linkless)) for name in CONTEXT_CUES)


def _count(cue: re.Pattern, said: str) -> int:
    return sum(1 for _ in islice(cue.finditer(said), MOST_COUNTED))
