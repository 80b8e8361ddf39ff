"""What a warning says: its parts, the gravest first, each with its area and its times, in plain sentences.

The words keep apart what is in force, what is over, what was cancelled, and what was never real: a test, an exercise
or a draft. The field names and their values are those of the Common Alerting Protocol, versions 1.0 to 1.2.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from ingest.markup import plain_text
from ingest.sources.feed_dates import LONDON, feed_moment

MOST_PARTS = 20
MOST_AREAS = 30
LONGEST_WORDS_CHARACTERS = 5_000

_SEVERITIES = ("extreme", "severe", "moderate", "unknown", "minor")
_STATED = ("extreme", "severe", "moderate", "minor")
_URGENCIES = ("immediate", "expected", "future", "unknown", "past")
_CERTAINTIES = ("observed", "very likely", "likely", "possible", "unknown", "unlikely")

_UNREAL = {
    "actual": "",
    "exercise": "EXERCISE, not a real warning. ",
    "test": "TEST, not a real warning. ",
    "draft": "DRAFT, not issued. ",
    "system": "SYSTEM MESSAGE, not a warning. ",
}
_OPENINGS = {"alert": "", "update": "Update: ", "cancel": "Cancelled: ", "error": "Withdrawn as an error: "}
_REFERRING = {"alert": "Refers to", "update": "Replaces", "cancel": "Ends", "error": "Withdraws"}
_NOTHING = {"", "-", ".", "none", "n/a", "not applicable", "unknown", "null"}
# Where a new line begins a new sentence: after an empty line, and before a bullet or a label such as "LOCATION: ".
_NEW_SENTENCE = re.compile(r"\n(?:\s*\n|(?=\s*(?:[*•-]\s|[^\W\d_][\w /]{1,30}:)))")
_MARKUP = re.compile(r"</?[A-Za-z][^<>]*>|&(?:[a-z]+|#[0-9]+);")
_LANGUAGES = {
    **{"cy": "Welsh", "ga": "Irish", "gd": "Scottish Gaelic", "kw": "Cornish", "fr": "French", "de": "German"},
    **{"es": "Spanish", "it": "Italian", "nl": "Dutch", "pt": "Portuguese", "pl": "Polish", "is": "Icelandic"},
    **{"sv": "Swedish", "da": "Danish", "no": "Norwegian", "nb": "Norwegian", "nn": "Norwegian", "fi": "Finnish"},
    **{"zh": "Chinese", "ja": "Japanese", "ko": "Korean", "hi": "Hindi", "ar": "Arabic", "el": "Greek"},
}


@dataclass(frozen=True, slots=True)
class Part:
    """One `info` of a warning, its values as they came. `also_in` are the languages that say the same."""

    language: str = ""
    event: str = ""
    headline: str = ""
    description: str = ""
    instruction: str = ""
    responses: tuple[str, ...] = ()
    urgency: str = ""
    severity: str = ""
    certainty: str = ""
    begins: str = ""
    expires: str = ""
    sender_name: str = ""
    web: str = ""
    areas: tuple[str, ...] = ()
    polygons: tuple[str, ...] = ()
    circles: tuple[str, ...] = ()
    geocodes: tuple[str, ...] = ()
    also_in: tuple[str, ...] = ()

    @property
    def is_over(self) -> bool:
        """Whether it says that the danger has passed."""
        return self.is_all_clear or self.urgency.lower() == "past"

    @property
    def is_all_clear(self) -> bool:
        return any(re.sub(r"[\W_]", "", response).lower() == "allclear" for response in self.responses)


@dataclass(frozen=True, slots=True)
class Message:
    """One warning, or one later word on it. `about` are the times of the messages that it refers to, as written."""

    kind: str = "alert"
    status: str = "actual"
    note: str = ""
    parts: tuple[Part, ...] = ()
    about: tuple[str, ...] = field(default=())


def in_order(parts: Sequence[Part]) -> tuple[Part, ...]:
    """The parts that say something of their own, those in force first, of these the gravest first.

    Of parts that say the same in several languages the English one is kept, else the first, and the others' languages
    are named in it. Parts that differ in nothing but their areas become one.
    """
    english_first = sorted(parts, key=lambda part: not _is_english(part.language))
    kept: list[Part] = []
    for part in english_first:
        same = next((n for n, other in enumerate(kept) if _is_translation(part, other, parts)), None)
        twin = next((n for n, other in enumerate(kept) if _says(other) == _says(part)), None)
        if twin is not None:
            kept[twin] = _with_areas_of(kept[twin], part)
        elif same is not None:
            kept[same] = replace(kept[same], also_in=(*kept[same].also_in, part.language))
        else:
            kept.append(part)
    return tuple(sorted(kept, key=_gravity))


def words_of(message: Message) -> str:
    """A warning in plain sentences, its parts in order, a paragraph each. Times are British."""
    unreal = _UNREAL.get(message.status.lower(), f"STATUS “{message.status[:40]}”, not told to be real. ")
    shown = [_part_in_words(part, message.kind) for part in message.parts[:MOST_PARTS]]
    if len(message.parts) > MOST_PARTS:
        shown.append(f"And {len(message.parts) - MOST_PARTS} further parts at the source.")
    if not shown:
        shown.append(f"{_opening(message.kind)}{_sentences(message.note) or 'No words are given.'}")
    issuers = dict.fromkeys(filter(None, (_line(part.sender_name) for part in message.parts)))
    if issuers:
        shown[-1] += f" Issued by {' and '.join(issuers)}."
    if message.about:
        times = " and ".join(dict.fromkeys(_in_words(sent) for sent in message.about))
        verb = _REFERRING.get(message.kind, "Refers to")
        shown.append(f"{verb} the warning{'s' if len(message.about) > 1 else ''} of {times}.")
    return unreal + "\n\n".join(shown)


def tells_an_end(words: str) -> bool:
    """Whether the words of a warning say that it, or a part of it, is over or cancelled."""
    return any(opening in words for opening in ("Cancelled: ", "Withdrawn as an error: ", "All clear: ", "Over: "))


def _part_in_words(part: Part, kind: str) -> str:
    headline, event = _line(part.headline), _line(part.event)
    if event and event.casefold() not in headline.casefold():
        headline = f"{event}: {headline}" if headline else event
    said = [
        _sentence(headline or "Warning"),
        _areas_in_words(part.areas),
        _times_in_words(part, kind),
        f"Severity: {part.severity.lower()}." if part.severity.lower() in _STATED else "",
        _sentences(part.description),
        _sentences(part.instruction),
        f"Also in {', '.join(dict.fromkeys(map(_language, part.also_in)))}." if part.also_in else "",
    ]
    if not _is_english(part.language):
        said.append(f"In {_language(part.language)}.")
    return _opening(kind, part) + " ".join(words for words in said if words)


def _opening(kind: str, part: Part | None = None) -> str:
    if part is not None and part.is_over and kind in ("alert", "update"):
        return "All clear: " if part.is_all_clear else "Over: "
    return _OPENINGS.get(kind, f"Message of the type “{kind[:40]}”: ")


def _areas_in_words(areas: Sequence[str]) -> str:
    named = list(dict.fromkeys(filter(None, map(_line, areas))))
    if not named:
        return ""
    more = f" and {len(named) - MOST_AREAS} more" if len(named) > MOST_AREAS else ""
    between = "; " if any("," in name for name in named) else ", "
    return _sentence(f"Area: {between.join(named[:MOST_AREAS])}{more}")


def _times_in_words(part: Part, kind: str) -> str:
    begins, ends = _in_words(part.begins), _in_words(part.expires)
    spans = {(True, True): f"from {begins} until {ends}", (True, False): f"from {begins}, no end given"}
    span = spans.get((bool(begins), bool(ends)), f"until {ends}" if ends else "")
    if not span:
        return ""
    if part.is_over or kind in ("cancel", "error"):
        return f"Times in the notice: {span}."
    return f"{span[0].upper()}{span[1:]}."


def _in_words(time: str) -> str:
    """A time in British words, or as it is written if it cannot be read."""
    moment = feed_moment(time)
    if moment is None:
        return f"“{_line(time)[:40]}”" if _line(time) else ""
    local = moment.astimezone(LONDON)
    # Of the hour that comes twice in October, which one.
    zone = f" {local:%Z}" if local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset() else ""
    return f"{local.day} {local:%b %Y, %H:%M}{zone}"


def first_moment(*times: str) -> datetime | None:
    """The first of some times that can be read, in UTC."""
    return next((moment for time in times if (moment := feed_moment(time)) is not None), None)


def _gravity(part: Part) -> tuple[bool, int, int, int]:
    return (
        part.is_over,
        _place(_SEVERITIES, part.severity),
        _place(_URGENCIES, part.urgency),
        _place(_CERTAINTIES, part.certainty),
    )


def _place(scale: Sequence[str], value: str) -> int:
    value = value.lower()
    return scale.index(value if value in scale else "unknown")


def _is_english(language: str) -> bool:
    return not language or re.split(r"[-_]", language.lower())[0] in ("en", "eng")


def _is_translation(part: Part, other: Part, parts: Sequence[Part]) -> bool:
    """Whether two parts in different languages warn of the same: as grave, at the same time, in the same area.

    Where every language names the areas in its own way, and nothing else tells where they are, the parts of the two
    languages must correspond one by one.
    """
    if part.language.lower() == other.language.lower() or not _agree(part, other):
        return False
    if not (_where(part) and _where(other)) or _where(part) & _where(other):
        return True
    ours, theirs = (
        [one for one in parts if one.language == language] for language in (part.language, other.language)
    )
    pairs = list(zip(ours, theirs, strict=False))
    return len(ours) == len(theirs) and all(_agree(a, b) for a, b in pairs) and (part, other) in pairs


def _agree(part: Part, other: Part) -> bool:
    """Whether two parts are as grave and at the same time, as far as both state it."""
    return all(ours == theirs for ours, theirs in zip(_core(part), _core(other), strict=True) if ours and theirs)


def _core(part: Part) -> tuple:
    return (
        *(value.lower() for value in (part.severity, part.urgency, part.certainty)),
        feed_moment(part.begins),
        feed_moment(part.expires),
    )


def _where(part: Part) -> set[str]:
    return {" ".join(one.split()).casefold() for one in (*part.areas, *part.polygons, *part.circles, *part.geocodes)}


def _says(part: Part) -> tuple:
    return (
        part.language,
        part.event,
        part.headline,
        part.description,
        part.instruction,
        part.responses,
        *_core(part),
    )


def _with_areas_of(part: Part, other: Part) -> Part:
    names = ("areas", "polygons", "circles", "geocodes")
    return replace(
        part, **{name: tuple(dict.fromkeys((*getattr(part, name), *getattr(other, name)))) for name in names}
    )


def _language(tag: str) -> str:
    return _LANGUAGES.get(re.split(r"[-_]", tag.lower())[0], tag[:20])


def _line(words: str) -> str:
    return " ".join(_clean(words).split())


def _sentences(words: str) -> str:
    """Words of several lines as sentences. Most line breaks end none: services break long lines."""
    paragraphs = _NEW_SENTENCE.split(words[:LONGEST_WORDS_CHARACTERS].strip())
    lines = [" ".join(line.split()) for paragraph in paragraphs for line in _clean(paragraph).split("\n")]
    if len(lines) == 1 and lines[0].casefold() in _NOTHING:
        return ""
    cut = " … (more at the source)" if len(words) > LONGEST_WORDS_CHARACTERS else ""
    return " ".join(_sentence(line) for line in lines if line) + cut


def _clean(words: str) -> str:
    """The words without markup. What was made markup twice over is cleaned twice."""
    lines = plain_text(words).split("\n")
    return "\n".join(plain_text(line) if _MARKUP.search(line) else line for line in lines)


def _sentence(words: str) -> str:
    return words if words.endswith((".", "!", "?", "…", ":", ";", "。", "！", "？")) else f"{words}."
