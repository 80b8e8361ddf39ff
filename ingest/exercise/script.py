"""The script of the simulated incident: claims, answers, reports and chatter, and the people who post them.

The texts are in `texts/`, one TOML file a rumour. This module reads them and deals them without needless repeats.
How each person would type them is in `typists`.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from ingest.exercise import typists
from ingest.exercise.typists import AS_WRITTEN, Habits

TEXTS = Path(__file__).with_name("texts")
STANCES = ("support", "deny", "query", "comment")
LONGEST_TEXT = 280
CROWD_SIZE = 3600


@dataclass(frozen=True)
class Statement:
    """A text with its moment (minutes after the start) and its fixed author, if it has one."""

    minute: float
    text: str
    author: str | None = None
    stance: str | None = None
    lang: str = "en"


@dataclass(frozen=True)
class Rumour:
    """One claim, the texts for and against it, and the course of its life."""

    slug: str
    title: str
    veracity: str
    waves: tuple[tuple[float, float, int], ...]  # (begins, minutes to its peak, statements)
    opening_minutes: tuple[float, ...]
    reply_count: int
    statements: Mapping[str, Sequence[str]]  # by stance
    replies: Mapping[str, Sequence[str]]  # by stance
    official: tuple[Statement, ...]
    other_languages: tuple[Statement, ...]
    variants: tuple[Mapping, ...]

    def words_at(self, minute: float) -> dict[str, str]:
        """The changing words (place, number, person) at this minute."""
        begun = [v for v in self.variants if v["from_minute"] <= max(0.0, minute)]
        return {slot: word for slot, word in (begun[-1] if begun else {}).items() if slot != "from_minute"}

    def answer_at(self, minute: float) -> Statement | None:
        """The official denial or confirmation in force. An answer to an older wave does not stop a new one."""
        wave = max((begins for begins, _, _ in self.waves if begins <= minute), default=0.0)
        answers = (s for s in self.official if s.stance != "comment" and wave <= s.minute <= minute - 1)
        return next(answers, None)

    def appetite(self, stance: str, minute: float) -> float:
        """Chance in 0..1 that somebody still posts or shares this. It falls once it is officially denied."""
        answer = self.answer_at(minute)
        if answer is None or answer.stance != "deny" or stance not in ("support", "query"):
            return 1.0
        stubborn = 0.07 if stance == "support" else 0.25
        return stubborn + (1 - stubborn) * float(np.exp(-(minute - answer.minute) / 14))


def lines(block: str) -> tuple[str, ...]:
    """One text a line; " / " stands for a line break inside a text."""
    return tuple(line.replace(" / ", "\n") for line in block.splitlines() if line.strip())


@cache
def read_texts(name: str) -> dict:
    return tomllib.loads((TEXTS / f"{name}.toml").read_text(encoding="utf-8"))


@cache
def rumours() -> tuple[Rumour, ...]:
    """Every rumour of the exercise, in the order in which they begin."""
    found = [_rumour(path.stem) for path in sorted(TEXTS.glob("rumour_*.toml"))]
    return tuple(sorted(found, key=lambda rumour: rumour.waves[0][0]))


def _rumour(name: str) -> Rumour:
    page = read_texts(name)
    variants = sorted(page.get("variants", []), key=lambda variant: variant["from_minute"])
    return Rumour(
        slug=name.removeprefix("rumour_"),
        title=f"{page['title']} (EXERCISE)",
        veracity=page["veracity"],
        waves=tuple((begins, peak, count) for begins, peak, count in page["waves"]),
        opening_minutes=tuple(page.get("opening_minutes", [page["waves"][0][0]])),
        reply_count=page["replies"],
        statements={
            "support": lines(page["claims"]),
            "query": lines(page["asks"]),
            "deny": lines(page["denials"]),
            "comment": lines(page["remarks"]),
        },
        replies={stance: lines(page[stance]) for stance in STANCES},
        official=timed(page["official"]),
        other_languages=timed(page.get("other_languages", [])),
        variants=tuple(variants),
    )


def timed(entries: Sequence[dict]) -> tuple[Statement, ...]:
    return tuple(sorted((Statement(**entry) for entry in entries), key=lambda statement: statement.minute))


class Deck:
    """Deals texts in random order. None comes twice before all have come once."""

    def __init__(self, texts: Sequence[str], rng: np.random.Generator):
        self._texts, self._rng = texts, rng
        self._order: list[int] = []
        self._rounds = 0

    def deal(self) -> tuple[str, bool]:
        """A text, and whether it has been dealt before."""
        if not self._order:
            self._order = [int(i) for i in self._rng.permutation(len(self._texts))]
            self._rounds += 1
        return self._texts[self._order.pop()], self._rounds > 1


def fill(text: str, words: Mapping[str, str]) -> str:
    """Fill in the changing words, by plain replacement, since hostile texts contain braces of their own."""
    for slot, word in words.items():
        capital = word[0].upper() + word[1:]
        text = re.sub(rf"(^|[.!?] )\{{{slot}\}}", lambda found: found[1] + capital, text)  # noqa: B023
        text = text.replace(f"{{{slot}}}", word)
    return text


def cut(text: str, length: int) -> str:
    """At most `length` characters. If the text is cut, the last one is an ellipsis."""
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"


def manual_copy(author: str, text: str, rng: np.random.Generator, *, credited: bool) -> str:
    """Another person's text copied by hand: credited and cut, quoted, or (unless `credited`) just pasted."""
    way = rng.random() * (0.58 if credited else 1.0)
    if way < 0.40:
        return cut(f"RT @{author}: {text}", 140)
    if way < 0.50:
        return cut(f"“@{author}: {text}”", LONGEST_TEXT)
    if way < 0.58:
        return cut(f"{text} (via @{author})", LONGEST_TEXT)
    if way < 0.66:
        return cut(text, max(40, int(len(text) * 0.8)))
    return text


def quotation(added: str, author: str, text: str, rng: np.random.Generator) -> str:
    """New words with the quoted text after them, or, as newer apps show it, the new words alone."""
    way = rng.random()
    if way < 0.4:
        return cut(f"{added} RT @{author}: {text}", LONGEST_TEXT)
    if way < 0.6:
        return cut(f"{added} “@{author}: {text}”", LONGEST_TEXT)
    return added


@dataclass(frozen=True)
class Person:
    handle: str
    followers: int | None  # None: unknown
    habits: Habits = AS_WRITTEN


class Crowd:
    """Everyone who posts. Followers and numbers of posts are heavy-tailed."""

    def __init__(self, rng: np.random.Generator):
        self._rng = rng
        cast = read_texts("people")
        self.fixed = {p["handle"]: Person(**p) for p in cast["official"] + cast["press"] + cast["spam"]}
        handles = list(dict.fromkeys(_handle(cast, rng) for _ in range(CROWD_SIZE)))
        followers = np.exp(rng.normal(np.log(230), 1.5, len(handles))).astype(int)
        unknown = rng.random(len(handles)) < 0.12
        self.people = [
            Person(handle, None if hidden else int(count), typists.some_habits(rng))
            for handle, count, hidden in zip(handles, followers, unknown, strict=True)
        ]
        self._speaks = np.cumsum(1 / np.arange(1, len(handles) + 1) ** 0.5)

    def someone(self, besides: set[str] = frozenset()) -> Person:
        while True:
            at = np.searchsorted(self._speaks, self._rng.random() * self._speaks[-1])
            if self.people[at].handle not in besides:
                return self.people[at]

    def speaker(self, lang: str) -> Person:
        """Someone whose handle has a name usual among those who speak this language, if any are listed."""
        names = read_texts("people")["speakers"].get(lang, "").split()
        while True:
            person = self.someone()
            if not names or any(name in person.handle.lower() for name in names):
                return person


def _handle(cast: dict, rng: np.random.Generator) -> str:
    name, surname, place, thing = (
        str(rng.choice(cast[part].split())) for part in ("forenames", "surnames", "places", "things")
    )
    number = int(rng.integers(1, 99))
    ways = (
        f"{name}_{surname}{number}",
        f"{name}{surname[0]}{number}",
        f"{place}_{name}",
        f"{name}_{thing}",
        f"{name.title()}{surname.title()}{number:02d}",
        f"{thing}of{place}",
        f"{place}{thing}{number}",
        f"the_{surname}_{thing}",
        f"{name.title()}In{place.title()}",
        f"x{name}x{number}",
        f"{name}{1960 + number % 48}",
        f"{surname}{name[0]}_{number}",
    )
    return ways[int(rng.integers(len(ways)))]
