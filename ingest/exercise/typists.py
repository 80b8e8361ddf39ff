"""How different people would type one text: everyone keeps to habits of their own, in every post.

Some type with care and some on a phone in the rain. Habits are drawn once a person, so that an author who writes
without capitals always does, and one who never uses a hashtag never does.
"""

import re
from dataclasses import dataclass

import numpy as np

HASHTAGS = ("#NorthgateFlood", "#NorthgateFlood", "#Northgate", "#northgatefloods", "#flood", "#Hask")
HASHTAG_CHANCE = {"post": 1.0, "reply": 0.15, "chatter": 0.0}  # times the person's own chance
# A remark can be a joke or grief, so its emoji stand in the texts.
EMOJI = {
    "support": ("😳", "😱", "🚨", "😬", "‼️", "🙏"),
    "deny": ("🙄", "🤦", "🤦‍♀️", "🙃", "👍"),
    "query": ("🤔", "👀", "😟", "🤷‍♀️"),
}
OPENERS = (
    "BREAKING: ",
    "🚨 ",
    "⚠️ ",
    "URGENT: ",
    "Copied from FB: ",
    "Off next door's facebook: ",
    "From our road's group: ",
    "Passing this on: ",
    "Not mine, passing on: ",
    "Pls share: ",
)
SHORT_FORMS = {
    "you're": "ur",
    "your": "ur",
    "you": "u",
    "are": "r",
    "people": "ppl",
    "because": "cos",
    "please": "pls",
    "going to": "gonna",
    "want to": "wanna",
    "don't know": "dunno",
    "right now": "rn",
    "tonight": "2nite",
    "tomorrow": "2moz",
    "though": "tho",
    "them": "em",
    "and": "n",
    "thanks": "thx",
    "something": "summat",
    "nothing": "nowt",
}
MISSPELLINGS = {
    "definitely": "definately",
    "apparently": "apparantly",
    "they're": "there",
    "their": "there",
    "you're": "your",
    "should have": "should of",
    "should've": "should of",
    "could have": "could of",
    "would have": "would of",
    "believe": "beleive",
    "received": "recieved",
    "tomorrow": "tommorow",
    "until": "untill",
    "ambulance": "ambulence",
    "ambulances": "ambulences",
    "evacuating": "evacuateing",
    "government": "goverment",
    "reservoir": "resevoir",
    "emergency": "emergancy",
    "soldiers": "soilders",
    "collapsed": "colapsed",
    "probably": "probly",
    "literally": "litrally",
    "really": "realy",
    "too": "to",
    "a lot": "alot",
    "lose": "loose",
    "neighbours": "nieghbours",
    "neighbour": "nieghbour",
    "breathing": "breatheing",
    "generator": "generater",
    "escaped": "excaped",
    "sirens": "syrens",
}


@dataclass(frozen=True)
class Habits:
    """How one person types. The chances are in 0..1; `short_forms` and `misspells` are by word."""

    capitals: str = "as written"  # or "none", "proper"
    drops_apostrophes: bool = False
    drops_full_stop: bool = False
    ending: str = ""  # put after a text that ends in a letter
    short_forms: float = 0.0
    misspells: float = 0.0
    mistypes: float = 0.0
    hashtags: float = 0.0
    emoji: float = 0.0


AS_WRITTEN = Habits()
CAREFUL = Habits(capitals="proper")
HURRIED = Habits(capitals="none", drops_apostrophes=True, misspells=0.5, mistypes=0.5)


def some_habits(rng: np.random.Generator) -> Habits:
    """The habits of one person of the crowd."""
    kind, chance = rng.random(), rng.random(6)
    common = {
        "hashtags": 0.5 if chance[0] < 0.28 else 0.0,
        "emoji": 0.35 if chance[1] < 0.22 else 0.0,
        "ending": str(rng.choice(["!!", "...", "!", "!!!", " x"])) if chance[2] < 0.05 else "",
    }
    if kind < 0.16:
        return Habits(capitals="proper", **common)
    if kind < 0.62:
        return Habits(drops_full_stop=chance[3] < 0.5, misspells=0.15 * chance[4], mistypes=0.03, **common)
    if kind < 0.82:
        return Habits(drops_apostrophes=chance[3] < 0.6, drops_full_stop=True, misspells=0.5, mistypes=0.08, **common)
    short_forms = 0.8 if chance[3] < 0.3 else 0.0
    return Habits(
        capitals="none",
        drops_apostrophes=chance[4] < 0.6,
        drops_full_stop=True,
        short_forms=short_forms,
        misspells=0.1,
        mistypes=0.05,
        **common,
    )


def retell(
    text: str,
    habits: Habits,
    rng: np.random.Generator,
    manner: str = "post",
    *,
    stance: str | None = None,
    again: bool,
) -> str:
    """The text as this person would type it.

    manner: "post" may add a hashtag or a link, "reply" seldom a hashtag, "chatter" neither.
    stance: what emoji would fit; no emoji without one. again: the text was posted before, so it should change.
    """
    typed = _type(text, habits, rng)
    if again and typed == text:
        typed = _type(text, HURRIED if rng.random() < 0.6 else CAREFUL, rng)
    if rng.random() < habits.emoji and stance in EMOJI:
        typed += " " + str(rng.choice(EMOJI[stance]))
    if rng.random() < habits.hashtags * HASHTAG_CHANCE[manner]:
        typed = _tagged(typed, rng)
    if rng.random() < 0.06 and manner == "post" and stance in ("support", None):
        typed += f" https://example.org/{short_code(rng)}"
    return typed


def _type(text: str, habits: Habits, rng: np.random.Generator) -> str:
    text = _swapped(text, MISSPELLINGS, habits.misspells, rng)
    text = _swapped(text, SHORT_FORMS, habits.short_forms, rng)
    if rng.random() < habits.mistypes:
        text = mistype(text, rng)
    if habits.drops_apostrophes:
        text = text.replace("'", "")
    if habits.drops_full_stop and text.endswith(".") and not text.endswith(".."):
        text = text[:-1]
    if habits.capitals == "none":
        text = " ".join(word if word.startswith(("@", "#", "http")) else word.lower() for word in text.split(" "))
    elif habits.capitals == "proper":
        text = text[0].upper() + text[1:]
        if ". " in text and text[-1].isalnum() and not text.split()[-1].startswith(("@", "#", "http", "x")):
            text += "."
    if text[-1].isalnum() and " " in text:
        text += habits.ending
    return text


def _swapped(text: str, words: dict[str, str], chance: float, rng: np.random.Generator) -> str:
    if not chance:
        return text
    for word, other in words.items():
        # Not in names: only words without a capital.
        pattern = rf"(?<![\w'@#/.-]){re.escape(word)}(?![\w'/])"
        if re.search(pattern, text) and rng.random() < chance:
            text = re.sub(pattern, other, text, count=1)
    return text


def _tagged(text: str, rng: np.random.Generator) -> str:
    """With a hashtag: the city's name becomes one where it stands, or one is put at the end."""
    if rng.random() < 0.6 and re.search(r"(?<![\w@#'])Northgate(?= |$)(?! (Central|Echo))", text):
        return re.sub(r"(?<![\w@#'])Northgate(?= |$)(?! (Central|Echo))", "#Northgate", text, count=1)
    return f"{text} {rng.choice(HASHTAGS)}"


def mistype(text: str, rng: np.random.Generator) -> str:
    """Swaps two neighbouring letters, or doubles one, inside a longer word. Names and numbers stay as they are.

    It never drops a letter: that can turn an innocent word into an offensive one.
    """
    words = list(re.finditer(r"(?<![@#\w/])[a-z]{5,}(?![\w/:])", text))
    if not words:
        return text
    word = words[int(rng.integers(len(words)))]
    at = word.start() + int(rng.integers(2, len(word.group()) - 1))
    second = text[at + 1] if rng.random() < 0.7 else text[at]
    return text[:at] + (second + text[at] + text[at + 2 :] if second != text[at] else second + text[at:])


def short_code(rng: np.random.Generator) -> str:
    return "".join(rng.choice(list("abcdefghjkmnpqrstuvwxyz23456789"), 6))


def opened(text: str, rng: np.random.Generator) -> str:
    """The text with an opening such as "BREAKING:" before it."""
    opener = str(rng.choice(OPENERS))
    return text if text.lower().startswith(opener[:5].lower()) else opener + text
