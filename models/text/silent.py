"""Posts that state nothing: no words at all, or only a reaction. They make no claim and name none."""

import re

from models.text import plain
from models.text.marks import ENCODER_LINK, HASHTAG, LINK_OR_HANDLE, REPOST, SHOWN_BARE_LINK
from models.text.words import STOP_WORDS, wording_of

# What people write over a link or a picture, and all that they say.
_REACTIONS = frozenset(
    """aw awful bloody blimey breaking bro christ crazy crikey cry cute damn devastating disgusting dm dreadful eek
    emotional exactly ffs finally follow fuck fucking gasp god goodness gosh gutted ha haha hahaha hell hi hmm
    horrendous horrible horrific http https huh insane jesus jfc just know lads like link literally live lmao lol
    look looks loool love mad mate mental mm mt need news nice nooo noooo ok okay omfg omg ooh oops ouch ow people
    photo photos pic pics picture pictures pray praying prayers rip read really right rt sad say says scary share
    shared shit shocked shocking sickening smh sorry speechless terrible terrifying text thing things thread today
    tragic ugh unbelievable unreal update video videos vid views want wanna watch whoa wild woah wow wtf wth yay yeah
    yep yes yikes yup folks guys everyone pls plz retweet please wait actual actually absolutely
    real true legit source sources proof evidence confirmed confirm verify seriously
    via rt qt mt re cc fwd
    wheres whats whos thats its im ive youre theyre ur u""".split()
)
_LINK = re.compile(r"(?:https?://|www\.)(\S+)", re.IGNORECASE)
_CAMPAIGN = re.compile(r"(?<=[?&])(?:utm_\w+|fbclid|gclid|s|t|ref|ref_src)=[^&#]*&?")
_CUT_LINK = re.compile(r"\bh(?:tt?(?:ps?(?::/{0,2})?)?)?(?:…|\.\.\.)|\bhttps?:/{0,2}(?!\S)", re.IGNORECASE)
_LETTER = re.compile(r"[^\W\d_]")


def is_wordless(text: str) -> bool:
    """Whether a text has no words but links, handles and hashtags.

    >>> is_wordless("https://t.co/x 😳 @jo #flood"), is_wordless("bit.ly/3xY htt…"), is_wordless("Flood!")
    (True, True, False)
    """
    bare = HASHTAG.sub(" ", LINK_OR_HANDLE.sub(" ", _without_links(REPOST.sub("", plain(text)))))
    return _LETTER.search(bare) is None


def states_nothing(text: str) -> bool:
    """Whether a text makes no claim by itself, as it has no words or only those of a reaction or a bare question.

    >>> states_nothing("omg look at this https://t.co/x"), states_nothing("is this real?")
    (True, True)
    >>> states_nothing("It's fake")
    False
    """
    if is_wordless(text):
        return True
    words = wording_of(HASHTAG.sub(" ", _without_links(plain(text)))).words
    return all(word in _REACTIONS or word in STOP_WORDS for word in words)


def links_in(text: str) -> tuple[str, ...]:
    """The links of a text, as they are compared: without "https://", "www.", queries of campaigns, a closing slash.

    >>> links_in("look https://www.example.org/a/?utm_source=x. and http://t.co/y")
    ('example.org/a', 't.co/y')
    """
    return tuple(_compared(link) for link in _LINK.findall(plain(text)))


def _without_links(text: str) -> str:
    """A plain text without its links, as whole as they are: also "t.co/x" and "htt…"."""
    return _CUT_LINK.sub(" ", SHOWN_BARE_LINK.sub(" ", ENCODER_LINK.sub(" ", text)))


def _compared(link: str) -> str:
    link = _CAMPAIGN.sub("", link.rstrip(".,;:!?)…\"'”’")).rstrip("?&/")
    host, slash, path = link.removeprefix("www.").partition("/")
    return host.lower() + slash + path
